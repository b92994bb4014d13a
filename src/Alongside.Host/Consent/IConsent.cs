using Alongside.Core.Session;

namespace Alongside.Host.Consent;

/// <summary>Who asks and for what. <paramref name="Name"/> is what they call themselves: a label, not a fact.</summary>
/// <param name="Guest">The host's own number for this viewer.</param>
/// <param name="Server">The server they come through, or the protocol and address, for the person to read.</param>
/// <param name="CheckDigits">Six digits both sides can compare; empty where there are none.</param>
/// <param name="Has">What they have already; a question that widens shows only what is new.</param>
public sealed record ConsentQuestion(int Guest, string Name, string Server, string CheckDigits, Grant Asked, Grant Has);

/// <summary>Somebody who is in, for the banner.</summary>
public sealed record ConsentGuest(int Guest, string Name, Grant Grant);

/// <summary>A code to read out, as the person sees it: nine digits, and how long it lives.</summary>
public sealed record ShownCode(string Digits, string Link, TimeSpan Lifetime);

/// <summary>
/// What the person in front of this desktop sees and decides: the code, the question, the banner with Stop, and the hot key.
/// Injected input never reaches it: <see cref="Covers"/> tells where no click of a viewer may land.
/// </summary>
public interface IConsent : IDisposable
{
    /// <summary>The person pressed Stop or the hot key: everybody leaves at once. Raised on a thread of its own.</summary>
    event Action? StopPressed;

    /// <summary>The person took a power away from a guest in the banner.</summary>
    event Action<int, Grant>? Narrowed;

    /// <summary>Asks; the answer is never wider than asked. Cancelled when the asker leaves.</summary>
    Task<Grant> AskAsync(ConsentQuestion question, CancellationToken cancel);

    /// <summary>Who is in now; an empty list takes the banner away.</summary>
    void ShowGuests(IReadOnlyList<ConsentGuest> guests);

    /// <summary>Shows the code window, or takes it away.</summary>
    void ShowCode(ShownCode? code);

    /// <summary>Says something in words: a burnt code, a lost connection.</summary>
    void Say(string text);

    /// <summary>True while a question is open, or where one of these windows lies: injection stops there.</summary>
    bool Covers(int x, int y);

    /// <summary>True while a question is open: no key is injected.</summary>
    bool IsAsking { get; }
}
