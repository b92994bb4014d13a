using Alongside.Core.Session;

namespace Alongside.Host.Consent;

/// <summary>
/// The answer was given in advance (<c>--allow view,control</c>): nobody is asked, and nothing beyond it is granted.
/// Banner, Stop and hot key stay as they are.
/// </summary>
public sealed class PresetConsent(IConsent shown, Grant allow) : IConsent
{
    public event Action? StopPressed
    {
        add => shown.StopPressed += value;
        remove => shown.StopPressed -= value;
    }

    public event Action<int, Grant>? Narrowed
    {
        add => shown.Narrowed += value;
        remove => shown.Narrowed -= value;
    }

    public bool IsAsking => false;

    public Task<Grant> AskAsync(ConsentQuestion question, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(question);
        return cancel.IsCancellationRequested
            ? Task.FromCanceled<Grant>(cancel)
            : Task.FromResult(allow.View ? question.Asked.Intersect(allow) : Grant.None);
    }

    public void ShowGuests(IReadOnlyList<ConsentGuest> guests) => shown.ShowGuests(guests);

    public void ShowCode(ShownCode? code) => shown.ShowCode(code);

    public void Say(string text) => shown.Say(text);

    public bool Covers(int x, int y) => shown.Covers(x, y);

    public void Dispose() => shown.Dispose();
}
