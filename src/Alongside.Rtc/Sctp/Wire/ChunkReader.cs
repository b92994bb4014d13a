using System.Buffers.Binary;

namespace Alongside.Rtc.Sctp.Wire;

/// <summary>
/// Walks the chunks of a packet, or the parameters of a chunk: both are a type, a length that counts its own four bytes, a value, and padding to the
/// next four. What does not fit ends the walk and sets <see cref="IsBroken"/>.
/// </summary>
/// <remarks><code>
/// chunk      type:u8  flags:u8  length:u16  value
/// parameter  type:u16           length:u16  value
/// </code></remarks>
internal ref struct ChunkReader(ReadOnlySpan<byte> chunks)
{
    public const int HeaderLength = 4;

    private ReadOnlySpan<byte> rest = chunks;

    public ushort ParameterType { get; private set; }

    public readonly byte Type => (byte)(ParameterType >> 8);

    public readonly byte Flags => (byte)ParameterType;

    public ReadOnlySpan<byte> Value { get; private set; }

    public bool IsBroken { get; private set; }

    public bool MoveNext()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        int length = rest.Length < HeaderLength ? 0 : BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (length < HeaderLength || length > rest.Length)
        {
            IsBroken = true;
            rest = default;
            return false;
        }

        ParameterType = BinaryPrimitives.ReadUInt16BigEndian(rest);
        Value = rest[HeaderLength..length];

        // The padding of the last one may be missing.
        rest = rest[Math.Min(rest.Length, (length + 3) & ~3)..];
        return true;
    }
}
