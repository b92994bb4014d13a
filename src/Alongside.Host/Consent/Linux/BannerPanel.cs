using Alongside.Core.Session;

namespace Alongside.Host.Consent.Linux;

/// <summary>
/// The pill that stays while somebody is in: who can do what, a switch for each power that can be taken away, and Stop.
/// A wash of amber while they look, amber itself while they can touch.
/// </summary>
internal sealed class BannerPanel(Palette palette, Texts texts, IReadOnlyList<ConsentGuest> guests, Action stop, Action<int, Grant> narrow)
    : Panel(palette, texts)
{
    private const double Height = 46;
    private const double ButtonHeight = 34;
    private static readonly Font Sentence = new(15, true);
    private static readonly Font Chip = new(14);
    private static readonly Font Button = new(14, true);
    private static readonly Font Keys = new(12);
    private double dotLeft;

    public override double Radius => Height / 2;

    public override uint Edge => Touching ? 0xb8691a : Palette.Accent;

    private bool Touching => guests.Any(guest => guest.Grant.Control);

    private uint Ground => Touching ? Palette.Touching : Palette.AccentWash;

    private uint Words => Touching ? Palette.OnTouching : Palette.AccentInk;

    public override (double Width, double Height) Arrange(Canvas canvas)
    {
        Controls.Clear();
        dotLeft = 18;
        double x = dotLeft + 9 + 11 + Math.Min(canvas.Measure(Texts.Present(guests), Sentence).Width, 520) + 18;
        double top = (Height - ButtonHeight) / 2;
        if (Touching)
        {
            x = AddChip(canvas, "control", Texts.ControlShort, x, grant => grant with { Control = false }, grant => grant.Control);
        }

        if (guests.Any(guest => guest.Grant.Clipboard))
        {
            x = AddChip(canvas, "clipboard", Texts.ClipboardShort, x, grant => grant with { Clipboard = false }, grant => grant.Clipboard);
        }

        double width = canvas.Measure(Texts.Stop, Button).Width + 8 + canvas.Measure(Texts.StopKeys, Keys).Width + 32;
        Controls.Add(new("stop", new(x + 4, top, width, ButtonHeight), ButtonHeight / 2, stop));
        return (x + 4 + width + top, Height);
    }

    public override void Paint(Canvas canvas, double width, double height)
    {
        var whole = new Box(0, 0, width, height);
        canvas.Fill(whole, Radius, Ground);
        canvas.Outline(whole, Radius, Edge, 1.5);
        canvas.Fill(new(dotLeft, (height - 9) / 2, 9, 9), 4.5, Touching ? Words : Palette.Accent);
        string text = Texts.Present(guests);
        double tall = canvas.Measure(text, Sentence).Height;
        canvas.Text(dotLeft + 20, (height - tall) / 2, Fit(canvas, text), Sentence, Words);
        foreach (var control in Controls)
        {
            if (control.Name == "stop")
            {
                PaintStop(canvas, control);
            }
            else
            {
                PaintChip(canvas, control, control.Name == "control" ? Texts.ControlShort : Texts.ClipboardShort);
            }
        }
    }

    private static string Fit(Canvas canvas, string text)
    {
        while (text.Length > 8 && canvas.Measure(text, Sentence).Width > 520)
        {
            text = string.Concat(text.AsSpan(0, text.Length - 2), "…");
        }

        return text;
    }

    private double AddChip(Canvas canvas, string name, string text, double x, Func<Grant, Grant> without, Func<Grant, bool> has)
    {
        double width = canvas.Measure(text, Chip).Width + 12 + 8 + 30 + 8;
        Controls.Add(new(name, new(x, (Height - ButtonHeight) / 2, width, ButtonHeight), ButtonHeight / 2, () =>
        {
            foreach (var guest in guests.Where(guest => has(guest.Grant)))
            {
                narrow(guest.Guest, without(guest.Grant));
            }
        }));
        return x + width + 6;
    }

    private void PaintChip(Canvas canvas, Control control, string text)
    {
        var area = control.Area;
        if (IsHovered(control.Name))
        {
            canvas.Outline(area, control.Radius, Words, 1);
        }

        double tall = canvas.Measure(text, Chip).Height;
        canvas.Text(area.X + 12, area.Y + ((area.Height - tall) / 2), text, Chip, Words);
        var track = new Box(area.Right - 8 - 30, area.Y + 8, 30, 18);
        canvas.Fill(track, 9, Words);
        canvas.Fill(new(track.X + 14, track.Y + 2, 14, 14), 7, Ground);
    }

    private void PaintStop(Canvas canvas, Control control)
    {
        var area = control.Area;
        canvas.Fill(area, control.Radius, IsHovered("stop") ? 0x8f1d17 : Palette.Stop);
        var (width, tall) = canvas.Measure(Texts.Stop, Button);
        canvas.Text(area.X + 16, area.Y + ((area.Height - tall) / 2), Texts.Stop, Button, Palette.OnStop);
        double small = canvas.Measure(Texts.StopKeys, Keys).Height;
        canvas.Text(area.X + 16 + width + 8, area.Y + ((area.Height - small) / 2), Texts.StopKeys, Keys, Palette.OnStop);
    }
}
