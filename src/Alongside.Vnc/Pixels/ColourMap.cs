namespace Alongside.Vnc.Pixels;

/// <summary>256 colours as BGRX (RFB 7.6.2). A server of ours always states <see cref="Fixed"/>.</summary>
internal sealed class ColourMap
{
    public const int Size = 256;

    private readonly uint[] colours = new uint[Size];

    /// <summary>Three bits of red, three of green, two of blue: every colour has a near one, and none is ever reassigned. Not to be changed.</summary>
    public static ColourMap Fixed { get; } = MakeFixed();

    public uint this[byte index] => colours[index];

    /// <summary>Sets one entry from 16-bit components.</summary>
    public void Set(byte index, ushort red, ushort green, ushort blue) =>
        colours[index] = ((uint)(red >> 8) << 16) | ((uint)(green >> 8) << 8) | (uint)(blue >> 8);

    /// <summary>The parts of an index into <see cref="Fixed"/> that a component of <paramref name="value"/> gives.</summary>
    internal static (uint Red, uint Green, uint Blue) FixedIndex(uint value) =>
        ((((value * 7) + 127) / 255) << 5, (((value * 7) + 127) / 255) << 2, ((value * 3) + 127) / 255);

    private static ColourMap MakeFixed()
    {
        var map = new ColourMap();
        for (int index = 0; index < Size; index++)
        {
            map.Set((byte)index, (ushort)((index >> 5) * 65535 / 7), (ushort)(((index >> 2) & 7) * 65535 / 7), (ushort)((index & 3) * 65535 / 3));
        }

        return map;
    }
}
