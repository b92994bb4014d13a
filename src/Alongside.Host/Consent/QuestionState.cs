using Alongside.Core.Session;

namespace Alongside.Host.Consent;

/// <summary>
/// The switches of a question. At first only looking is on, whatever was asked: the person switches on more. A question that only
/// widens starts with what it asks, since there is nothing less to say yes to.
/// </summary>
internal sealed class QuestionState
{
    private readonly ConsentQuestion question;

    public QuestionState(ConsentQuestion question)
    {
        this.question = question;
        New = new(question.Asked.View && !question.Has.View, question.Asked.Control && !question.Has.Control, question.Asked.Clipboard && !question.Has.Clipboard);
        Chosen = New.View ? new(true, false, false) : New;
    }

    /// <summary>What the switches are for.</summary>
    public Grant New { get; }

    public Grant Chosen { get; private set; }

    public bool CanAllow => Chosen != Grant.None;

    /// <summary>Everything the guest will have: what they had, and what is on.</summary>
    public Grant Answer => new(
        question.Has.View || Chosen.View, question.Has.Control || Chosen.Control, question.Has.Clipboard || Chosen.Clipboard);

    /// <summary>What they keep when the person says not now.</summary>
    public Grant Refused => question.Has;

    public void ToggleView() => Chosen = Chosen.View ? Grant.None : Chosen with { View = New.View };

    /// <summary>Nobody controls what they don't see.</summary>
    public void ToggleControl() => Chosen = Chosen with { Control = New.Control && !Chosen.Control, View = Chosen.View || (New.View && !Chosen.Control) };

    public void ToggleClipboard() => Chosen = Chosen with { Clipboard = New.Clipboard && !Chosen.Clipboard, View = Chosen.View || (New.View && !Chosen.Clipboard) };
}
