using System.Buffers.Binary;

namespace Alongside.Fuzz.Targets.Codec;

/// <summary>Updates of the golden files in <c>tests/vectors/codec</c>: <c>( u32 length | update | 32 bytes of hash ) *</c>.</summary>
internal static class GoldenUpdates
{
    private const int HashLength = 32;

    /// <summary>The first updates of each file, as many as fit.</summary>
    public static IEnumerable<List<byte[]>> Read(int maxLength)
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(Vectors.Root, "tests", "vectors", "codec"), "*.bin").Order(StringComparer.Ordinal))
        {
            var rest = File.ReadAllBytes(path).AsSpan();
            var updates = new List<byte[]>();
            int length = 0;
            while (rest.Length > 4)
            {
                int next = BinaryPrimitives.ReadInt32BigEndian(rest);
                if (length + next > maxLength)
                {
                    break;
                }

                updates.Add(rest.Slice(4, next).ToArray());
                length += next;
                rest = rest[(4 + next + HashLength)..];
            }

            if (updates.Count > 0)
            {
                yield return updates;
            }
        }
    }
}
