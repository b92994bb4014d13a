namespace Alongside.Core.Session;

/// <summary>How far a viewer is.</summary>
public enum SessionStage : byte
{
    /// <summary>Who they are is not proven yet.</summary>
    Arriving,

    /// <summary>The person has not answered, or was not asked yet.</summary>
    Asking,
    Live,

    /// <summary>The way to them broke, and their place is kept for two minutes.</summary>
    Away,
}

/// <summary>How it stands with a direct path to a viewer.</summary>
public enum DirectStage : byte
{
    /// <summary>This host looks for none.</summary>
    Off,

    /// <summary>The viewer has said that they take none.</summary>
    NotUnderstood,

    /// <summary>Their first picture comes first.</summary>
    NotYet,
    Looking,

    /// <summary>There is one, and it is not taken: the relay is quicker, or it has only just opened.</summary>
    Untaken,
    InUse,

    /// <summary>None was found, or it is over; it is looked for again later.</summary>
    Resting,
}

/// <summary>One viewer's session as it is now, for who asks how things are (the connection doctor). Times in microseconds; null where nothing was measured.</summary>
/// <param name="Member">Of the room; 0 for who comes by a road of their own.</param>
/// <param name="Age">Since they came in first.</param>
public sealed record SessionReport(int Number, ushort Member, string Name, Grant Grant, SessionStage Stage, long Age)
{
    /// <summary>How a viewer of another protocol comes: a protocol and an address. Null: over the room.</summary>
    public string? Via { get; init; }

    /// <summary>How long they have been away.</summary>
    public long? AwayFor { get; init; }

    public DirectStage Direct { get; init; }

    /// <summary>The way there is, open or not; 0: none.</summary>
    public int Way { get; init; }

    /// <summary>Since their session took the path it takes.</summary>
    public long PathAge { get; init; }

    /// <summary>There and back by the relay: the shortest lately; while a direct path is in use, when it was last asked.</summary>
    public long? RelayRoundTrip { get; init; }

    /// <summary>There and back by the way, the last that was measured.</summary>
    public long? DirectRoundTrip { get; init; }

    /// <summary>Of what left by the direct path lately, so much was lost: 0 to 1.</summary>
    public double? Loss { get; init; }

    /// <summary>Bytes a second that the path takes, as far as it was tried.</summary>
    public long? Rate { get; init; }

    /// <summary>From the last update's first byte to hearing that it is painted: what a key and its picture are on the way and painted for, without what programs and this host take.</summary>
    public long? Shown { get; init; }

    /// <summary>Until a direct path is looked for again.</summary>
    public long? LooksAgainIn { get; init; }
}
