using System.Buffers.Binary;
using Alongside.Core.Secure;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Stun;

/// <summary>
/// Tells who asks from where it sees them (RFC 8489, Binding without credentials). Nobody is sent more bytes than came from them: a question with a forged
/// sender gains an attacker nothing.
/// <para>
/// Browsers ask with a bare header of 20 bytes, and the answer to it has 32. The first such question is only remembered; the same client asks again after a
/// quarter of a second, and now its 40 bytes pay for the answer. Who pads the question is answered at once.
/// </para>
/// What is remembered is a table of fixed size; who falls on another's place loses at most a turn.
/// </summary>
public sealed class StunResponder
{
    /// <summary>An answer's most: an IPv6 address, or what was not understood.</summary>
    public const int MaxAnswer = 64;

    private const int Places = 4096;

    /// <summary>Bytes are remembered so long, in microseconds: all of a client's tries.</summary>
    private const long Memory = 10_000_000;

    private readonly Paid[] paid = new Paid[Places];
    private readonly ulong secret;

    public StunResponder(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.Fill(bytes);
        secret = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Questions that were answered.</summary>
    public long Answered { get; private set; }

    /// <summary>Packets that were not: no questions, or not paid for yet.</summary>
    public long Unanswered { get; private set; }

    /// <param name="answer">Room for <see cref="MaxAnswer"/> bytes.</param>
    /// <returns>Bytes of the answer; 0: none.</returns>
    public int Answer(long now, TransportAddress from, ReadOnlySpan<byte> request, Span<byte> answer)
    {
        if (!StunMessage.TryParse(request, out var message) || message.Class != StunClass.Request || message.Method != StunMethod.Binding)
        {
            Unanswered++;
            return 0;
        }

        ushort unknown = message.FirstUnknown([]);
        var writer = new StunWriter(answer, StunMethod.Binding, unknown == 0 ? StunClass.Success : StunClass.Error, message.TransactionId);
        if (unknown != 0)
        {
            writer.WriteError(StunError.UnknownAttribute, "");
            writer.Write(StunAttribute.UnknownAttributes, [(byte)(unknown >> 8), (byte)unknown]);
        }
        else
        {
            writer.WriteXorAddress(StunAttribute.XorMappedAddress, from);
        }

        ref var place = ref paid[(int)(from.Mix(secret) % Places)];
        int credit = place.By == from && now - place.At < Memory ? place.Bytes : 0;
        credit = Math.Min(credit, MaxAnswer) + request.Length;
        bool isPaid = credit >= writer.Length;
        place = new(from, now, isPaid ? 0 : credit);
        if (!isPaid)
        {
            Unanswered++;
            return 0;
        }

        Answered++;
        return writer.Length;
    }

    private record struct Paid(TransportAddress By, long At, int Bytes);
}
