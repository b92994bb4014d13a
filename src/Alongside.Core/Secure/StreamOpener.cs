using System.Buffers;
using System.Buffers.Binary;
using Alongside.Core.Secure.Records;
using Alongside.Core.Wire;

namespace Alongside.Core.Secure;

/// <summary>Opens one stream of desktop updates. Every record must be exactly the next one. Not thread-safe.</summary>
public sealed class StreamOpener(byte stream) : IDisposable
{
    private readonly byte[] plaintext = new byte[StreamRecord.MaxLength];
    private readonly MessageAssembler assembler = new(StreamRecord.MaxMessage);
    private RecordKey? key;
    private ushort epoch;
    private ulong expected;
    private byte[]? lent;

    public byte Stream => stream;

    /// <summary>From the next record on, this key. A message that was half there is forgotten.</summary>
    /// <exception cref="ProtocolException">The secret is not of 32 bytes.</exception>
    public void SetKey(ushort epoch, ReadOnlySpan<byte> secret, uint counter)
    {
        if (secret.Length != StreamRecord.SecretLength)
        {
            throw new ProtocolException("A stream's secret has 32 bytes.");
        }

        key?.Dispose();
        key = StreamRecord.Key(secret);
        this.epoch = epoch;
        expected = counter;
        assembler.Dispose();
    }

    /// <summary>Takes a whole 0x21 payload. True: <paramref name="message"/> is complete; the opener's memory, valid until the next call.</summary>
    /// <exception cref="ProtocolException">Not the next record of this stream, or changed: the stream can't go on without a new start.</exception>
    public bool TryOpen(ReadOnlySpan<byte> record, out ReadOnlyMemory<byte> message)
    {
        ReturnLent();
        message = default;
        if (record.Length is < StreamRecord.Overhead or > StreamRecord.MaxLength || record[0] != PayloadKind.StreamRecord || record[1] != stream)
        {
            throw new ProtocolException("A record was not one of this stream.");
        }

        var counter = BinaryPrimitives.ReadUInt32BigEndian(record[4..]);
        if (key is null || BinaryPrimitives.ReadUInt16BigEndian(record[2..]) != epoch || counter != expected)
        {
            throw new ProtocolException("A record of a stream was not the next one.");
        }

        var plain = plaintext.AsSpan(0, record.Length - StreamRecord.HeaderLength - RecordKey.TagLength);
        if (!key.TryOpen(counter, record, StreamRecord.HeaderLength, plain))
        {
            throw new ProtocolException("A record of a stream did not open: it was changed.");
        }

        expected++;
        var end = (plain[0] & StreamRecord.End) != 0;
        assembler.CheckBudget(plain.Length - StreamRecord.PrefixLength, end);
        assembler.Append(plain[StreamRecord.PrefixLength..]);
        if (end)
        {
            lent = assembler.Take(out var length);
            message = lent.AsMemory(0, length);
        }

        return end;
    }

    public void Dispose()
    {
        key?.Dispose();
        key = null;
        assembler.Dispose();
        ReturnLent();
    }

    private void ReturnLent()
    {
        if (lent is not null)
        {
            ArrayPool<byte>.Shared.Return(lent);
            lent = null;
        }
    }
}
