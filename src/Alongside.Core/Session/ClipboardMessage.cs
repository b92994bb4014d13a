using System.Buffers;
using System.Text;
using Alongside.Core.Wire;

namespace Alongside.Core.Session;

/// <summary>
/// Text that somebody copied. Line ends are \n on the wire.
/// <code> u8 1 text | u8 selection (0 clipboard, 1 primary) | utf-8 </code>
/// </summary>
public readonly record struct ClipboardMessage(byte Selection, string Text)
{
    /// <summary>The most text a message may hold, in bytes of UTF-8. More is refused before sending.</summary>
    public const int MaxText = 4 * 1024 * 1024;

    private const byte Type = 1;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ClipboardMessage Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        if (reader.ReadU8() != Type)
        {
            throw new ProtocolException("A clipboard message has an unknown type.");
        }

        byte selection = reader.ReadU8();
        if (selection > 1 || reader.Remaining > MaxText)
        {
            throw new ProtocolException("A clipboard message was out of its range.");
        }

        return new(selection, Utf8(reader.Rest));
    }

    /// <summary>False when the text is over its limit.</summary>
    public bool TryWrite(IBufferWriter<byte> output)
    {
        string text = Text.ReplaceLineEndings("\n");
        if (text.Length > MaxText || Encoding.UTF8.GetByteCount(text) > MaxText)
        {
            return false;
        }

        output.WriteU8(Type);
        output.WriteU8(Selection);
        Encoding.UTF8.GetBytes(text, output);
        return true;
    }

    internal static string Utf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new ProtocolException("A text was not UTF-8.");
        }
    }
}
