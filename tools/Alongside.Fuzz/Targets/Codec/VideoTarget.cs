using Alongside.Core.Codec;
using Alongside.Core.Codec.Video;
using Alongside.Core.Pixels;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Codec;

/// <summary>Frames of a region of 48 x 32 pixels, one after another, as one of the video decoders gets them.</summary>
public abstract class VideoTarget(string name) : Target(name, "Alongside.Core.Codec.Video")
{
    private const int Width = 48, Height = 32;

    public override IEnumerable<Case> Seeds() => ((int[])[20, 40]).Select(quality => new Case(Encode(CreateEncoder, Width, Height, quality, 4)));

    public override Subject Start() => new Region(CreateDecoder(Width, Height));

    internal abstract VideoEncoder CreateEncoder(int width, int height, int quality);

    internal abstract VideoDecoder CreateDecoder(int width, int height);

    /// <summary>A film of a pattern that moves, a unit a frame.</summary>
    internal static List<byte[]> Encode(Func<int, int, int, VideoEncoder> create, int width, int height, int quality, int frames)
    {
        using var encoder = create(width, height, quality);
        var picture = new YuvPicture(width, height);
        var frame = new Frame(width, height);
        var units = new List<byte[]>();
        for (int number = 0; number < frames; number++)
        {
            for (int i = 0; i < frame.Pixels.Length; i++)
            {
                frame.Pixels[i] = (uint)(((i + number) * 7919) & 0xffffff);
            }

            picture.Load(frame, frame.Bounds);
            var unit = new ByteBuffer();
            encoder.Encode(picture, quality, unit);
            units.Add(unit.Written.ToArray());
        }

        return units;
    }

    private sealed class Region(VideoDecoder decoder) : Subject
    {
        private readonly Frame frame = new(Width, Height);

        public override long MemoryFor(ReadOnlySpan<byte> message) => 16 * 1024;

        public override void Take(ReadOnlySpan<byte> message) => decoder.Decode(message, frame, frame.Bounds);

        protected override void Dispose(bool disposing) => decoder.Dispose();
    }
}
