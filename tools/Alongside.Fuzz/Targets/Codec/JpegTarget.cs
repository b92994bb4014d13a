using System.Buffers.Binary;
using Alongside.Core.Codec.Pictures;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Codec;

/// <summary>JPEG files of VNC servers: <c>u8 width | u8 height | file</c>.</summary>
public sealed class JpegTarget() : Target("jpeg", "Alongside.Core.Codec.Pictures")
{
    public override IEnumerable<Case> Seeds()
    {
        using var encoder = new JpegEncoder();
        var random = new Random(3);
        foreach (var subsampling in Enum.GetValues<ChromaSubsampling>())
        {
            foreach (var (width, height) in ((int, int)[])[(8, 8), (17, 9), (40, 33)])
            {
                uint[] pixels = new uint[width * height];
                foreach (ref uint pixel in pixels.AsSpan())
                {
                    pixel = (uint)random.Next(1 << 24);
                }

                yield return Vectors.One([(byte)width, (byte)height, .. encoder.Encode(pixels, width, width, height, 60, subsampling)]);
            }
        }
    }

    public override Subject Start() => new Decoder();

    private sealed class Decoder : Subject
    {
        private readonly JpegDecoder decoder = new();
        private readonly uint[] pixels = new uint[255 * 255];

        public override long MemoryFor(ReadOnlySpan<byte> message) => 16 * 1024;

        public override void Take(ReadOnlySpan<byte> message)
        {
            if (message.Length >= 2)
            {
                decoder.Decode(message[2..], pixels, 255, Math.Max((byte)1, message[0]), Math.Max((byte)1, message[1]));
            }
        }

        protected override void Dispose(bool disposing) => decoder.Dispose();
    }
}
