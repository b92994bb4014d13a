using Alongside.Core.Codec.Video;
using Alongside.Core.Codec.Video.Aom;
using Alongside.Core.Codec.Video.OpenH264;
using Alongside.Core.Codec.Video.Regions;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Ops;

/// <summary>
/// The next frame of a region that is sent as video, not exact. A region keeps its size from its first frame to its end; it may move.
/// <code>
/// u8 20 or 21 | u16 x | u16 y | u16 width | u16 height | u8 argument (<see cref="VideoArgument"/>) | u32 length | [holes] access unit
/// </code>
/// </summary>
internal sealed class VideoOp(byte code, ushort capability, Func<int, int, VideoDecoder> create) : DeferredOp(code, capability)
{
    public const byte H264 = 20, Av1 = 21;

    private readonly Region?[] regions = new Region?[VideoLimits.MaxRegions];

    public static VideoOp CreateH264() => new(H264, OpTable.H264, static (width, height) => new H264Decoder(width, height));

    public static VideoOp CreateAv1() => new(Av1, OpTable.Av1, static (width, height) => new Av1Decoder(width, height));

    public override void Show(PixelRect area, byte argument, ReadOnlySpan<byte> data, Frame picture)
    {
        var says = VideoArgument.Read(argument);
        ref var region = ref regions[says.Region];
        if (says.IsEnd)
        {
            region?.Dispose();
            region = null;
            _ = data.IsEmpty ? 0 : throw new ProtocolException("A video that ends has a frame.");
            return;
        }

        if (says.IsFirst)
        {
            region?.Dispose();
            region = null;
            region = VideoLimits.Allows(area.Width, area.Height) ? new(create(area.Width, area.Height), area.Width, area.Height)
                : throw new ProtocolException($"A video of {area.Width} x {area.Height} pixels is out of range.");
        }

        if (region is null || region.Width != area.Width || region.Height != area.Height)
        {
            throw new ProtocolException("A video goes on that is not there, or in another size.");
        }

        region.Show(area, says.HasHoles, data, picture);
    }

    public override void Forget()
    {
        for (int i = 0; i < regions.Length; i++)
        {
            regions[i]?.Dispose();
            regions[i] = null;
        }
    }

    public override void Dispose() => Forget();

    private sealed class Region(VideoDecoder decoder, int width, int height) : IDisposable
    {
        private readonly VideoHoles holes = new();
        private Frame? whole;

        public int Width => width;

        public int Height => height;

        public void Show(PixelRect area, bool hasHoles, ReadOnlySpan<byte> data, Frame picture)
        {
            if (!hasHoles)
            {
                decoder.Decode(data, picture, area);
                return;
            }

            var reader = new WireReader(data);
            holes.Read(ref reader, width, height);
            whole ??= new(width, height);
            decoder.Decode(reader.Rest, whole, whole.Bounds);
            var at = (0, 0);
            while (holes.NextRest(width, height, ref at) is { IsEmpty: false } rest)
            {
                for (int y = rest.Y; y < rest.Bottom; y++)
                {
                    whole.Row(y, rest.X, rest.Width).CopyTo(picture.Row(area.Y + y, area.X + rest.X, rest.Width));
                }
            }
        }

        public void Dispose() => decoder.Dispose();
    }
}
