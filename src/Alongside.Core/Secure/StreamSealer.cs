using System.Buffers.Binary;
using System.Security.Cryptography;
using Alongside.Core.Secure.Records;

namespace Alongside.Core.Secure;

/// <summary>The form of a stream record.
/// <code>
///  0      1        2       4         8
///  +------+--------+-------+---------+------------+--------+
///  | 0x21 | stream | epoch | counter | ciphertext | tag 16 |     at most 65,536 bytes in all
///  +------+--------+-------+---------+------------+--------+
///            u8       u16     u32      u8 flags | bytes
/// </code>
/// </summary>
internal static class StreamRecord
{
    public const int HeaderLength = 8;
    public const int PrefixLength = 1;
    public const int Overhead = HeaderLength + PrefixLength + RecordKey.TagLength;
    public const int MaxLength = 65_536;
    public const int MaxContent = MaxLength - Overhead;
    public const int SecretLength = 32;
    public const byte End = 1;

    /// <summary>The most a message may be long: 64 MiB.</summary>
    public const int MaxMessage = 64 * 1024 * 1024;

    /// <summary>After this many records under one key the host makes another.</summary>
    public const uint RecordsPerEpoch = 1 << 20;

    public static RecordKey Key(ReadOnlySpan<byte> secret) => new(secret, "stream key", "stream iv");
}

/// <summary>
/// Seals one stream of desktop updates, once for all its viewers. The host gives the secret of each epoch to each viewer over their pair
/// channel before that epoch's first record. Not thread-safe.
/// </summary>
public sealed class StreamSealer : IDisposable
{
    private readonly byte[] secret = new byte[StreamRecord.SecretLength];
    private readonly byte[] record = new byte[StreamRecord.MaxLength];
    private readonly uint recordsPerEpoch;
    private RecordKey? key;

    public StreamSealer(byte stream)
        : this(stream, StreamRecord.RecordsPerEpoch)
    {
    }

    /// <summary>With a small limit, for tests.</summary>
    internal StreamSealer(byte stream, uint recordsPerEpoch) => (Stream, this.recordsPerEpoch) = (stream, recordsPerEpoch);

    public byte Stream { get; }

    /// <summary>Of the current key; 0 at first, +1 with each <see cref="NewEpoch"/> after the first.</summary>
    public ushort Epoch { get; private set; }

    /// <summary>The counter of the next record; starts at 0 in each epoch.</summary>
    public uint Counter { get; private set; }

    /// <summary>There is no key yet, or it has sealed 2^20 records: call <see cref="NewEpoch"/> before the next message.</summary>
    public bool MustRekey => key is null || Counter >= recordsPerEpoch;

    /// <summary>The last epoch has begun: there is no <see cref="NewEpoch"/> after it.</summary>
    public bool IsSpent => key is not null && Epoch == ushort.MaxValue;

    /// <summary>The current epoch's, 32 bytes; the sealer's memory, overwritten by <see cref="NewEpoch"/>.</summary>
    public ReadOnlySpan<byte> Secret => secret;

    /// <summary>Makes a new key. Returns its secret, as <see cref="Secret"/>. Also to be called when a viewer has left.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IsSpent"/>: the host starts another stream.</exception>
    public ReadOnlySpan<byte> NewEpoch(IRandomSource random)
    {
        if (key is not null)
        {
            if (IsSpent)
            {
                throw new InvalidOperationException("The stream has used up its epochs.");
            }

            Epoch++;
            key.Dispose();
        }

        random.Fill(secret);
        key = StreamRecord.Key(secret);
        Counter = 0;
        return secret;
    }

    /// <summary>
    /// Seals a message into records and gives them to <paramref name="write"/> one after the other; each is the sealer's memory, valid
    /// during the call. Returns how many. The limit of an epoch is looked at between messages only: one message is under one key.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="MustRekey"/>.</exception>
    /// <exception cref="ArgumentException">The message is over 64 MiB.</exception>
    public int Seal<TState>(ReadOnlySpan<byte> message, TState state, Action<TState, ReadOnlyMemory<byte>> write)
    {
        if (MustRekey)
        {
            throw new InvalidOperationException("The stream needs a new key first.");
        }

        if (message.Length > StreamRecord.MaxMessage)
        {
            throw new ArgumentException("A message of a stream has at most 64 MiB.", nameof(message));
        }

        var count = 0;
        do
        {
            var length = Math.Min(message.Length, StreamRecord.MaxContent);
            var sealedRecord = record.AsSpan(0, length + StreamRecord.Overhead);
            sealedRecord[0] = PayloadKind.StreamRecord;
            sealedRecord[1] = Stream;
            BinaryPrimitives.WriteUInt16BigEndian(sealedRecord[2..], Epoch);
            BinaryPrimitives.WriteUInt32BigEndian(sealedRecord[4..], Counter);
            message[..length].CopyTo(sealedRecord[(StreamRecord.HeaderLength + StreamRecord.PrefixLength)..]);
            message = message[length..];
            sealedRecord[StreamRecord.HeaderLength] = message.IsEmpty ? StreamRecord.End : (byte)0;
            key!.Seal(Counter, sealedRecord, StreamRecord.HeaderLength);
            Counter++;
            count++;
            write(state, record.AsMemory(0, sealedRecord.Length));
        }
        while (!message.IsEmpty);

        return count;
    }

    public void Dispose()
    {
        key?.Dispose();
        CryptographicOperations.ZeroMemory(secret);
    }
}
