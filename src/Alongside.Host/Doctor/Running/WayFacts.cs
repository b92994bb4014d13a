using Alongside.Rtc.Ice;

namespace Alongside.Host.Doctor.Running;

/// <summary>What is known of the ways to one guest.</summary>
/// <param name="Now">Of the way there is; null: there is none, or it has no sockets yet.</param>
/// <param name="Nat">As the sockets of that way were told, or of the last.</param>
/// <param name="Last">How the last one ended; null: none has.</param>
internal sealed record WayFacts(IceReport? Now, NatKind Nat, WayEnd? Last)
{
    public static WayFacts None { get; } = new(null, NatKind.Unknown, null);
}

/// <summary>The end of a way.</summary>
/// <param name="Report">Null: it never got as far as having sockets.</param>
internal sealed record WayEnd(int Guest, IceReport? Report, NatKind Nat, string Why)
{
    /// <summary>It worked once.</summary>
    public bool Worked => Report?.Pairs.Any(pair => pair.Answers > 0) == true;
}
