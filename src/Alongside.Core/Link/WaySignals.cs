using Alongside.Core.Session;
using Alongside.Core.Wire;

namespace Alongside.Core.Link;

/// <summary>Holds what the other side says about ways to its order and its limits: which way, one fingerprint, so many candidates.</summary>
internal sealed class WaySignals
{
    public const int MaxCandidates = 96;

    private int way;
    private int candidates;
    private byte[]? fingerprint;

    /// <summary>A way begins.</summary>
    public void Begin(int number)
    {
        way = number;
        candidates = 0;
        fingerprint = null;
    }

    /// <summary>Whether it is about the way there is.</summary>
    /// <exception cref="ProtocolException">It may not be said.</exception>
    public bool Accepts(ControlMessage.Direct said)
    {
        if (!IsCurrent(said.Way))
        {
            return false;
        }

        if (fingerprint is not null && !fingerprint.AsSpan().SequenceEqual(said.Fingerprint))
        {
            throw new ProtocolException("A way came with another fingerprint than before.");
        }

        fingerprint = said.Fingerprint;

        // New credentials are a restart, and its candidates are counted anew.
        candidates = 0;
        return true;
    }

    /// <inheritdoc cref="Accepts(ControlMessage.Direct)"/>
    public bool Accepts(ControlMessage.Candidate said)
    {
        if (!IsCurrent(said.Way))
        {
            return false;
        }

        if (fingerprint is null || ++candidates > MaxCandidates)
        {
            throw new ProtocolException(fingerprint is null ? "A candidate came before its way was described." : "A way had too many candidates.");
        }

        return true;
    }

    private bool IsCurrent(int number) => number <= way ? number == way : throw new ProtocolException("Something was said of a way that nobody began.");
}
