namespace Alongside.Host.Consent.Linux;

/// <summary>A few words that go away by themselves, or at a touch.</summary>
internal sealed class MessagePanel(Palette palette, Texts texts, string text, Action dismiss) : Panel(palette, texts)
{
    private const double Widest = 420;
    private static readonly Font Body = new(15);

    public override double Radius => 14;

    public override (double Width, double Height) Arrange(Canvas canvas)
    {
        Controls.Clear();
        double natural = canvas.Measure(text, Body).Width;
        double height = canvas.Measure(text, Body, Math.Min(natural + 2, Widest)).Height + 36, width = Math.Min(natural + 2, Widest) + 59;
        Controls.Add(new("dismiss", new(0, 0, width, height), Radius, dismiss));
        return (width, height);
    }

    public override void Paint(Canvas canvas, double width, double height)
    {
        var whole = new Box(0, 0, width, height);
        canvas.Fill(whole, Radius, Palette.Sheet);
        canvas.Outline(whole, Radius, Palette.Line, 1);
        canvas.Fill(new(20, 18 + 5, 9, 9), 4.5, Palette.Accent);
        canvas.Text(39, 18, text, Body, Palette.Ink, width - 57);
    }
}
