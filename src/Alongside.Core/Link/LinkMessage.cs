using System.Buffers.Binary;
using Alongside.Core.Wire;

namespace Alongside.Core.Link;

internal enum LinkWord : byte
{
    /// <summary>On the relay: the sender's payloads take the way from here. On the way: that this was said, to who may miss it.</summary>
    Over = 1,

    /// <summary>On the way: so many payloads have come whole over it.</summary>
    Heard = 2,

    /// <summary>On the relay: the sender takes no more from the way, of which so many payloads have come.</summary>
    Back = 3,

    /// <summary>On the relay, from who leads while a way is in use: how long does this take? To who has said that they answer.</summary>
    Ask = 4,

    /// <summary>On the relay: the answer, with the same number.</summary>
    Answer = 5,

    /// <summary>On the relay: the sender's payloads on it are counted from here, should this way be taken.</summary>
    Mark = 6,

    /// <summary>On the way: so many payloads since the other's mark, sent on the relay, are delivered.</summary>
    Came = 7,

    /// <summary>On the way: so many that follow here are those that were sent on the relay after these, the last before `over`.</summary>
    Rest = 8,
}

/// <summary>
/// What two ends of a link tell each other about their paths, beside the payloads (docs/protocol/direct.md, "Link").
/// <code>
/// 0x22 | u8 word | u16 way [| u32 count]        a way is counted from 1; `over` and `mark` have no count; `ask` and `answer` have a number in its place
/// </code>
/// </summary>
internal readonly record struct LinkMessage(LinkWord Word, int Way, uint Count)
{
    public const byte Kind = 0x22;

    /// <summary>The first byte of a part of a payload that goes on in the next message.</summary>
    public const byte Part = 0x23;

    /// <summary>The first byte of the last part.</summary>
    public const byte LastPart = 0x24;

    /// <summary>The most bytes of a message on the channel: a slow line shows signs of life while something large is on it.</summary>
    public const int MaxOnChannel = 16_384;

    public const int MaxLength = 8;

    /// <summary>Writes it and gives its length.</summary>
    public int Write(Span<byte> output)
    {
        output[0] = Kind;
        output[1] = (byte)Word;
        BinaryPrimitives.WriteUInt16BigEndian(output[2..], (ushort)Way);
        if (Word is LinkWord.Over or LinkWord.Mark)
        {
            return 4;
        }

        BinaryPrimitives.WriteUInt32BigEndian(output[4..], Count);
        return MaxLength;
    }

    /// <exception cref="ProtocolException">It is none of these, or not of its length.</exception>
    public static LinkMessage Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        if (reader.ReadU8() != Kind)
        {
            throw new ProtocolException("A message of the link was of an unknown kind.");
        }

        var word = (LinkWord)reader.ReadU8();
        if (word is < LinkWord.Over or > LinkWord.Rest)
        {
            throw new ProtocolException("A message of the link said something unknown.");
        }

        int way = reader.ReadU16();
        uint count = word is LinkWord.Over or LinkWord.Mark ? 0 : reader.ReadU32();
        reader.End();
        return way == 0 ? throw new ProtocolException("A way is counted from one.") : new(word, way, count);
    }
}
