namespace Alongside.Rtc.Stun;

/// <summary>RFC 8489, 5: what a message is.</summary>
public enum StunClass : byte
{
    Request,
    Indication,
    Success,
    Error,
}

/// <summary>RFC 8489, 18.2 and RFC 8656, 17.</summary>
public enum StunMethod : ushort
{
    Binding = 0x001,
    Allocate = 0x003,
    Refresh = 0x004,
    Send = 0x006,
    Data = 0x007,
    CreatePermission = 0x008,
    ChannelBind = 0x009,
}

/// <summary>RFC 8489, 18.3; RFC 8656, 18; RFC 8445, 16.1. From 0x8000 on an attribute may be ignored by who does not know it.</summary>
public enum StunAttribute : ushort
{
    MappedAddress = 0x0001,
    ChangeRequest = 0x0003,
    Username = 0x0006,
    MessageIntegrity = 0x0008,
    ErrorCode = 0x0009,
    UnknownAttributes = 0x000A,
    ChannelNumber = 0x000C,
    Lifetime = 0x000D,
    XorPeerAddress = 0x0012,
    Data = 0x0013,
    Realm = 0x0014,
    Nonce = 0x0015,
    XorRelayedAddress = 0x0016,
    RequestedAddressFamily = 0x0017,
    EvenPort = 0x0018,
    RequestedTransport = 0x0019,
    DontFragment = 0x001A,
    MessageIntegritySha256 = 0x001C,
    PasswordAlgorithm = 0x001D,
    UserHash = 0x001E,
    XorMappedAddress = 0x0020,
    Priority = 0x0024,
    UseCandidate = 0x0025,
    PasswordAlgorithms = 0x8002,
    AlternateDomain = 0x8003,
    Software = 0x8022,
    AlternateServer = 0x8023,
    Fingerprint = 0x8028,
    IceControlled = 0x8029,
    IceControlling = 0x802A,

    /// <summary>Which nomination this is, a number that grows (draft-thatcher-ice-renomination); browsers know it.</summary>
    Nomination = 0xC001,
}

/// <summary>RFC 8489, 14.8; RFC 8656, 19; RFC 8445, 16.2.</summary>
public static class StunError
{
    public const int TryAlternate = 300;
    public const int BadRequest = 400;
    public const int Unauthenticated = 401;
    public const int Forbidden = 403;
    public const int UnknownAttribute = 420;
    public const int AllocationMismatch = 437;
    public const int StaleNonce = 438;
    public const int AddressFamilyNotSupported = 440;
    public const int WrongCredentials = 441;
    public const int UnsupportedTransport = 442;
    public const int AllocationQuotaReached = 486;
    public const int RoleConflict = 487;
    public const int ServerError = 500;
    public const int InsufficientCapacity = 508;
}
