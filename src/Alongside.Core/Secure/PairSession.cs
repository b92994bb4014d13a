using System.Buffers;
using Alongside.Core.Secure.Records;
using Alongside.Core.Wire;

namespace Alongside.Core.Secure;

/// <summary>One session of a pair after its handshake: records out, records in, messages cut and put together.</summary>
internal sealed class PairSession : IDisposable
{
    private readonly SecureRole role;
    private readonly PathOrder order;
    private readonly PairSealer sealer;
    private readonly PairOpener opener;
    private readonly SendQueue queue;
    private readonly MessageAssembler?[] assemblers = new MessageAssembler?[ChannelBudgets.Count];
    private readonly byte[] plaintext = new byte[PairRecord.MaxLength];
    private readonly byte[] record = new byte[PairRecord.MaxLength];

    public PairSession(SecureRole role, PathOrder order, KeySchedule keys, SecuredDetails details, long now, RecordLimits limits)
    {
        this.role = role;
        this.order = order;
        Details = details;
        queue = new(cutsClipboard: order == PathOrder.Ordered);
        var isViewer = role == SecureRole.Viewer;
        sealer = new PairSealer(isViewer ? keys.ViewerToHost() : keys.HostToViewer(), now, limits);
        opener = new PairOpener(isViewer ? keys.HostToViewer() : keys.ViewerToHost(), order, limits);
    }

    public SecuredDetails Details { get; }

    public long PendingBytes => queue.Bytes;

    public long PendingSmallBytes => queue.SmallBytes;

    public long PendingClipboardBytes => queue.ClipboardBytes;

    public bool NextIsClipboard => queue.NextChannel == ChannelBudgets.Clipboard;

    /// <summary>How long the next record would be; 0: nothing waits.</summary>
    public int NextLength => queue.IsEmpty ? 0 : queue.NextLength + PairRecord.Overhead;

    /// <summary>A record of the other side has opened: it has the keys as well.</summary>
    public bool HasHeard { get; private set; }

    /// <exception cref="ArgumentException">The channel does not lead there, or the message is over its budget.</exception>
    public void Send(byte channel, ReadOnlySpan<byte> message, bool pastes)
    {
        var budget = ChannelBudgets.For(channel, role == SecureRole.Viewer ? SecureRole.Host : SecureRole.Viewer);
        if (order == PathOrder.Unordered)
        {
            budget = Math.Min(budget, PairRecord.MaxContent);
        }

        if (budget == 0 || message.Length > budget)
        {
            throw new ArgumentException($"A message of {message.Length} bytes can't be sent on channel {channel}.", nameof(message));
        }

        queue.Add(channel, message, pastes);
    }

    /// <summary>Forgets what has not been sealed.</summary>
    public void ForgetPending() => queue.Clear();

    /// <summary>The next record, valid until the next call.</summary>
    /// <exception cref="ProtocolException">Keys or counters are used up.</exception>
    public bool TrySeal(long now, out ReadOnlyMemory<byte> sealedRecord)
    {
        const int start = PairRecord.HeaderLength + PairRecord.PrefixLength;
        if (!queue.TryTake(record.AsSpan(start, PairRecord.MaxContent), out var channel, out var length, out var end))
        {
            sealedRecord = default;
            return false;
        }

        var total = length + PairRecord.Overhead;
        sealer.Seal(now, channel, end ? PairRecord.End : (byte)0, record.AsSpan(0, total));
        sealedRecord = record.AsMemory(0, total);
        return true;
    }

    /// <summary>Opens a record; true: it completed a message, in an array of the shared pool that is now the caller's.</summary>
    /// <exception cref="ProtocolException">The session must end.</exception>
    public bool TryOpen(long now, ReadOnlySpan<byte> received, out byte channel, out byte[] message, out int length)
    {
        (channel, message, length) = (0, [], 0);
        var plain = plaintext.AsSpan(0, Math.Max(0, Math.Min(received.Length, PairRecord.MaxLength) - PairRecord.HeaderLength - RecordKey.TagLength));
        if (!opener.TryOpen(now, received, plain))
        {
            return false;
        }

        HasHeard = true;
        channel = plain[0];
        var end = (plain[1] & PairRecord.End) != 0;
        var content = plain[PairRecord.PrefixLength..];
        var assembler = AssemblerOf(channel);
        assembler.CheckBudget(content.Length, end);
        if (order == PathOrder.Unordered && !end)
        {
            throw new ProtocolException("A message was cut although the path keeps no order.");
        }

        assembler.Append(content);
        if (!end)
        {
            return false;
        }

        message = assembler.Take(out length);
        return true;
    }

    public void Dispose()
    {
        sealer.Dispose();
        opener.Dispose();
        queue.Dispose();
        foreach (var assembler in assemblers)
        {
            assembler?.Dispose();
        }
    }

    private MessageAssembler AssemblerOf(byte channel)
    {
        var budget = ChannelBudgets.For(channel, role);
        return budget == 0
            ? throw new ProtocolException($"Nothing may be said on channel {channel} in this direction.")
            : assemblers[channel] ??= new MessageAssembler(budget);
    }
}
