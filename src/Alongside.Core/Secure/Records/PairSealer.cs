using Alongside.Core.Wire;

namespace Alongside.Core.Secure.Records;

/// <summary>Seals one direction of a pair, epoch after epoch. The counter runs on through the epochs.</summary>
internal sealed class PairSealer : IDisposable
{
    private readonly RecordLimits limits;
    private TrafficSecret secret;
    private RecordKey key;
    private ulong counter;
    private uint inEpoch;
    private long epochBegan;

    /// <summary>Takes ownership of the secret's array.</summary>
    public PairSealer(byte[] trafficSecret, long now, RecordLimits limits)
    {
        secret = new TrafficSecret(trafficSecret);
        this.limits = limits;
        key = secret.Key();
        epochBegan = now;
    }

    /// <summary>
    /// Seals a record whose content the caller has written at <see cref="PairRecord.HeaderLength"/> + <see cref="PairRecord.PrefixLength"/>
    /// of <paramref name="record"/>, which ends with room for the tag.
    /// </summary>
    /// <exception cref="ProtocolException">Epochs or counters are used up: the session must end.</exception>
    public void Seal(long now, byte channel, byte flags, Span<byte> record)
    {
        if (inEpoch >= limits.RecordsPerEpoch || now - epochBegan >= limits.EpochLife)
        {
            MoveOn(now);
        }

        if (counter > limits.LastCounter)
        {
            throw new ProtocolException("The session has used up its record numbers.");
        }

        PairRecord.WriteHeader(record, secret.Epoch, counter);
        record[PairRecord.HeaderLength] = channel;
        record[PairRecord.HeaderLength + 1] = flags;
        key.Seal(counter, record, PairRecord.HeaderLength);
        counter++;
        inEpoch++;
    }

    public void Dispose()
    {
        key.Dispose();
        secret.Forget();
    }

    private void MoveOn(long now)
    {
        if (secret.Epoch >= limits.LastEpoch)
        {
            throw new ProtocolException("The session has used up its keys.");
        }

        var next = secret.Next();
        Dispose();
        secret = next;
        key = next.Key();
        inEpoch = 0;
        epochBegan = now;
    }
}
