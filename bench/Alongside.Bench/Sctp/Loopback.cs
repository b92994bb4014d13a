using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Alongside.Rtc.DataChannels;
using Alongside.Rtc.Dtls;
using Alongside.Rtc.Dtls.OpenSsl;
using Alongside.Rtc.Sctp;
using Alongside.Testing;

namespace Alongside.Bench.Sctp;

/// <summary>
/// One data channel between two threads over UDP on loopback, DTLS included. Each thread's own processor time is counted, so that other programs on
/// the machine do not change what a core can do; the slower of the two ends is what a core a side carries.
/// </summary>
internal static class Loopback
{
    private const long Bytes = 400L * 1024 * 1024;
    private const int Message = 64 * 1024;

    /// <summary>SOL_UDP; UDP_SEGMENT: the system cuts one write into datagrams of a length; UDP_GRO: it runs them together again.</summary>
    private const int Udp = 17, Segment = 103, Coalesce = 104;

    public static object Measure(bool segmented)
    {
        var random = new SeededRandomSource(9);
        using var leftIdentity = DtlsIdentity.Create(random);
        using var rightIdentity = DtlsIdentity.Create(random);
        var options = new SctpOptions();
        using var left = new DataTransport(new OpenSslDtls(leftIdentity, rightIdentity.Fingerprint, isClient: true), new SctpAssociation(options, random), isDtlsClient: true);
        using var right = new DataTransport(new OpenSslDtls(rightIdentity, leftIdentity.Fingerprint, isClient: false), new SctpAssociation(options, random), isDtlsClient: false);
        using var leftSocket = Bind();
        using var rightSocket = Bind();
        leftSocket.Connect(rightSocket.LocalEndPoint!);
        rightSocket.Connect(leftSocket.LocalEndPoint!);

        long received = 0;
        double leftCpu = 0, rightCpu = 0;
        var watch = Stopwatch.StartNew();
        var sender = new Thread(() => leftCpu = Send(new BatchedSocket(leftSocket, segmented), left, () => Volatile.Read(ref received) >= Bytes));
        var receiver = new Thread(() => rightCpu = Receive(new BatchedSocket(rightSocket, segmented), right, ref received));
        receiver.Start();
        sender.Start();
        sender.Join();
        receiver.Join();
        double seconds = watch.Elapsed.TotalSeconds;
        return new
        {
            segmented,
            megabytes = received / 1024 / 1024,
            megabitsOnTheClock = Math.Round(received * 8 / 1e6 / seconds),
            megabitsASendingCore = Math.Round(received * 8 / 1e3 / leftCpu),
            megabitsAReceivingCore = Math.Round(received * 8 / 1e3 / rightCpu),
            retransmitted = left.Statistics.Retransmitted,
            aim = "1,000 a core",
        };
    }

    private static double Send(BatchedSocket socket, DataTransport transport, Func<bool> isDone)
    {
        double start = ThreadClock.Milliseconds;
        byte[] message = new byte[Message];
        long offered = 0;
        transport.Start(socket.Now);
        var channel = transport.Channels.Open(socket.Now, new ChannelTerms { Label = "bulk" })!;
        while (!isDone())
        {
            while (offered < Bytes && channel.BufferedAmount < 2 * 1024 * 1024 && transport.Channels.TrySend(socket.Now, channel, message))
            {
                offered += Message;
            }

            socket.Turn(transport);
            while (transport.Channels.TryPoll(socket.Now, out _))
            {
            }
        }

        return ThreadClock.Milliseconds - start;
    }

    private static double Receive(BatchedSocket socket, DataTransport transport, ref long received)
    {
        double start = ThreadClock.Milliseconds;
        transport.Start(socket.Now);
        while (Volatile.Read(ref received) < Bytes)
        {
            socket.Turn(transport);
            while (transport.Channels.TryPoll(socket.Now, out var happened))
            {
                Volatile.Write(ref received, received + happened.Data.Length);
            }
        }

        return ThreadClock.Milliseconds - start;
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 * 1024 * 1024, SendBufferSize = 4 * 1024 * 1024, Blocking = false };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>A socket and a buffer each way: what has come is handed over whole before anything is sent, so one SACK answers all of it.</summary>
    private sealed class BatchedSocket
    {
        private const int MaxSegments = 48;

        private readonly Socket socket;
        private readonly bool isSegmented;
        private readonly byte[] incoming = new byte[65536];
        private readonly byte[] outgoing = new byte[65536];

        /// <summary>No longer datagram finds room in it, so that none is tried.</summary>
        private readonly byte[] next = new byte[Longest];
        private int segment;

        public BatchedSocket(Socket socket, bool isSegmented)
        {
            (this.socket, this.isSegmented) = (socket, isSegmented);
            if (isSegmented)
            {
                socket.SetRawSocketOption(Udp, Coalesce, BitConverter.GetBytes(1));
            }
        }

        public long Now => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

        /// <summary>Waits at most until the transport wants to be asked, takes what came, sends what it has.</summary>
        public void Turn(DataTransport transport)
        {
            long wait = transport.NextTimeout - Now;
            if (wait > 0)
            {
                socket.Poll((int)Math.Min(wait, 1000), SelectMode.SelectRead);
            }

            for (int i = 0; i < 64 && socket.Available > 0; i++)
            {
                int length = socket.Receive(incoming, SocketFlags.None, out var error);
                if (error != SocketError.Success || length <= 0)
                {
                    break;
                }

                // Coalesced datagrams are all as long as our longest, but for the last.
                int each = isSegmented && length > Longest ? Longest : length;
                for (int at = 0; at < length; at += each)
                {
                    transport.Handle(Now, incoming.AsSpan(at, Math.Min(each, length - at)));
                }
            }

            Flush(transport);
        }

        /// <summary>A whole packet of ours in its record: 1191 down to a multiple of four, and what DTLS adds.</summary>
        private const int Longest = 1188 + 37;

        private void Flush(DataTransport transport)
        {
            int held = 0;
            while (transport.Poll(Now, next) is > 0 and var length)
            {
                if (!isSegmented)
                {
                    Send(next.AsSpan(0, length));
                    continue;
                }

                if (length > Longest)
                {
                    throw new InvalidOperationException("A datagram was longer than the longest.");
                }

                next.AsSpan(0, length).CopyTo(outgoing.AsSpan(held));
                held += length;
                if (length < Longest || held >= MaxSegments * Longest)
                {
                    SendSegmented(outgoing.AsSpan(0, held));
                    held = 0;
                }
            }

            if (held > 0)
            {
                SendSegmented(outgoing.AsSpan(0, held));
            }
        }

        private void SendSegmented(ReadOnlySpan<byte> datagrams)
        {
            if (segment == 0)
            {
                segment = Longest;
                socket.SetRawSocketOption(Udp, Segment, BitConverter.GetBytes(segment));
            }

            Send(datagrams);
        }

        private void Send(ReadOnlySpan<byte> datagram) => socket.Send(datagram, SocketFlags.None, out _);
    }
}
