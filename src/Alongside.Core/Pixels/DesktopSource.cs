namespace Alongside.Core.Pixels;

/// <summary>A desktop that is not this machine's own: what it is called there, and how it comes here.</summary>
/// <param name="Protocol">Such as VNC: end-to-end encryption ends at this machine, and what it has of its own begins.</param>
/// <param name="IsEncrypted">Whether it is encrypted between here and there.</param>
public sealed record DesktopSource(string Name, string Protocol, bool IsEncrypted);
