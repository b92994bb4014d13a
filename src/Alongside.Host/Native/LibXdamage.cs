using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>DAMAGE: what was drawn where.</summary>
internal static partial class LibXdamage
{
    private const string Name = "libXdamage.so.1";

    /// <summary>Tells each rectangle once until it is subtracted.</summary>
    public const int DeltaRectangles = 1;

    [LibraryImport(Name)]
    public static partial int XDamageQueryExtension(XDisplay display, out int firstEvent, out int firstError);

    [LibraryImport(Name)]
    public static partial nuint XDamageCreate(XDisplay display, nuint drawable, int level);

    [LibraryImport(Name)]
    public static partial void XDamageSubtract(XDisplay display, nuint damage, nuint repair, nuint parts);
}
