namespace Alongside.Host.Consent.Linux;

/// <summary>The code to read out: the largest thing there is, how to hand it over, and how long it lives.</summary>
internal sealed class CodePanel(Palette palette, Texts texts, ShownCode code, Func<TimeSpan> left, Action<string> copy) : Panel(palette, texts)
{
    private const double Wide = 660;
    private static readonly Font Heading = new(20, true);
    private static readonly Font Digits = new(72, true);
    private static readonly Font Body = new(16);
    private static readonly Font Small = new(15);
    private static readonly Font Button = new(16, true);
    private double headingTop;
    private double digitsTop;
    private double bodyTop;
    private double waitTop;

    /// <summary>The window manager draws the frame.</summary>
    public override double Radius => 0;

    public override (double Width, double Height) Arrange(Canvas canvas)
    {
        Controls.Clear();
        headingTop = 44;
        digitsTop = headingTop + canvas.Measure(Texts.ReadDigits, Heading, Wide - 64).Height + 18;
        double y = digitsTop + canvas.Measure("0", Digits).Height + 16;
        double codeWidth = canvas.Measure(Texts.CopyCode, Button).Width + 44, linkWidth = canvas.Measure(Texts.CopyLink, Button).Width + 44;
        double all = codeWidth + (code.Link.Length > 0 ? 10 + linkWidth : 0), x = (Wide - all) / 2;
        Controls.Add(new("copy-code", new(x, y, codeWidth, 48), 12, () => copy(Texts.Group(code.Digits))));
        if (code.Link.Length > 0)
        {
            Controls.Add(new("copy-link", new(x + codeWidth + 10, y, linkWidth, 48), 12, () => copy(code.Link)));
        }

        bodyTop = y + 48 + 30;
        waitTop = bodyTop + canvas.Measure(Texts.CodeExplained, Body, 440).Height + 22;
        return (Wide, waitTop + canvas.Measure("0", Small).Height + 40);
    }

    public override void Paint(Canvas canvas, double width, double height)
    {
        canvas.Fill(new(0, 0, width, height), 0, Palette.Paper);
        canvas.Text(32, headingTop, Texts.ReadDigits, Heading, Palette.Ink, Wide - 64, centred: true);
        PaintDigits(canvas);
        foreach (var control in Controls)
        {
            PaintQuietButton(canvas, control, control.Name == "copy-code" ? Texts.CopyCode : Texts.CopyLink, Button);
        }

        canvas.Text((Wide - 440) / 2, bodyTop, Texts.CodeExplained, Body, Palette.Ink2, 440, centred: true);
        var time = left();
        string wait = time > TimeSpan.Zero
            ? Texts.Format(Texts.CodeWaiting, $"{(int)time.TotalMinutes}:{time.Seconds:00}")
            : Texts.CodeOver;
        var (wide, tall) = canvas.Measure(wait, Small);
        double start = (Wide - wide - 19) / 2;
        canvas.Fill(new(start, waitTop + ((tall - 9) / 2), 9, 9), 4.5, Palette.Accent);
        canvas.Text(start + 19, waitTop, wait, Small, Palette.Ink2);
        PaintFocus(canvas);
    }

    private void PaintDigits(Canvas canvas)
    {
        const double Gap = 30;
        string[] groups = Texts.Group(code.Digits).Split(' ');
        double all = groups.Sum(group => canvas.Measure(group, Digits).Width) + (Gap * (groups.Length - 1)), x = (Wide - all) / 2;
        foreach (string group in groups)
        {
            canvas.Text(x, digitsTop, group, Digits, Palette.Ink);
            x += canvas.Measure(group, Digits).Width + Gap;
        }
    }
}
