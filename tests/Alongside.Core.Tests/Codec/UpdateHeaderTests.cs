using System.Buffers;
using Alongside.Core.Codec;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Codec;

/// <summary>Both forms say the same; the short one only what is new.</summary>
public sealed class UpdateHeaderTests
{
    private static readonly UpdateHeader Before = new(UpdateFlags.None, 0xFFFF_FFFF, 640, 480, 7);

    [Theory]
    [InlineData(0, 0u, 0, 3)]
    [InlineData(8, 0u, 127, 3)]
    [InlineData(0, 0u, 128, 4)]
    [InlineData(1, 77777u, 300, 7)]
    [InlineData(2, 0u, 1, 7)]
    [InlineData(7, 5u, 200_000, 12)]
    public void What_was_written_is_read(int flags, uint sequence, int length, int shortBytes)
    {
        var written = new UpdateHeader((UpdateFlags)flags, sequence, 640, 480, length);
        foreach (bool isShort in new[] { false, true })
        {
            var output = new ArrayBufferWriter<byte>();
            int bytes = written.Write(output, isShort);
            output.Write(new byte[length]);

            var reader = new WireReader(output.WrittenSpan);
            Assert.Equal(written, UpdateHeader.Read(ref reader, Before));
            Assert.Equal(length, reader.Remaining);
            Assert.Equal(isShort ? shortBytes : UpdateHeader.Length, bytes);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x20, 1, 0x80, 0x80, 0x80, 0x80, 0 }, "no end")]
    [InlineData(new byte[] { 0x20, 0, 2, 0 }, "longer than the update")]
    [InlineData(new byte[] { 0x20, 0 }, "")]
    [InlineData(new byte[] { 0x21, 0, 0 }, "")]
    [InlineData(new byte[] { 0x30, 0, 0 }, "unknown format")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF }, "longer than the update")]
    public void What_is_malformed_is_refused(byte[] update, string why)
    {
        var error = Assert.Throws<ProtocolException>(() =>
        {
            var reader = new WireReader(update);
            UpdateHeader.Read(ref reader, Before);
        });
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_last_byte_than_the_next_ones_is_another_number()
    {
        var reader = new WireReader([0x20, 2, 0]);
        Assert.Equal(2u, UpdateHeader.Read(ref reader, Before).Sequence);
    }
}
