namespace Alongside.Host.Consent;

/// <summary>The colours of these windows, 0xRRGGBB: the same tokens as the pages have.</summary>
internal sealed record Palette(
    uint Paper, uint Sheet, uint Ink, uint Ink2, uint Ink3, uint Line, uint Accent, uint AccentInk, uint AccentWash, uint OnAccent, uint Stop, uint OnStop, uint Knob)
{
    /// <summary>Stronger than a wash: somebody can touch. Dark words on it in both themes, for the contrast.</summary>
    public const uint Touching = 0xf0a04b;

    public const uint OnTouching = 0x1d1b18;

    public static Palette Light { get; } = new(
        0xf7f4ef, 0xffffff, 0x1d1b18, 0x5d5850, 0x8d867b, 0xddd6ca, 0xc7741a, 0x6a3a08, 0xfbf0e2, 0xffffff, 0xb3261e, 0xffffff, 0xffffff);

    public static Palette Dark { get; } = new(
        0x171614, 0x24221e, 0xf3efe8, 0xb9b2a6, 0x8b847a, 0x3d3a34, 0xf0a04b, 0xf6c48d, 0x33261a, 0x1d1b18, 0xc8372d, 0xffffff, 0xffffff);

    /// <summary>ALONGSIDE_THEME decides (light, dark), else what the desktop's programs were told to prefer.</summary>
    public static Palette Current() => IsDark(Environment.GetEnvironmentVariable) ? Dark : Light;

    internal static bool IsDark(Func<string, string?> environment)
    {
        string? own = environment("ALONGSIDE_THEME");
        if (own is "dark" or "light")
        {
            return own == "dark";
        }

        if (environment("GTK_THEME") is { Length: > 0 } theme)
        {
            return theme.Contains("dark", StringComparison.OrdinalIgnoreCase);
        }

        string configuration = environment("XDG_CONFIG_HOME") is { Length: > 0 } home ? home : Path.Combine(environment("HOME") ?? "/", ".config");
        return new[] { "gtk-4.0", "gtk-3.0" }.Any(version => PrefersDark(Path.Combine(configuration, version, "settings.ini")));
    }

    private static bool PrefersDark(string path)
    {
        try
        {
            return File.ReadLines(path).Select(line => line.Replace(" ", string.Empty, StringComparison.Ordinal)).Any(line =>
                line is "gtk-application-prefer-dark-theme=1" or "gtk-application-prefer-dark-theme=true"
                || (line.StartsWith("gtk-theme-name=", StringComparison.Ordinal) && line.Contains("dark", StringComparison.OrdinalIgnoreCase)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
