using Alongside.Core.Pixels;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Encodings;

/// <summary>Raw (RFB 7.7.1): every pixel, row after row.</summary>
internal sealed class RawEncoder : RectEncoder
{
    public override void Write(UpdateWriter update, Frame picture, PixelRect rect)
    {
        update.Rect(rect, EncodingNumber.Raw);
        for (int y = rect.Y; y < rect.Bottom; y++)
        {
            Packer.Pack(picture.Row(y, rect.X, rect.Width), update.Output.Append(rect.Width * Packer.Bytes));
        }
    }
}
