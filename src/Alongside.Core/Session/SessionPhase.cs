namespace Alongside.Core.Session;

/// <summary>How far a viewer has come with a host.</summary>
public enum SessionPhase : byte
{
    Handshake,

    /// <summary>Who they are is proven; what they may do is not decided.</summary>
    Asking,
    Live,
    Ended,
}
