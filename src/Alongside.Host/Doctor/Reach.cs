namespace Alongside.Host.Doctor;

/// <summary>Who can meet this machine without the relay, as far as its own network decides it.</summary>
internal enum Reach
{
    /// <summary>It could not be found out.</summary>
    Unknown,
    Everybody,

    /// <summary>All but those behind the two hardest kinds of network.</summary>
    Most,

    /// <summary>Only who has a public address, or a router that lets everybody in.</summary>
    Few,
    Nobody,
}
