using Alongside.Core.Input;

namespace Alongside.Core.Session;

/// <summary>The place of one foreign viewer in a room: what it asked for, what it may do.</summary>
internal sealed class ForeignGuest(int number, IForeignViewer viewer, ForeignGuestDetails details, Action<long, ForeignGuest, Grant> granted) : IAskingGuest
{
    private RateLimit inputRate = new(burst: 4_000, perSecond: 2_000);

    private RateLimit clipboardRate = new(burst: 20, perSecond: 5);

    public int Number => number;

    public IForeignViewer Viewer => viewer;

    /// <summary>How it comes: a protocol and an address.</summary>
    public string Via => details.Via;

    /// <summary>When it came, in microseconds.</summary>
    public required long Since { get; init; }

    public string Name { get; } = Label.Of(details.Name) is { Length: > 0 } name ? name : "?";

    public bool HasEnded { get; set; }

    public bool IsIn => Grant.View && !HasEnded;

    public Grant Grant { get; private set; }

    public Grant? Asked { get; private set; } = details.Asked;

    public long AskAgainAt { get; set; }

    public GuestQuestion Question => new(number, Name, "", Asked!.Value, Grant, details.Via);

    public void IsBeingAsked(long now)
    {
        // It waits for the answer and has no words for the wait.
    }

    public void Give(long now, Grant grant)
    {
        var before = Grant;
        Grant = grant.View ? grant : Grant.None;
        Asked = null;
        granted(now, this, before);
    }

    public bool MayCopy(long now) => IsIn && Grant.Clipboard && clipboardRate.TryTake(now);

    /// <summary>False: it may not, or there is too much of it. What lets go always passes.</summary>
    public bool Lets(long now, InputMessage input) =>
        IsIn && Grant.Control && (inputRate.TryTake(now) || input is { Kind: InputKind.Release } or { Kind: InputKind.Key, Down: false });
}
