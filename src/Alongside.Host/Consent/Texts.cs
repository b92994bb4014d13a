using Alongside.Core.Session;

namespace Alongside.Host.Consent;

/// <summary>
/// Everything these windows say, one instance a language. A sentence is one text with places for names, never built from pieces.
/// </summary>
internal sealed record Texts
{
    public required string WantsView { get; init; }

    public required string WantsViewControl { get; init; }

    public required string WantsViewClipboard { get; init; }

    public required string WantsAll { get; init; }

    public required string WantsControl { get; init; }

    public required string WantsClipboard { get; init; }

    public required string WantsControlClipboard { get; init; }

    public required string Origin { get; init; }

    public required string View { get; init; }

    public required string Control { get; init; }

    public required string Clipboard { get; init; }

    public required string Scam { get; init; }

    public required string NotNow { get; init; }

    public required string LetLook { get; init; }

    public required string LetControl { get; init; }

    public required string LetShare { get; init; }

    public required string AllowAll { get; init; }

    public required string OneSees { get; init; }

    public required string OneControls { get; init; }

    public required string SeveralSee { get; init; }

    public required string SeveralControl { get; init; }

    public required string ControlShort { get; init; }

    public required string ClipboardShort { get; init; }

    public required string Stop { get; init; }

    public required string StopKeys { get; init; }

    public required string ReadDigits { get; init; }

    public required string CopyCode { get; init; }

    public required string CopyLink { get; init; }

    public required string CodeExplained { get; init; }

    public required string CodeWaiting { get; init; }

    public required string CodeOver { get; init; }

    public required string TerminalAllow { get; init; }

    public required string TerminalStop { get; init; }

    public required string TerminalWithdrawn { get; init; }

    public required string TerminalAlone { get; init; }

    /// <summary>What a person answers to mean yes, besides y.</summary>
    public required char Yes { get; init; }

    public static Texts English { get; } = new()
    {
        WantsView = "{0} wants to see your screen",
        WantsViewControl = "{0} wants to see your screen and use your mouse and keyboard",
        WantsViewClipboard = "{0} wants to see your screen and share the clipboard",
        WantsAll = "{0} wants to see your screen, use your mouse and keyboard, and share the clipboard",
        WantsControl = "{0} wants to use your mouse and keyboard",
        WantsClipboard = "{0} wants to share the clipboard",
        WantsControlClipboard = "{0} wants to use your mouse and keyboard, and share the clipboard",
        Origin = "{0} · check digits {1}",
        View = "See this screen",
        Control = "Use mouse and keyboard",
        Clipboard = "Share the clipboard",
        Scam = "Did someone call you out of the blue? Banks, police and Microsoft never ask for this.",
        NotNow = "Not now",
        LetLook = "Let them look",
        LetControl = "Let them control",
        LetShare = "Share the clipboard",
        AllowAll = "Allow what is on",
        OneSees = "{0} can see your screen",
        OneControls = "{0} can use your mouse and keyboard",
        SeveralSee = "{1} people can see your screen",
        SeveralControl = "{1} people are here, {0} can use your mouse and keyboard",
        ControlShort = "Control",
        ClipboardShort = "Clipboard",
        Stop = "Stop",
        StopKeys = "Ctrl+Alt+Pause",
        ReadDigits = "Read these nine digits to the person helping you",
        CopyCode = "Copy code",
        CopyLink = "Copy link",
        CodeExplained = "They work once. Nobody can come in until you say yes on the next screen.",
        CodeWaiting = "Waiting for your helper. Good for {0} more.",
        CodeOver = "This code is over. A new one is on its way.",
        TerminalAllow = "{0}? [y/N] ",
        TerminalStop = "Press s and Enter to stop.",
        TerminalWithdrawn = "They are gone. The question is closed.",
        TerminalAlone = "Nobody is in any more.",
        Yes = 'y',
    };

    public static Texts German { get; } = new()
    {
        WantsView = "{0} möchte Ihren Bildschirm sehen",
        WantsViewControl = "{0} möchte Ihren Bildschirm sehen und Maus und Tastatur benutzen",
        WantsViewClipboard = "{0} möchte Ihren Bildschirm sehen und die Zwischenablage teilen",
        WantsAll = "{0} möchte Ihren Bildschirm sehen, Maus und Tastatur benutzen und die Zwischenablage teilen",
        WantsControl = "{0} möchte Ihre Maus und Tastatur benutzen",
        WantsClipboard = "{0} möchte die Zwischenablage teilen",
        WantsControlClipboard = "{0} möchte Ihre Maus und Tastatur benutzen und die Zwischenablage teilen",
        Origin = "{0} · Prüfziffern {1}",
        View = "Diesen Bildschirm sehen",
        Control = "Maus und Tastatur benutzen",
        Clipboard = "Zwischenablage teilen",
        Scam = "Hat jemand Sie unerwartet angerufen? Banken, Polizei und Microsoft bitten nie darum.",
        NotNow = "Jetzt nicht",
        LetLook = "Zusehen lassen",
        LetControl = "Bedienen lassen",
        LetShare = "Zwischenablage teilen",
        AllowAll = "Gewähltes erlauben",
        OneSees = "{0} sieht Ihren Bildschirm",
        OneControls = "{0} kann Maus und Tastatur benutzen",
        SeveralSee = "{1} Personen sehen Ihren Bildschirm",
        SeveralControl = "{1} Personen sind da, {0} kann Maus und Tastatur benutzen",
        ControlShort = "Steuern",
        ClipboardShort = "Ablage",
        Stop = "Beenden",
        StopKeys = "Strg+Alt+Pause",
        ReadDigits = "Lesen Sie diese neun Ziffern Ihrem Helfer vor",
        CopyCode = "Code kopieren",
        CopyLink = "Link kopieren",
        CodeExplained = "Sie gelten einmal. Niemand kommt herein, bevor Sie im nächsten Fenster ja sagen.",
        CodeWaiting = "Wir warten auf Ihren Helfer. Gilt noch {0}.",
        CodeOver = "Dieser Code gilt nicht mehr. Gleich kommt ein neuer.",
        TerminalAllow = "{0}? [j/N] ",
        TerminalStop = "s und Eingabe beendet.",
        TerminalWithdrawn = "Die Anfrage wurde zurückgezogen.",
        TerminalAlone = "Niemand ist mehr da.",
        Yes = 'j',
    };

    /// <summary>The language of the environment (ALONGSIDE_LANGUAGE, else the system's), or English.</summary>
    public static Texts Current()
    {
        foreach (string name in (ReadOnlySpan<string>)["ALONGSIDE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"])
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } language)
            {
                return language.StartsWith("de", StringComparison.OrdinalIgnoreCase) ? German : English;
            }
        }

        return English;
    }

    /// <summary>The heading of a question: who, and what is new.</summary>
    public string Wants(ConsentQuestion question)
    {
        var asked = question.Asked;
        bool view = asked.View && !question.Has.View, control = asked.Control && !question.Has.Control, clipboard = asked.Clipboard && !question.Has.Clipboard;
        return Format(
            (view, control, clipboard) switch
            {
                (true, true, true) => WantsAll,
                (true, true, false) => WantsViewControl,
                (true, false, true) => WantsViewClipboard,
                (true, false, false) => WantsView,
                (false, true, true) => WantsControlClipboard,
                (false, true, false) => WantsControl,
                _ => WantsClipboard,
            },
            question.Name);
    }

    /// <summary>Where they come from, and what both sides can compare if there is something.</summary>
    public string From(ConsentQuestion question) =>
        question.CheckDigits.Length == 0 ? question.Server : Format(Origin, question.Server, Group(question.CheckDigits));

    /// <summary>The banner's sentence.</summary>
    public string Present(IReadOnlyList<ConsentGuest> guests)
    {
        var controlling = guests.FirstOrDefault(guest => guest.Grant.Control);
        string text = (guests.Count, controlling) switch
        {
            (1, null) => OneSees,
            (1, _) => OneControls,
            (_, null) => SeveralSee,
            _ => SeveralControl,
        };
        return Format(text, (controlling ?? guests[0]).Name, guests.Count);
    }

    /// <summary>The words on the button that allows; they say what happens.</summary>
    public string Allow(Grant chosen, Grant has) => (chosen.View && !has.View, chosen.Control && !has.Control, chosen.Clipboard && !has.Clipboard) switch
    {
        (false, true, false) => LetControl,
        (false, false, true) => LetShare,
        (true, true, false) => LetControl,
        (true, true, true) or (false, true, true) or (true, false, true) => AllowAll,
        _ => LetLook,
    };

    public static string Format(string text, params ReadOnlySpan<object> values) => string.Format(System.Globalization.CultureInfo.InvariantCulture, text, values);

    /// <summary>Digits in groups of three, as they are read aloud.</summary>
    public static string Group(string digits) => string.Join(' ', digits.Where(char.IsAsciiDigit).Chunk(3).Select(group => new string(group)));
}
