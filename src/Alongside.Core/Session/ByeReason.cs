namespace Alongside.Core.Session;

/// <summary>Why a session ended, as said in `bye`. A reason that isn't one of these is shown as <see cref="Closed"/>.</summary>
public static class ByeReason
{
    public const string Left = "left";
    public const string Refused = "refused";

    /// <summary>The person pressed Stop.</summary>
    public const string Stopped = "stopped";

    /// <summary>The program was closed.</summary>
    public const string Closed = "closed";
    public const string TooSlow = "too-slow";
    public const string Protocol = "protocol";
    public const string Idle = "idle";
}
