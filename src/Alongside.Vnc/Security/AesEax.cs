using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Alongside.Vnc.Security;

/// <summary>
/// AES in EAX mode (Bellare, Rogaway, Wagner 2004): the counter mode under a nonce, and a tag of 16 bytes over nonce, header and what was encrypted. Platforms do
/// not have it; made of the block cipher they have. Not thread-safe.
/// </summary>
internal sealed class AesEax : IDisposable
{
    public const int TagLength = 16;
    private const int Block = 16;

    private readonly Aes aes = Aes.Create();
    private readonly byte[] whole = new byte[Block];
    private readonly byte[] cut = new byte[Block];
    private byte[] scratch = [];
    private byte[] result = [];

    /// <param name="key">16 or 32 bytes.</param>
    public AesEax(ReadOnlySpan<byte> key)
    {
        aes.Key = key.ToArray();
        Span<byte> zero = stackalloc byte[Block];
        aes.EncryptEcb(zero, whole, PaddingMode.None);
        Double(whole, whole);
        Double(whole, cut);
    }

    /// <summary>Encrypts in place, and makes the tag.</summary>
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> header, Span<byte> text, Span<byte> tag)
    {
        Span<byte> start = stackalloc byte[Block];
        Mac(0, nonce, start);
        Counter(start, text);
        Tag(start, header, text, tag);
    }

    /// <summary>Decrypts in place; false, and nothing is changed, when the tag is not theirs.</summary>
    public bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> header, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        Span<byte> start = stackalloc byte[Block], own = stackalloc byte[Block];
        Mac(0, nonce, start);
        Tag(start, header, text, own);
        if (!CryptographicOperations.FixedTimeEquals(own, tag))
        {
            return false;
        }

        Counter(start, text);
        return true;
    }

    public void Dispose() => aes.Dispose();

    private void Tag(ReadOnlySpan<byte> start, ReadOnlySpan<byte> header, ReadOnlySpan<byte> text, Span<byte> tag)
    {
        Span<byte> part = stackalloc byte[Block];
        start.CopyTo(tag);
        Mac(1, header, part);
        Xor(tag, part);
        Mac(2, text, part);
        Xor(tag, part);
    }

    /// <summary>CMAC (RFC 4493) of a block that ends with <paramref name="kind"/>, and the text.</summary>
    private void Mac(byte kind, ReadOnlySpan<byte> text, Span<byte> mac)
    {
        int length = Block + Math.Max(0, (text.Length + Block - 1) / Block * Block);
        var blocks = Scratch(ref scratch, length);
        blocks.Clear();
        blocks[Block - 1] = kind;
        text.CopyTo(blocks[Block..]);
        if (text.Length % Block == 0)
        {
            Xor(blocks[^Block..], whole);
        }
        else
        {
            blocks[Block + text.Length] = 0x80;
            Xor(blocks[^Block..], cut);
        }

        Span<byte> zero = stackalloc byte[Block];
        var chained = Scratch(ref result, length);
        aes.EncryptCbc(blocks, zero, chained, PaddingMode.None);
        chained[^Block..].CopyTo(mac);
    }

    private void Counter(ReadOnlySpan<byte> start, Span<byte> text)
    {
        int length = (text.Length + Block - 1) / Block * Block;
        var counters = Scratch(ref scratch, length);
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(start), low = BinaryPrimitives.ReadUInt64BigEndian(start[8..]);
        for (int at = 0; at < length; at += Block)
        {
            BinaryPrimitives.WriteUInt64BigEndian(counters[at..], high);
            BinaryPrimitives.WriteUInt64BigEndian(counters[(at + 8)..], low);
            high += ++low == 0 ? 1u : 0u;
        }

        var stream = Scratch(ref result, length);
        aes.EncryptEcb(counters, stream, PaddingMode.None);
        Xor(text, stream[..text.Length]);
    }

    private static Span<byte> Scratch(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new byte[length];
        }

        return buffer.AsSpan(0, length);
    }

    private static void Xor(Span<byte> into, ReadOnlySpan<byte> with)
    {
        for (int i = 0; i < with.Length; i++)
        {
            into[i] ^= with[i];
        }
    }

    /// <summary>Times x in GF(2^128).</summary>
    private static void Double(ReadOnlySpan<byte> value, Span<byte> doubled)
    {
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(value), low = BinaryPrimitives.ReadUInt64BigEndian(value[8..]);
        ulong carry = (high >> 63) * 0x87;
        BinaryPrimitives.WriteUInt64BigEndian(doubled, (high << 1) | (low >> 63));
        BinaryPrimitives.WriteUInt64BigEndian(doubled[8..], (low << 1) ^ carry);
    }
}
