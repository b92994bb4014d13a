using System.Buffers.Binary;
using Alongside.Core.Secure;
using Alongside.Core.Secure.Records;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Secure;

/// <summary>
/// Another viewer of the same stream, who has its key. A message: <c>u8 how | u8 flags | content</c>, sealed as the next record; with bit 0 of how, what follows
/// is the record itself; with bit 1 a new key comes first, the rest its secret.
/// </summary>
public sealed class StreamRecordsTarget() : Target("stream-records", "Alongside.Core.Secure.Stream")
{
    public override IEnumerable<Case> Seeds()
    {
        yield return new([[0, 1, 1, 2, 3], [0, 0, 4], [0, 1, 5], [2, .. new byte[32]], [0, 1, 6]]);
        yield return new([[1, 0x21, 7, 0, 0, 0, 0, 0, 0, .. new byte[30]]]);
    }

    public override Subject Start() => new Stream();

    private sealed class Stream : Subject
    {
        private readonly StreamOpener opener = new(7);
        private readonly byte[] secret = new byte[StreamRecord.SecretLength];
        private ushort epoch;
        private uint counter;

        public Stream() => opener.SetKey(0, secret, 0);

        public override long MemoryFor(ReadOnlySpan<byte> message) => 16 * 1024 + (8L * message.Length);

        public override void Take(ReadOnlySpan<byte> message)
        {
            byte how = message.IsEmpty ? (byte)1 : message[0];
            var rest = message.IsEmpty ? message : message[1..];
            if ((how & 2) != 0)
            {
                opener.SetKey(++epoch, rest, counter = 0);
                return;
            }

            byte[] record = rest.ToArray();
            if ((how & 1) == 0 && rest.Length > 0)
            {
                record = new byte[rest.Length - 1 + StreamRecord.Overhead];
                (record[0], record[1]) = (PayloadKind.StreamRecord, 7);
                BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(2), epoch);
                BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(4), counter);
                rest.CopyTo(record.AsSpan(StreamRecord.HeaderLength));
                using var key = StreamRecord.Key(secret);
                key.Seal(counter++, record, StreamRecord.HeaderLength);
            }

            opener.TryOpen(record, out _);
        }

        protected override void Dispose(bool disposing) => opener.Dispose();
    }
}
