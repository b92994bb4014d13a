using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Alongside.Core.Wire;

namespace Alongside.Vnc.Extensions;

/// <summary>
/// The clipboard in UTF-8: a cut-text message whose length is negative (the registry's "Extended Clipboard", -0x3F5E1A32). The message is the negative
/// length's worth of
/// <code>
/// u32 flags: formats 0..15 (0 text), 24 caps, 25 request, 26 peek, 27 notify, 28 provide
/// caps: u32 size for each format named · provide: zlib of u32 size, data for each format named
/// </code>
/// Text has CR LF at its line ends and a 0 at its end.
/// </summary>
internal static class ExtendedClipboard
{
    public const uint Text = 1;
    public const uint FormatMask = 0xFFFF;
    public const uint Caps = 1 << 24;
    public const uint Request = 1 << 25;
    public const uint Peek = 1 << 26;
    public const uint Notify = 1 << 27;
    public const uint Provide = 1 << 28;

    /// <summary>The largest text either way, in bytes of UTF-8.</summary>
    public const int MaxText = 4 * 1024 * 1024;

    /// <summary>
    /// The largest text that is sent unasked, or to a server, in bytes as they are sent: others close the connection on more than 1 MiB (libvncclient; libvncserver, and
    /// with it x11vnc and vino; QEMU). The rest of the MiB is for what packing adds at worst.
    /// </summary>
    public const int MaxSent = 1023 * 1024;

    /// <summary>The largest message: text that does not compress, and what is around it.</summary>
    public const int MaxMessage = MaxText + (64 * 1024);

    /// <summary>What this side can do; sent once, when the other side has said that it knows the extension.</summary>
    public static byte[] WriteCaps()
    {
        var message = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(message, Caps | Request | Peek | Notify | Provide | Text);

        // No text is sent without being asked for: a large one that nobody pastes costs nothing.
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), 0);
        return message;
    }

    /// <summary>A message of flags alone: a request, a peek, or a notice of the formats there are.</summary>
    public static byte[] WriteFlags(uint flags)
    {
        var message = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(message, flags);
        return message;
    }

    /// <summary>The text itself.</summary>
    public static byte[] WriteText(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));
        var packed = new MemoryStream();
        packed.Write(WriteFlags(Provide | Text));
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var size = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(size, utf8.Length + 1);
            zlib.Write(size);
            zlib.Write(utf8);
            zlib.WriteByte(0);
        }

        return packed.ToArray();
    }

    /// <summary>Bytes of UTF-8 that the text is in a message, before it is packed.</summary>
    public static int SizeOf(string text) => Encoding.UTF8.GetByteCount(text.ReplaceLineEndings("\r\n")) + 1;

    public static uint ReadFlags(ReadOnlySpan<byte> message) => new WireReader(message).ReadU32();

    /// <summary>How many bytes of UTF-8 the text of a provide message says it has; 0 when it holds other formats only.</summary>
    /// <exception cref="ProtocolException">It does not unpack.</exception>
    public static long StatedSize(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        if ((reader.ReadU32() & Text) == 0)
        {
            return 0;
        }

        // The first bytes are enough to unpack four.
        using var zlib = new ZLibStream(new MemoryStream(reader.Take(Math.Min(reader.Remaining, 512)).ToArray()), CompressionMode.Decompress);
        try
        {
            Span<byte> size = stackalloc byte[4];
            zlib.ReadExactly(size);
            return BinaryPrimitives.ReadUInt32BigEndian(size);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            throw new ProtocolException("A clipboard does not unpack.");
        }
    }

    /// <summary>The text of a provide message, with LF at its line ends; null when it holds other formats only.</summary>
    /// <exception cref="ProtocolException">It unpacks to something else, or to more than there may be.</exception>
    public static string? ReadText(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        if ((reader.ReadU32() & Text) == 0)
        {
            return null;
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(reader.Remaining);
        try
        {
            reader.Rest.CopyTo(rented);
            using var zlib = new ZLibStream(new MemoryStream(rented, 0, reader.Remaining), CompressionMode.Decompress);
            Span<byte> size = stackalloc byte[4];
            zlib.ReadExactly(size);
            int length = BinaryPrimitives.ReadInt32BigEndian(size);
            if (length is < 0 or > MaxText + 1)
            {
                throw new ProtocolException($"A clipboard of {(uint)length} bytes was sent; {MaxText} are the most.");
            }

            return ReadText(zlib, length);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            throw new ProtocolException("A clipboard does not unpack.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Grows with what really unpacks, not with what was promised.</summary>
    private static string ReadText(Stream unpacked, int length)
    {
        var text = new MemoryStream();
        Span<byte> piece = stackalloc byte[4096];
        while (text.Length < length)
        {
            int read = unpacked.Read(piece[..(int)Math.Min(piece.Length, length - text.Length)]);
            if (read == 0)
            {
                throw new EndOfStreamException();
            }

            text.Write(piece[..read]);
        }

        var utf8 = text.GetBuffer().AsSpan(0, length);
        int end = utf8.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? utf8 : utf8[..end]).Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
