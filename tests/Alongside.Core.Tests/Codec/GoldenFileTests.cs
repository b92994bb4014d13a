using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Codec;

/// <summary>The files that the decoder in the browser reads too (tests/vectors/codec/README.md).</summary>
public sealed class GoldenFileTests
{
    public static TheoryData<string> Files() => [.. Directory.GetFiles(Folder(), "*.bin").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Decodes_to_the_same_pictures(string name)
    {
        var accepted = new List<byte[]>();
        using var decoder = new UpdateDecoder();
        int checkedUpdates = 0;
        foreach (var (update, hash) in Read(Path.Combine(Folder(), name)))
        {
            if (hash.All(b => b == 0))
            {
                AssertRefused(accepted, update, checkedUpdates);
            }
            else
            {
                decoder.Apply(update, out _);
                Assert.Equal(Convert.ToHexString(hash), Convert.ToHexString(Hash(decoder.Picture)));
                accepted.Add(update);
            }

            checkedUpdates++;
        }

        Assert.True(checkedUpdates >= 4);
    }

    private static void AssertRefused(List<byte[]> before, byte[] update, int place)
    {
        using var decoder = new UpdateDecoder();
        foreach (byte[] good in before)
        {
            decoder.Apply(good, out _);
        }

        Assert.True(Record.Exception(() => decoder.Apply(update, out _)) is ProtocolException, $"Update {place} was not refused as it should be.");
    }

    private static IEnumerable<(byte[] Update, byte[] Hash)> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        for (int at = 0; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            yield return (file[(at + 4)..(at + 4 + length)], file[(at + 4 + length)..(at + 36 + length)]);
            at += length + 36;
        }
    }

    private static byte[] Hash(Frame frame)
    {
        byte[] rgb = new byte[frame.Pixels.Length * 3];
        for (int i = 0; i < frame.Pixels.Length; i++)
        {
            uint pixel = frame.Pixels[i];
            (rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]) = ((byte)(pixel >> 16), (byte)(pixel >> 8), (byte)pixel);
        }

        return SHA256.HashData(rgb);
    }

    private static string Folder([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../vectors/codec"));
}
