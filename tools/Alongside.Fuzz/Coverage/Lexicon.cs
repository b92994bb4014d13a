using System.Buffers.Binary;
using System.Text;

namespace Alongside.Fuzz.Coverage;

/// <summary>What the code compares its input with: numbers, and words of at most 32 bytes, each with the type that does. A text file beside the instrumented program.</summary>
internal sealed class Lexicon
{
    private readonly HashSet<(string Type, string Word)> words = [];

    public void Add(string type, ReadOnlySpan<byte> word) => words.Add((type, Convert.ToHexString(word)));

    /// <summary>In as few bytes as hold it, big-endian; one byte is found without help.</summary>
    public void Add(string type, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        if (number is < 0 or > 0xffff)
        {
            Add(type, bytes);
        }
        else if (number > 0xff)
        {
            Add(type, bytes[2..]);
        }
    }

    public void Write(string file) => File.WriteAllLines(file, words.Select(word => $"{word.Word} {word.Type}").Order(StringComparer.Ordinal), Encoding.UTF8);

    /// <summary>The words of one part of the code, in a stable order.</summary>
    /// <param name="file">Written by <see cref="Write"/>; without it there are no words.</param>
    /// <param name="area">The beginning of the types' full names.</param>
    public static byte[][] Read(string file, string area) => !File.Exists(file) ? [] :
        [.. File.ReadLines(file).Select(line => line.Split(' ', 2))
            .Where(line => line[1].StartsWith(area, StringComparison.Ordinal)).Select(line => line[0]).Distinct().Select(Convert.FromHexString)];
}
