namespace Alongside.Rtc.Ice;

/// <summary>What lies between a socket and the world, as far as STUN servers can tell.</summary>
public enum NatKind : byte
{
    /// <summary>No server has been asked, or none has answered yet.</summary>
    Unknown,

    /// <summary>The world sees the socket's own address.</summary>
    None,

    /// <summary>There is one; how it treats other destinations a second server would have to say.</summary>
    OneAnswer,

    /// <summary>The same address for each destination: others can come to it.</summary>
    EndpointIndependent,

    /// <summary>Another address for each destination: only who is not behind such a one can meet us.</summary>
    Symmetric,

    /// <summary>No server answered: UDP does not get through.</summary>
    Blocked,
}
