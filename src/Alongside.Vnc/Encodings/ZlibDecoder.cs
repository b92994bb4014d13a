using System.Runtime.InteropServices;

namespace Alongside.Vnc.Encodings;

/// <summary>Raw pixels in a zlib stream that lives as long as the connection (RFB 7.7.6 of the community's edition).</summary>
internal sealed class ZlibDecoder : PackedDecoder
{
    protected override long Unpacked => Area.Area * 4;

    protected override void Decode()
    {
        if (Area.IsEmpty)
        {
            return;
        }

        if (Area.Width == Picture.Width)
        {
            Inflater.Read(MemoryMarshal.AsBytes(Picture.Pixels.Slice(Area.Y * Picture.Width, Area.Width * Area.Height)));
            return;
        }

        for (int y = Area.Y; y < Area.Bottom; y++)
        {
            Inflater.Read(MemoryMarshal.AsBytes(Picture.Row(y, Area.X, Area.Width)));
        }
    }
}
