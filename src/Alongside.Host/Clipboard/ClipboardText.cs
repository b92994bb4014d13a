using System.Text;

namespace Alongside.Host.Clipboard;

/// <summary>The form text has between systems: lines end with \n, no NUL, at most 4 MiB of UTF-8.</summary>
public static class ClipboardText
{
    public const int MaxBytes = 4 * 1024 * 1024;

    public static string Normalise(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\0", string.Empty, StringComparison.Ordinal);
    }

    public static bool Fits(string text) => text.Length <= MaxBytes && Encoding.UTF8.GetByteCount(text) <= MaxBytes;
}
