namespace Alongside.Core.Link;

/// <summary>What the relay takes while a way is in use: asked by who leads, for who looks on, and so that the way can be left for a relay that has become quicker.</summary>
internal sealed partial class PathSwitch
{
    /// <summary>How often the relay is asked what it takes while a way is in use, in microseconds; and how soon for the first time.</summary>
    private const long AskEvery = 12_000_000, FirstAsk = 2_000_000;

    private long askAt = long.MaxValue;
    private long askedAt;
    private uint asks;
    private bool isAsked;

    /// <summary>The other side answers on the relay while a way is in use. Set before one begins.</summary>
    public bool MayAsk { get; set; }

    /// <summary>What the relay took when it was last asked while this way was in use, in microseconds; null: it was not, or has not answered.</summary>
    public long? RelayTook { get; private set; }

    private void ForgetRelay()
    {
        askAt = long.MaxValue;
        isAsked = false;
        RelayTook = null;
    }

    /// <summary>Rarely, and not while much is to be carried: it is for who looks on, and for comparing later.</summary>
    private void Ask(long now)
    {
        if (now >= askAt && hasRelay && IsDirect && kept.Bytes <= MostCompared && TrySay(new(LinkWord.Ask, way, asks + 1)))
        {
            asks++;
            isAsked = true;
            askedAt = now;
            askAt = now + AskEvery;
        }
    }

    /// <summary>One answer may have waited for a program that was busy: the shorter of two counts where paths are compared.</summary>
    private void Answered(long took)
    {
        isAsked = false;
        choice.RelayTook(Math.Min(took, RelayTook ?? took));
        RelayTook = took;
    }
}
