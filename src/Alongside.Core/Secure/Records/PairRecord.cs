using System.Buffers.Binary;
using Alongside.Core.Wire;

namespace Alongside.Core.Secure.Records;

/// <summary>
/// The form of a pair record. The 8 bytes of header are authenticated.
/// <code>
///  0      1       3          8
///  +------+-------+----------+------------+--------+
///  | 0x20 | epoch | counter  | ciphertext | tag 16 |     at most 65,536 bytes in all
///  +------+-------+----------+------------+--------+
///           u16     u40        u8 channel | u8 flags | bytes
/// </code>
/// </summary>
internal static class PairRecord
{
    public const int HeaderLength = 8;
    public const int PrefixLength = 2;
    public const int Overhead = HeaderLength + PrefixLength + RecordKey.TagLength;
    public const int MaxLength = 65_536;
    public const int MaxContent = MaxLength - Overhead;

    /// <summary>The message ends here. Bits 1 to 7 are reserved: sent as zero, ignored.</summary>
    public const byte End = 1;

    public const ulong MaxCounter = (1UL << 40) - 1;

    public static void WriteHeader(Span<byte> record, ushort epoch, ulong counter)
    {
        record[0] = PayloadKind.PairRecord;
        BinaryPrimitives.WriteUInt16BigEndian(record[1..], epoch);
        record[3] = (byte)(counter >> 32);
        BinaryPrimitives.WriteUInt32BigEndian(record[4..], (uint)counter);
    }

    public static void ReadHeader(ReadOnlySpan<byte> record, out ushort epoch, out ulong counter)
    {
        if (record.Length is < Overhead or > MaxLength)
        {
            throw new ProtocolException("A record had an impossible length.");
        }

        epoch = BinaryPrimitives.ReadUInt16BigEndian(record[1..]);
        counter = ((ulong)record[3] << 32) | BinaryPrimitives.ReadUInt32BigEndian(record[4..]);
    }
}

/// <summary>When keys change and when they are used up.</summary>
/// <param name="RecordsPerEpoch">A sender moves on after this many records.</param>
/// <param name="EpochLife">And after this many microseconds.</param>
/// <param name="LastEpoch">After this epoch the session ends.</param>
/// <param name="LastCounter">And after this counter.</param>
internal sealed record RecordLimits(uint RecordsPerEpoch, long EpochLife, ushort LastEpoch, ulong LastCounter)
{
    public static RecordLimits Default { get; } = new(1 << 20, 3_600_000_000, ushort.MaxValue, PairRecord.MaxCounter);
}
