using Alongside.Core.Wire;

namespace Alongside.Core.Secure.Records;

/// <summary>
/// Opens one direction of a pair. On an ordered path every record must be exactly the next one: a gap, a repeat or a change ends the
/// session, so nothing can be cut out or swapped. On an unordered path a replay window lets each record in once, and what doesn't open is dropped.
/// </summary>
internal sealed class PairOpener : IDisposable
{
    /// <summary>How long the epoch before stays open for records underway on an unordered path, in microseconds.</summary>
    public const long FormerEpochLife = 10_000_000;

    private readonly RecordLimits limits;
    private readonly ReplayWindow? window;
    private TrafficSecret secret;
    private RecordKey key;

    /// <summary>Made when a record first claims the next epoch; taken over only when such a record has opened.</summary>
    private TrafficSecret? nextSecret;
    private RecordKey? nextKey;
    private RecordKey? formerKey;
    private long formerUntil;
    private ulong expected;

    /// <summary>Takes ownership of the secret's array.</summary>
    public PairOpener(byte[] trafficSecret, PathOrder order, RecordLimits limits)
    {
        secret = new TrafficSecret(trafficSecret);
        this.limits = limits;
        window = order == PathOrder.Unordered ? new ReplayWindow() : null;
        key = secret.Key();
    }

    /// <summary>
    /// Opens a record into <paramref name="plaintext"/> (channel, flags, content), which is 24 bytes shorter than the record. False: dropped,
    /// on an unordered path only.
    /// </summary>
    /// <exception cref="ProtocolException">The record ends the session.</exception>
    public bool TryOpen(long now, ReadOnlySpan<byte> record, Span<byte> plaintext)
    {
        PairRecord.ReadHeader(record, out var epoch, out var counter);
        if (window is not null)
        {
            return counter <= limits.LastCounter && window.IsFresh(counter) && TryOpenAnyEpoch(now, epoch, counter, record, plaintext);
        }

        if (counter != expected)
        {
            throw new ProtocolException(counter < expected ? "A record came twice or too late." : "A record is missing.");
        }

        if (!TryOpenAnyEpoch(now, epoch, counter, record, plaintext))
        {
            throw new ProtocolException("A record did not open: it was changed, or is not of this session.");
        }

        return true;
    }

    public void Dispose()
    {
        key.Dispose();
        nextKey?.Dispose();
        formerKey?.Dispose();
        secret.Forget();
        nextSecret?.Forget();
    }

    private bool TryOpenAnyEpoch(long now, ushort epoch, ulong counter, ReadOnlySpan<byte> record, Span<byte> plaintext)
    {
        var ahead = epoch - secret.Epoch;
        var used = ahead switch
        {
            0 => key,
            1 when secret.Epoch < limits.LastEpoch => MakeNext(),
            -1 when window is not null && now < formerUntil => formerKey,
            _ => null,
        };
        if (used is null || !used.TryOpen(counter, record, PairRecord.HeaderLength, plaintext))
        {
            return false;
        }

        if (ahead == 1)
        {
            MoveOn(now);
        }

        window?.Mark(counter);
        expected = counter + 1;
        return true;
    }

    private RecordKey MakeNext()
    {
        nextSecret ??= secret.Next();
        return nextKey ??= nextSecret.Key();
    }

    private void MoveOn(long now)
    {
        formerKey?.Dispose();
        formerKey = null;
        if (window is null)
        {
            key.Dispose();
        }
        else
        {
            formerKey = key;
            formerUntil = now + FormerEpochLife;
        }

        secret.Forget();
        (secret, key, nextSecret, nextKey) = (nextSecret!, nextKey!, null, null);
    }
}
