using Alongside.Core.Session;

namespace Alongside.Host.Consent.Linux;

/// <summary>
/// The question: who, for what, with a switch a power. *Not now* has the focus, so that somebody who was typing when it came up
/// refuses by accident rather than allows.
/// </summary>
internal sealed class QuestionPanel : Panel
{
    private const double Inset = 32;
    private const double Inner = 416;
    private const double RowHeight = 50;
    private static readonly Font Heading = new(20, true);
    private static readonly Font Body = new(15);
    private static readonly Font Row = new(16);
    private static readonly Font Button = new(16, true);

    private readonly ConsentQuestion question;
    private readonly QuestionState state;
    private readonly Action<Grant> answer;
    private double noteTop;
    private double noteHeight;
    private double originTop;

    public QuestionPanel(Palette palette, Texts texts, ConsentQuestion question, Action<Grant> answer)
        : base(palette, texts)
    {
        this.question = question;
        this.answer = answer;
        state = new(question);
    }

    public override double Radius => 20;

    private string Origin => Texts.From(question);

    public void Refuse() => answer(state.Refused);

    public override (double Width, double Height) Arrange(Canvas canvas)
    {
        bool first = Controls.Count == 0;
        Controls.Clear();
        double y = Inset + canvas.Measure(Texts.Wants(question), Heading, Inner).Height + 6;
        originTop = y;
        y += canvas.Measure(Origin, Body, Inner).Height + 18;
        foreach (var (shown, name, toggle) in Switches())
        {
            if (shown)
            {
                Controls.Add(new(name, new(Inset, y, Inner, RowHeight), 12, toggle));
                y += RowHeight + 10;
            }
        }

        noteTop = y + 12;
        noteHeight = canvas.Measure(Texts.Scam, Body, Inner - 28).Height + 24;
        y = noteTop + noteHeight + 22;
        double allowWidth = canvas.Measure(Allow(), Button).Width + 40, notNowWidth = canvas.Measure(Texts.NotNow, Button).Width + 40;
        double right = Inset + Inner;
        Controls.Add(new("not-now", new(right - allowWidth - 10 - notNowWidth, y, notNowWidth, 48), 12, Refuse));
        Controls.Add(new("allow", new(right - allowWidth, y, allowWidth, 48), 12, () => answer(state.Answer), state.CanAllow));
        if (first)
        {
            Focus = Controls.Count - 2;
        }

        return (Inset + Inner + Inset, y + 48 + Inset);
    }

    public override void Paint(Canvas canvas, double width, double height)
    {
        var whole = new Box(0, 0, width, height);
        canvas.Fill(whole, Radius, Palette.Sheet);
        canvas.Outline(whole, Radius, Palette.Line, 1);
        canvas.Text(Inset, Inset, Texts.Wants(question), Heading, Palette.Ink, Inner);
        canvas.Text(Inset, originTop, Origin, Body, Palette.Ink2, Inner);
        foreach (var control in Controls)
        {
            switch (control.Name)
            {
                case "view":
                    PaintRow(canvas, control, Texts.View, state.Chosen.View);
                    break;
                case "control":
                    PaintRow(canvas, control, Texts.Control, state.Chosen.Control);
                    break;
                case "clipboard":
                    PaintRow(canvas, control, Texts.Clipboard, state.Chosen.Clipboard);
                    break;
                case "not-now":
                    PaintQuietButton(canvas, control, Texts.NotNow, Button);
                    break;
                default:
                    canvas.Fill(control.Area, control.Radius, !state.CanAllow ? Palette.Line : IsHovered("allow") ? Palette.Ink2 : Palette.Ink);
                    canvas.Centre(control.Area, Allow(), Button, state.CanAllow ? Palette.Sheet : Palette.Ink2);
                    break;
            }
        }

        var note = new Box(Inset, noteTop, Inner, noteHeight);
        canvas.Fill(note, 12, Palette.AccentWash);
        canvas.Text(note.X + 14, note.Y + 12, Texts.Scam, Body, Palette.AccentInk, Inner - 28);
        PaintFocus(canvas);
    }

    private (bool Shown, string Name, Action Toggle)[] Switches() =>
    [
        (state.New.View, "view", state.ToggleView),
        (state.New.Control, "control", state.ToggleControl),
        (state.New.Clipboard, "clipboard", state.ToggleClipboard),
    ];

    private string Allow() => Texts.Allow(state.Chosen, question.Has);

    private void PaintRow(Canvas canvas, Control control, string text, bool on)
    {
        var area = control.Area;
        canvas.Fill(area, control.Radius, Palette.Paper);
        if (IsHovered(control.Name))
        {
            canvas.Outline(area, control.Radius, Palette.Line, 1);
        }

        double height = canvas.Measure(text, Row).Height;
        canvas.Text(area.X + 14, area.Y + ((area.Height - height) / 2), text, Row, Palette.Ink);
        var track = new Box(area.Right - 14 - 44, area.Y + 12, 44, 26);
        canvas.Fill(track, 13, on ? Palette.Accent : Palette.Line);
        canvas.Fill(new(on ? track.X + 21 : track.X + 3, track.Y + 3, 20, 20), 10, Palette.Knob);
    }
}
