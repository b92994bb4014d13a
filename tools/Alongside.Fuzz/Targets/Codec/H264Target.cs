using Alongside.Core.Codec;
using Alongside.Core.Codec.Video;
using Alongside.Core.Codec.Video.OpenH264;
using Alongside.Core.Pixels;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Codec;

/// <summary>Access units of a region of 48 x 32 pixels.</summary>
public sealed class H264Target() : Target("h264", "Alongside.Core.Codec.Video")
{
    private const int Width = 48, Height = 32;

    public override IEnumerable<Case> Seeds()
    {
        foreach (int quality in (int[])[20, 40])
        {
            using var encoder = new H264Encoder(Width, Height, quality);
            var picture = new YuvPicture(Width, Height);
            var frame = new Frame(Width, Height);
            var units = new List<byte[]>();
            for (int number = 0; number < 4; number++)
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

            yield return new(units);
        }
    }

    public override Subject Start() => new Region();

    private sealed class Region : Subject
    {
        private readonly H264Decoder decoder = new(Width, Height);
        private readonly Frame frame = new(Width, Height);

        public override long MemoryFor(ReadOnlySpan<byte> message) => 16 * 1024;

        public override void Take(ReadOnlySpan<byte> message) => decoder.Decode(message, frame, frame.Bounds);

        protected override void Dispose(bool disposing) => decoder.Dispose();
    }
}
