using System.Buffers;

namespace Alongside.Rtc.Sctp.Receiving;

/// <summary>
/// One whole message from the peer. The association owns its bytes: they are good until the next message is asked for, then the memory is used again.
/// </summary>
public sealed class IncomingMessage
{
    private byte[] buffer = [];

    public ushort Stream { get; private set; }

    public uint ProtocolId { get; private set; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Data => buffer.AsSpan(0, Length);

    internal ushort Ssn { get; private set; }

    internal bool IsUnordered { get; private set; }

    internal void Begin(ushort stream, ushort ssn, bool isUnordered, uint protocolId, int expected)
    {
        (Stream, Ssn, IsUnordered, ProtocolId, Length) = (stream, ssn, isUnordered, protocolId, 0);
        buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, expected));
    }

    internal void Append(ReadOnlySpan<byte> data)
    {
        if (buffer.Length - Length < data.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + data.Length, 4 * buffer.Length));
            Data.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        data.CopyTo(buffer.AsSpan(Length));
        Length += data.Length;
    }

    internal void Release()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        Length = 0;
    }
}
