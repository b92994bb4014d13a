namespace Alongside.Core.Secure;

/// <summary>Host side of one stream.</summary>
public sealed class StreamSealer(byte stream) : IDisposable
{
    public byte Stream => stream;

    public ushort Epoch => 0;

    /// <summary>The counter of the next record.</summary>
    public uint Counter => 0;

    /// <summary>2^20 records were sealed under this key (or there is none yet): call <see cref="NewEpoch"/> before the next message.</summary>
    public bool MustRekey => true;

    /// <summary>The secret of the current epoch, 32 bytes.</summary>
    public ReadOnlySpan<byte> Secret => default;

    /// <summary>Makes a new key and returns its 32-byte secret, which every viewer of the stream must have before the next record.</summary>
    public ReadOnlySpan<byte> NewEpoch(IRandomSource random) => throw new InvalidOperationException();

    /// <summary>Seals a message into records, given one after the other to <paramref name="record"/>; a record is valid during the call.</summary>
    public int Seal<TState>(ReadOnlySpan<byte> message, TState state, Action<TState, ReadOnlyMemory<byte>> record) => throw new InvalidOperationException();

    public void Dispose()
    {
    }
}

/// <summary>Viewer side of one stream.</summary>
public sealed class StreamOpener(byte stream) : IDisposable
{
    public byte Stream => stream;

    public void SetKey(ushort epoch, ReadOnlySpan<byte> secret, uint counter) => throw new InvalidOperationException();

    /// <summary>True: <paramref name="message"/> is whole, valid until the next call.</summary>
    public bool TryOpen(ReadOnlySpan<byte> record, out ReadOnlyMemory<byte> message) => throw new InvalidOperationException();

    public void Dispose()
    {
    }
}
