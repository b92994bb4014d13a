using System.Buffers;
using Alongside.Core.Secure;
using Alongside.Core.Secure.Records;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Secure;

/// <summary>
/// A viewer and a host who have the keys and mean harm. A message: <c>u8 how | u8 channel | u8 flags | content</c>, sealed as the next record of a pair; with bit 0
/// of how to a viewer, else to a host. With bit 1 what follows is the record itself.
/// </summary>
public sealed class RecordsTarget() : Target("records", "Alongside.Core.Secure.Records")
{
    public override IEnumerable<Case> Seeds()
    {
        yield return new([[0, ChannelBudgets.Control, 1, 1, 2, 3], [0, ChannelBudgets.Input, 0, 4], [0, ChannelBudgets.Input, 1, 5]]);
        yield return new([[0, ChannelBudgets.Feedback, 0, .. new byte[40]], [0, ChannelBudgets.Feedback, 0, .. new byte[40]]]);
        yield return new([[1, ChannelBudgets.Desktop, 1, 9, 9], [1, ChannelBudgets.Cursor, 1, 9]]);
        yield return new([[2, 0x20, 0, 0, .. new byte[30]]]);
        yield return new([[3, 0x20, 0, 0, .. new byte[30]]]);
    }

    public override Subject Start() => new Ends();

    private sealed class Ends : Subject
    {
        private static readonly KeySchedule Keys = new(new byte[32], new byte[32]);
        private static readonly SecuredDetails Details = new("000 000", [], CredentialKind.Link, "0", Keys.Resume());

        private readonly PairSealer fromViewer = new(Keys.ViewerToHost(), 0, RecordLimits.Default);
        private readonly PairSealer fromHost = new(Keys.HostToViewer(), 0, RecordLimits.Default);
        private readonly PairSession viewer = new(SecureRole.Viewer, PathOrder.Ordered, Keys, Details, 0, RecordLimits.Default);
        private readonly PairSession host = new(SecureRole.Host, PathOrder.Ordered, Keys, Details, 0, RecordLimits.Default);

        public override long MemoryFor(ReadOnlySpan<byte> message) => 16 * 1024 + (8L * message.Length);

        public override void Take(ReadOnlySpan<byte> message)
        {
            byte how = message.IsEmpty ? (byte)0 : message[0];
            byte[] record = message.Length > 0 ? message[1..].ToArray() : [];
            if ((how & 2) == 0 && message.Length >= 3)
            {
                record = new byte[message.Length - 3 + PairRecord.Overhead];
                message[3..].CopyTo(record.AsSpan(PairRecord.HeaderLength + PairRecord.PrefixLength));
                ((how & 1) != 0 ? fromHost : fromViewer).Seal(0, message[1], message[2], record);
            }

            if (((how & 1) != 0 ? viewer : host).TryOpen(0, record, out _, out byte[] whole, out _))
            {
                ArrayPool<byte>.Shared.Return(whole);
            }
        }

        protected override void Dispose(bool disposing)
        {
            fromViewer.Dispose();
            fromHost.Dispose();
            viewer.Dispose();
            host.Dispose();
        }
    }
}
