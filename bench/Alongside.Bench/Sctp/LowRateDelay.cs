using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Alongside.Bench.Sctp;

/// <summary>
/// How much later a small message comes over the direct path (two peers of the product, ICE, DTLS, SCTP) than over a bare UDP socket that is read in the same way, at
/// low rate. In turns, so that both meet the same machine.
/// </summary>
internal static class LowRateDelay
{
    private const int Warm = 100, Samples = 1000, Length = 64;

    public static object Measure()
    {
        var (times, floor) = (new List<double>(), new List<double>());
        var (from, to, channel) = MeasuredPeer.Pair(data => Note(times, data));
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        sender.Connect(receiver.LocalEndPoint!);
        var reading = ReadAsync(receiver, floor);
        var random = new Random(5);
        byte[] message = new byte[Length];
        for (int i = 0; i < Warm + Samples; i++)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(2 + (random.NextDouble() * 6)));
            BinaryPrimitives.WriteInt64LittleEndian(message, Stopwatch.GetTimestamp());
            from.Connection.TrySend(channel, isText: false, message);
            Thread.Sleep(TimeSpan.FromMilliseconds(2 + (random.NextDouble() * 6)));
            BinaryPrimitives.WriteInt64LittleEndian(message, Stopwatch.GetTimestamp());
            sender.Send(message);
        }

        Thread.Sleep(200);
        receiver.Dispose();
        reading.GetAwaiter().GetResult();
        from.DisposeAsync().AsTask().GetAwaiter().GetResult();
        to.DisposeAsync().AsTask().GetAwaiter().GetResult();
        var (own, bare) = (Sorted(times), Sorted(floor));
        return new
        {
            samples = own.Length,
            p50Ms = At(own, 0.5),
            p99Ms = At(own, 0.99),
            bareUdpP50Ms = At(bare, 0.5),
            bareUdpP99Ms = At(bare, 0.99),
            addedP99Ms = Math.Round(At(own, 0.99) - At(bare, 0.99), 3),
            aim = "added p99 under 1 ms",
        };
    }

    private static async Task ReadAsync(Socket socket, List<double> times)
    {
        byte[] packet = new byte[2048];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        try
        {
            while (true)
            {
                int length = await socket.ReceiveFromAsync(packet, SocketFlags.None, from);
                Note(times, packet.AsSpan(0, length));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // Measured.
        }
    }

    private static void Note(List<double> times, ReadOnlySpan<byte> data) => times.Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(data)).TotalMilliseconds);

    private static double[] Sorted(List<double> times) => [.. times.Skip(Warm).Order()];

    private static double At(double[] sorted, double share) => Math.Round(sorted[(int)(share * (sorted.Length - 1))], 3);
}
