using System.Buffers.Binary;
using Alongside.Rtc.Dtls;

namespace Alongside.Testing.Network;

/// <summary>
/// A stand-in for DTLS under virtual time: hello and answer with fingerprints, sent again until they arrive; then records with a number and a sum, so
/// that what is spoilt or comes again gives nothing. It hides nothing, which is why it lives among the tests.
/// </summary>
/// <remarks><code>
/// hello   22:u8  kind:u8  length:u8  fingerprint:utf8      kind 1 asks, 2 answers, 3 ends
/// record  23:u8  number:u64  sum:u32  data
/// </code></remarks>
public sealed class SimulatedDtls(Fingerprint own, Fingerprint expected, bool isClient) : IDtlsSession
{
    private const byte Handshake = 22, Record = 23, Ask = 1, Answer = 2, Farewell = 3;
    private const long Repeat = 200_000;
    private const int Header = 13;

    private readonly HashSet<ulong> seen = [];
    private readonly Queue<byte> due = new();
    private ulong next;

    public DtlsState State { get; private set; }

    public string? EndReason { get; private set; }

    public long NextTimeout { get; private set; } = long.MaxValue;

    public int Overhead => Header;

    public void Start(long now)
    {
        if (isClient)
        {
            due.Enqueue(Ask);
            NextTimeout = now + Repeat;
        }
    }

    public int Receive(long now, ReadOnlySpan<byte> datagram, Span<byte> plaintext)
    {
        if (State == DtlsState.Ended || datagram.Length < 3)
        {
            return 0;
        }

        if (datagram[0] == Handshake)
        {
            OnHello(datagram);
            return 0;
        }

        if (State != DtlsState.Connected || datagram[0] != Record || datagram.Length <= Header
            || BinaryPrimitives.ReadUInt32BigEndian(datagram[9..]) != Sum(datagram) || !seen.Add(BinaryPrimitives.ReadUInt64BigEndian(datagram[1..])))
        {
            return 0;
        }

        datagram[Header..].CopyTo(plaintext);
        return datagram.Length - Header;
    }

    public int Protect(ReadOnlySpan<byte> plaintext, Span<byte> datagram)
    {
        if (State != DtlsState.Connected)
        {
            return 0;
        }

        datagram[0] = Record;
        BinaryPrimitives.WriteUInt64BigEndian(datagram[1..], next++);
        plaintext.CopyTo(datagram[Header..]);
        int length = Header + plaintext.Length;
        BinaryPrimitives.WriteUInt32BigEndian(datagram[9..], Sum(datagram[..length]));
        return length;
    }

    public int Poll(long now, Span<byte> datagram)
    {
        if (now >= NextTimeout)
        {
            due.Enqueue(Ask);
            NextTimeout = now + Repeat;
        }

        if (!due.TryDequeue(out byte kind))
        {
            return 0;
        }

        datagram[0] = Handshake;
        datagram[1] = kind;
        datagram[2] = (byte)System.Text.Encoding.ASCII.GetBytes(own.ToString(), datagram[3..]);
        return 3 + datagram[2];
    }

    public void Close()
    {
        if (State == DtlsState.Connected)
        {
            due.Enqueue(Farewell);
        }

        End("Closed.");
    }

    public void Dispose()
    {
    }

    private static uint Sum(ReadOnlySpan<byte> record)
    {
        uint sum = 2166136261;
        foreach (byte value in record[1..9])
        {
            sum = (sum ^ value) * 16777619;
        }

        foreach (byte value in record[Header..])
        {
            sum = (sum ^ value) * 16777619;
        }

        return sum;
    }

    private void OnHello(ReadOnlySpan<byte> hello)
    {
        if (hello.Length != 3 + hello[2] || !Fingerprint.TryParse(System.Text.Encoding.ASCII.GetString(hello[3..]), out var theirs))
        {
            return;
        }

        if (hello[1] == Farewell)
        {
            End("The peer said farewell.");
        }
        else if (!theirs.Equals(expected))
        {
            End("The peer showed another certificate than the one that was announced.");
        }
        else if (hello[1] == Ask && !isClient)
        {
            State = DtlsState.Connected;
            due.Enqueue(Answer);
        }
        else if (hello[1] == Answer && isClient)
        {
            State = DtlsState.Connected;
            NextTimeout = long.MaxValue;
        }
    }

    private void End(string reason)
    {
        State = DtlsState.Ended;
        EndReason ??= reason;
        NextTimeout = long.MaxValue;
    }
}
