using System.IO.Compression;
using Alongside.Core.Wire;
using Alongside.Fuzz.Cases;
using Alongside.Vnc.Client;
using Alongside.Vnc.Encodings;
using Alongside.Vnc.Wire;

namespace Alongside.Fuzz.Targets.Vnc;

/// <summary>
/// Rectangles behind a real compressor. A message: <c>u8 encoding (0 Zlib, 1 ZRLE, 2 and 3 Tight) | u8 x | u8 y | u8 width | u8 height | unpacked data</c>; of Tight the data
/// begins with <c>u8 control | u8 count | bytes * count</c>, which are not packed.
/// </summary>
public sealed class PackedTarget() : Target("rfb-packed", "Alongside.Vnc.Encodings")
{
    public override bool IsRefusal(Exception error) => error is ProtocolException or RfbRefusedException;

    public override IEnumerable<Case> Seeds()
    {
        yield return new([[0, 0, 0, 4, 4, .. new byte[64]], [0, 1, 1, 2, 2, .. new byte[16]]]);
        yield return new([[1, 0, 0, 9, 9, 0, .. new byte[9 * 9 * 3]], [1, 0, 0, 9, 9, 2, 1, 2, 3, 4, 5, 6, .. new byte[18]], [1, 0, 0, 9, 9, 128, 1, 2, 3, 80], [1, 0, 0, 3, 1, 130, 1, 1, 1, 2, 2, 2, 0, 129, 1]]);
        yield return new([[1, 0, 0, 70, 50, 1, 1, 2, 3, 1, 3, 2, 1]]);
        yield return new([[2, 0, 0, 8, 8, 0, 0, .. new byte[192]], [2, 0, 0, 8, 8, 0x50, 8, 1, 1, 9, 9, 9, 8, 8, 8, .. new byte[8]], [2, 0, 0, 8, 8, 0x40, 1, 2, .. new byte[192]]]);
        yield return new([[2, 0, 0, 20, 20, 0x60, 11, 1, 2, 9, 9, 9, 8, 8, 8, 7, 7, 7, .. new byte[400]]]);
    }

    public override Subject Start() => new Packer();

    private sealed class Packer : ClientSubject
    {
        private readonly MemoryStream packed = new();
        private readonly ZLibStream[] streams;

        public Packer()
        {
            streams = [.. Enumerable.Range(0, 6).Select(_ => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))];
            base.Take(ServerBytes.Desktop(200, 150));
        }

        public override void Take(ReadOnlySpan<byte> message)
        {
            if (message.Length < 5)
            {
                return;
            }

            int kind = message[0] & 3;
            var rect = new ServerBytes().Rect(message[1], message[2], message[3], message[4], kind switch { 0 => EncodingNumber.Zlib, 1 => EncodingNumber.Zrle, _ => EncodingNumber.Tight });
            var data = message[5..];
            if (kind < 2)
            {
                byte[] bytes = Pack(kind, data);
                rect.U32((uint)bytes.Length).Raw(bytes);
            }
            else if (data.Length >= 2)
            {
                int plain = Math.Min(data[1], data.Length - 2);
                rect.Raw(data[0]).Raw(data.Slice(2, plain));
                WriteTight(rect, data[0], data[(2 + plain)..]);
            }

            base.Take(rect.All);
        }

        // Compressing is the attacker's work and not counted as the decoder's, but it is done on the way.
        public override long MemoryFor(ReadOnlySpan<byte> message) => (2 * 1024 * 1024) + base.MemoryFor(message);

        protected override void Dispose(bool disposing)
        {
            foreach (var stream in streams)
            {
                stream.Dispose();
            }

            base.Dispose(disposing);
        }

        private void WriteTight(ServerBytes rect, byte control, ReadOnlySpan<byte> data)
        {
            // What is shorter than this is not packed (RFB 7.7.5).
            if (data.Length < 12)
            {
                rect.Raw(data);
                return;
            }

            byte[] bytes = Pack(2 + ((control >> 4) & 3), data);
            rect.Raw((byte)(0x80 | (bytes.Length & 0x7f)), (byte)((bytes.Length >> 7) & 0x7f)).Raw(bytes);
        }

        private byte[] Pack(int stream, ReadOnlySpan<byte> data)
        {
            packed.SetLength(0);
            streams[stream].Write(data);
            streams[stream].Flush();
            return packed.ToArray();
        }
    }
}
