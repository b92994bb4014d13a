using System.Buffers;
using System.Buffers.Binary;
using Alongside.Core.Codec;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Codec.Pictures;
using Alongside.Core.Codec.Video;
using Alongside.Core.Codec.Video.Aom;
using Alongside.Core.Codec.Video.OpenH264;
using Alongside.Core.Codec.Zstd;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Core.Wire;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Codec;

/// <summary>
/// Operations behind a real compressor, where random bytes would not get. A message, made into an update of a picture of 1 to 256 pixels a side:
/// <code>
/// u8 flags (bits 0-3 as on the wire; 4: the short form; 5: a sequence that does not follow) | u8 width - 1 | u8 height - 1 | u16 packed | operations | loose part
/// </code>
/// </summary>
public sealed class OperationsTarget() : Target("operations", "Alongside.Core.Codec")
{
    private const int Head = 5;

    public override IEnumerable<Case> Seeds()
    {
        foreach (var updates in GoldenUpdates.Read(6000))
        {
            if (Unpack(updates) is { Messages.Count: > 0 } unpacked)
            {
                yield return unpacked;
            }
        }

        byte[] area = [0, 1, 0, 1, 0, 8, 0, 8];
        yield return One([1, .. area, 10, 20, 30, 16, .. area, 0, 3, 0, 4, 17, .. area, 4, 17, .. area, 0], []);
        yield return One([17, .. area, 4 + 1 + 8, 0, 2, 0, 2, 17, .. area, 1, 17, .. area, 2], []);
        byte[] data = PictureData();
        yield return new([[3 | 8, 31, 31, 0, 1, 22, 0, 1, 19, .. area, 75, 0, 0, 0, (byte)data.Length, .. data]]);
        yield return Film(20, static (width, height, quality) => new H264Encoder(width, height, quality));
        yield return Film(21, static (width, height, quality) => new Av1Encoder(width, height, quality));

        // Glyphs: a symbol of 2 x 2, in two colours, then again further on, on the next line and in another place of the book.
        byte[] symbol = [0, 2, 2, 1, 2, 1, 2, 3, 4, 5, 6, 0, 1, 1, 0], twoBytes = [1, 2, 2, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0];
        yield return One([18, .. area, 250, 250, 250, 208, .. symbol, 0, 226, 0, 214, 18, .. area, 9, 9, 9, 210, 8, 2, 0, 211, 2, 0, 212, 255, 0, 214], []);
        yield return One([18, .. area, 250, 250, 250, 208, .. symbol, 209, 0, 0, .. twoBytes, 192, 0, 213, 208, .. symbol, 214], []);
    }

    public override Subject Start() => new Composer();

    private static byte[] PictureData()
    {
        using var encoder = new JpegEncoder();
        return JpegFile.TryReadData(encoder.Encode(new uint[64], 8, 8, 8, 75), 8, 8, 75, out var data) ? data.ToArray() : [];
    }

    private static Case One(byte[] operations, byte[] loose) => new([[3, 31, 31, (byte)(operations.Length >> 8), (byte)operations.Length, .. operations, .. loose]]);

    /// <summary>A region of 16 x 16 pixels that begins, goes on with a hole in it, moves, and ends.</summary>
    private static Case Film(byte op, Func<int, int, int, VideoEncoder> create)
    {
        var units = VideoTarget.Encode(create, 16, 16, 40, 3);
        byte[] here = [0, 1, 0, 1, 0, 16, 0, 16], moved = [0, 9, 0, 3, 0, 16, 0, 16], hole = [1, 0, 2, 0, 2, 0, 4, 0, 4];
        return new([Update(3, here, 4, units[0]), Update(0, here, 16, [.. hole, .. units[1]]), Update(0, moved, 0, units[2]), Update(0, moved, 8, [])]);

        byte[] Update(byte flags, byte[] area, byte argument, byte[] unit) =>
            [(byte)(flags | 8), 31, 31, 0, 1, 22, 0, 1, op, .. area, argument, 0, 0, (byte)(unit.Length >> 8), (byte)unit.Length, .. unit];
    }

    /// <summary>Honest updates taken apart, as far as their pictures are small enough.</summary>
    private static Case Unpack(List<byte[]> updates)
    {
        using var unpacker = new ZstdDecompressor();
        var messages = new List<byte[]>();
        UpdateHeader before = default;
        foreach (byte[] update in updates)
        {
            try
            {
                var reader = new WireReader(update);
                before = UpdateHeader.Read(ref reader, before);
                if (before.IsReset)
                {
                    unpacker.Reset();
                }

                var packed = new ByteBuffer();
                unpacker.Decompress(reader.Take(before.PackedLength), packed, 1 << 16);
                if (before.Width is < 1 or > 256 || before.Height is < 1 or > 256 || packed.Length > 4000)
                {
                    break;
                }

                messages.Add([(byte)before.Flags, (byte)(before.Width - 1), (byte)(before.Height - 1), (byte)(packed.Length >> 8), (byte)packed.Length, .. packed.Written, .. reader.Rest]);
            }
            catch (ProtocolException)
            {
                // One of those that must be refused.
                break;
            }
        }

        return new(messages);
    }

    private sealed class Composer : DecoderSubject
    {
        private readonly ZstdCompressor compressor = new();
        private readonly ByteBuffer packed = new();
        private readonly ArrayBufferWriter<byte> update = new();
        private uint sequence;

        public override long StepsFor(ReadOnlySpan<byte> message)
        {
            Compose(message);
            return base.StepsFor(update.WrittenSpan);
        }

        public override long MemoryFor(ReadOnlySpan<byte> message) => base.MemoryFor(update.WrittenSpan);

        public override void Take(ReadOnlySpan<byte> message) => base.Take(update.WrittenSpan);

        protected override void Dispose(bool disposing)
        {
            compressor.Dispose();
            base.Dispose(disposing);
        }

        private void Compose(ReadOnlySpan<byte> message)
        {
            Span<byte> head = stackalloc byte[Head];
            head.Clear();
            message[..Math.Min(Head, message.Length)].CopyTo(head);
            var body = message[Math.Min(Head, message.Length)..];
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(head[3..]), body.Length);
            var flags = (UpdateFlags)(head[0] & 15);
            packed.Clear();
            if ((flags & UpdateFlags.Reset) != 0)
            {
                compressor.Reset();
            }

            compressor.Compress(body[..length], packed);
            sequence += (head[0] & 32) != 0 ? 2u : 1u;
            update.ResetWrittenCount();
            new UpdateHeader(flags, sequence, head[1] + 1, head[2] + 1, packed.Length).Write(update, (head[0] & 16) != 0);
            update.Write(packed.Written);
            update.Write(body[length..]);
        }
    }
}
