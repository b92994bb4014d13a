using Alongside.Fuzz.Cases;
using Alongside.Vnc.Extensions;

namespace Alongside.Fuzz.Targets.Vnc;

/// <summary>Messages of the extended clipboard: with bit 0 of the first byte as they are, else <c>u32 flags | data</c>, whose data is packed.</summary>
public sealed class ClipboardTarget() : ParserTarget("rfb-clipboard", "Alongside.Vnc.Extensions")
{
    public override IEnumerable<Case> Seeds() =>
    [
        Vectors.One([1, .. ExtendedClipboard.WriteText("hello\nworld")]), Vectors.One([1, .. ExtendedClipboard.WriteCaps()]),
        Vectors.One([0, 0x10, 0, 0, 1, 0, 0, 0, 4, .. "a\r\n\0"u8]), Vectors.One([0, 0x10, 0, 0, 1, 0x7f, 0xff, 0xff, 0xff, .. "a\r\n\0"u8]),
    ];

    protected override void Parse(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty)
        {
            return;
        }

        var bytes = (message[0] & 1) != 0 || message.Length < 5 ? message[1..] : [.. message[1..5], .. ServerBytes.Zlib(message[5..])];
        ExtendedClipboard.ReadFlags(bytes);
        ExtendedClipboard.StatedSize(bytes);
        ExtendedClipboard.ReadText(bytes);
    }

    // Text of 1,000 times the message's length is what zlib can make of it; then it is a string, and again one with other line ends.
    protected override long MemoryFor(ReadOnlySpan<byte> message) => 1024 * 1024 + Math.Min(6 * ExtendedClipboard.MaxText, 8000L * message.Length);
}
