namespace Alongside.Launcher.Demo;

/// <summary>Where the demo's windows lie: a tidy two by two above the panel, whatever the screen's size. Pixels, title bars included.</summary>
public sealed record DemoArrangement(int Width, int Height)
{
    public const int Panel = 44;
    private const int TitleBar = 34;

    /// <summary>Free at the top: the host's banner lies there while somebody is in.</summary>
    private const int Banner = 56;

    private int Gap => Math.Clamp(Width / 60, 8, 32);

    private int LeftWidth => (Width - (3 * Gap)) * 52 / 100;

    private int RightWidth => Width - (3 * Gap) - LeftWidth;

    private int TopHeight => (Height - Banner - Panel - (2 * Gap)) * 52 / 100;

    private int BottomHeight => Height - Banner - Panel - (2 * Gap) - TopHeight;

    public Place Terminal => new(Gap, Banner, LeftWidth, TopHeight - TitleBar);

    public Place Page => new(Gap, Banner + Gap + TopHeight, LeftWidth, BottomHeight - TitleBar);

    public Place Editor => new((2 * Gap) + LeftWidth, Banner, RightWidth, TopHeight - TitleBar);

    public Place Files => new((2 * Gap) + LeftWidth, Banner + Gap + TopHeight, RightWidth, BottomHeight - TitleBar);

    /// <summary>Left and top of the frame; width and height of what is inside it.</summary>
    public readonly record struct Place(int X, int Y, int Width, int Height);
}
