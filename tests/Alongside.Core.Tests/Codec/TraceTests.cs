using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Session;

namespace Alongside.Core.Tests.Codec;

/// <summary>Pieces of real programs at work (tests/vectors/traces/README.md), frame by frame through encoder and decoder.</summary>
public sealed class TraceTests
{
    public static TheoryData<string> Traces() => [.. Directory.GetFiles(Folder(), "*.trace").Select(path => Path.GetFileName(path))];

    /// <summary>A little more than what the encoder needs today for all frames of a piece, its first picture among them: whoever makes it worse shall notice.</summary>
    [Theory]
    [InlineData("drag-over-windows", 25_000)]
    [InlineData("editor-scroll", 29_500)]
    [InlineData("editor-typing", 7_000)]
    [InlineData("page-loads", 34_000)]
    [InlineData("terminal-scroll", 59_500)]
    [InlineData("typing", 20_000)]
    [InlineData("video", 39_000)]
    [InlineData("web-scroll", 121_000)]
    [InlineData("window-switch", 43_000)]
    public void Needs_no_more_bytes_than_it_did(string name, int most) =>
        Assert.InRange(RoundTrip(name + ".trace", UpdateEncoder.Shared(Capability.Known)), 1, most);

    [Theory]
    [MemberData(nameof(Traces))]
    public void Every_frame_arrives_exactly_with_everything_a_viewer_knows(string name) => RoundTrip(name, UpdateEncoder.Shared(Capability.Known));

    [Theory]
    [MemberData(nameof(Traces))]
    public void Every_frame_arrives_exactly_with_the_least_a_viewer_knows(string name) => RoundTrip(name, [Capability.Tiles]);

    /// <summary>Returns the length of all updates together.</summary>
    private static int RoundTrip(string name, IEnumerable<ushort> capabilities)
    {
        int bytes = 0;
        using var encoder = new UpdateEncoder([.. capabilities]);
        using var decoder = new UpdateDecoder();
        var update = new ArrayBufferWriter<byte>();
        var damage = new DamageRegion();
        int frames = 0;
        foreach (var frame in Read(Path.Combine(Folder(), name)))
        {
            damage.Clear();
            damage.Add(frame.Bounds);
            update.ResetWrittenCount();
            Assert.True(encoder.TryEncode(frame, damage, new() { Now = frames * 33_333L }, update, out _));
            bytes += update.WrittenCount;
            decoder.Apply(update.WrittenSpan, out _);
            Assert.True(frame.Pixels.SequenceEqual(decoder.Picture.Pixels), $"Frame {frames} is not what was sent.");
            frames++;
        }

        Assert.True(frames > 3);
        return bytes;
    }

    private static IEnumerable<Frame> Read(string path)
    {
        using var input = new BrotliStream(File.OpenRead(path), CompressionMode.Decompress);
        byte[] header = new byte[6];
        input.ReadExactly(header);
        var frame = new Frame(BinaryPrimitives.ReadUInt16BigEndian(header), BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)));
        byte[] rgb = new byte[frame.Bounds.Area * 3];
        for (int left = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(4)); left > 0; left--)
        {
            input.ReadExactly(rgb);
            for (int i = 0; i < rgb.Length / 3; i++)
            {
                frame.Pixels[i] = (uint)((rgb[i * 3] << 16) | (rgb[(i * 3) + 1] << 8) | rgb[(i * 3) + 2]);
            }

            yield return frame;
        }
    }

    private static string Folder([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../vectors/traces"));
}
