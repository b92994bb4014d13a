namespace Alongside.Core.Pixels;

/// <summary>One monitor of a desktop; ids start at 1 and keep their meaning while it is connected.</summary>
public sealed record DesktopMonitor(int Id, string Name, PixelRect Area, bool Primary);

/// <summary>The size of a desktop in pixels, and its monitors within it.</summary>
public sealed record DesktopLayout(int Width, int Height, IReadOnlyList<DesktopMonitor> Monitors);
