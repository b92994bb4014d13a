namespace Alongside.Host.Consent.Linux;

/// <summary>Something on a panel that can be pressed.</summary>
internal sealed record Control(string Name, Box Area, double Radius, Action Press, bool Enabled = true);

/// <summary>
/// What a window shows: it arranges itself, draws itself, and says what can be pressed. Knows nothing of X.
/// </summary>
internal abstract class Panel(Palette palette, Texts texts)
{
    protected const double FocusRing = 2;

    public List<Control> Controls { get; } = [];

    /// <summary>Index into <see cref="Controls"/>; -1 for none.</summary>
    public int Focus { get; set; } = -1;

    public int Hover { get; set; } = -1;

    public abstract double Radius { get; }

    /// <summary>The colour of its edge: what lies behind a corner that can't be transparent.</summary>
    public virtual uint Edge => Palette.Line;

    protected Palette Palette { get; } = palette;

    protected Texts Texts { get; } = texts;

    /// <summary>Places everything; the result is the panel's size.</summary>
    public abstract (double Width, double Height) Arrange(Canvas canvas);

    public abstract void Paint(Canvas canvas, double width, double height);

    public int At(double x, double y) => Controls.FindIndex(control => control.Enabled && control.Area.Contains(x, y));

    public void PressFocused()
    {
        if (Focus >= 0 && Focus < Controls.Count && Controls[Focus].Enabled)
        {
            Controls[Focus].Press();
        }
    }

    public void MoveFocus(int step)
    {
        for (int i = 0; i < Controls.Count; i++)
        {
            Focus = (Focus + step + Controls.Count) % Controls.Count;
            if (Controls[Focus].Enabled)
            {
                return;
            }
        }
    }

    /// <summary>Presses a control by its name.</summary>
    public bool TryPress(string name)
    {
        int index = Controls.FindIndex(control => control.Name == name && control.Enabled);
        if (index >= 0)
        {
            Controls[index].Press();
        }

        return index >= 0;
    }

    protected void PaintFocus(Canvas canvas)
    {
        if (Focus >= 0 && Focus < Controls.Count)
        {
            var control = Controls[Focus];
            canvas.Outline(control.Area.Grown(FocusRing + 2), control.Radius + FocusRing + 2, Palette.Accent, FocusRing);
        }
    }

    protected bool IsHovered(string name) => Hover >= 0 && Hover < Controls.Count && Controls[Hover].Name == name;

    protected void PaintQuietButton(Canvas canvas, Control control, string text, Font font)
    {
        canvas.Fill(control.Area, control.Radius, IsHovered(control.Name) ? Palette.Paper : Palette.Sheet);
        canvas.Outline(control.Area, control.Radius, Palette.Line, 1.5);
        canvas.Centre(control.Area, text, font, Palette.Ink);
    }
}
