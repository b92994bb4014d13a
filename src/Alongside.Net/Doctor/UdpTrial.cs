using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Alongside.Net.Rtc;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Net.Doctor;

/// <summary>What UDP to the server is like.</summary>
/// <param name="RoundTrip">Milliseconds there and back, the middle one.</param>
/// <param name="Loss">Of the questions, how many had no answer: 0 to 1.</param>
public sealed record UdpMeasure(double RoundTrip, double Loss);

/// <summary>Asks a STUN server a question every 20 ms for a second, each once, and counts the answers.</summary>
internal static class UdpTrial
{
    private const int Questions = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20), LastAnswer = TimeSpan.FromSeconds(1);

    /// <summary>Null: nothing came back at all.</summary>
    public static async Task<UdpMeasure?> RunAsync(TransportAddress server, CancellationToken cancel)
    {
        using var socket = new Socket(server.IsV4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        var asked = new Dictionary<TransactionId, long>();
        var trips = new List<double>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var hearing = Task.CompletedTask;
        try
        {
            await socket.ConnectAsync(server.ToEndPoint(), cancel);
            hearing = HearAsync(socket, asked, trips, over.Token);
            for (int i = 0; i < Questions; i++)
            {
                var id = TransactionId.New(SystemRandomSource.Instance);
                lock (asked)
                {
                    asked[id] = Stopwatch.GetTimestamp();
                }

                await socket.SendAsync(Question(id), cancel);
                await Task.Delay(Pause, cancel);
            }

            await Task.WhenAny(hearing, Task.Delay(LastAnswer, cancel));
        }
        catch (SocketException)
        {
            // The port is closed, or there is no way there.
        }
        finally
        {
            await over.CancelAsync();
            await hearing;
        }

        cancel.ThrowIfCancellationRequested();
        if (trips.Count == 0)
        {
            return null;
        }

        trips.Sort();
        return new(trips[trips.Count / 2], 1 - (trips.Count / (double)Questions));
    }

    /// <summary>As long as its longest answer, so that it is answered at once.</summary>
    private static byte[] Question(TransactionId id)
    {
        byte[] packet = new byte[StunQuestion.Length];
        var writer = new StunWriter(packet, StunMethod.Binding, StunClass.Request, id);
        writer.Write(StunAttribute.Software, "Alongside.......");
        writer.Write(StunAttribute.Software, []);
        return packet;
    }

    private static async Task HearAsync(Socket socket, Dictionary<TransactionId, long> asked, List<double> trips, CancellationToken over)
    {
        byte[] packet = new byte[2048];
        try
        {
            while (trips.Count < Questions)
            {
                int length = await socket.ReceiveAsync(packet, over);
                Take(packet.AsSpan(0, length));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // What has not come by now is lost.
        }

        void Take(ReadOnlySpan<byte> answer)
        {
            lock (asked)
            {
                if (StunMessage.TryParse(answer, out var message) && message.Class == StunClass.Success && asked.Remove(message.TransactionId, out long sent))
                {
                    trips.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }
            }
        }
    }
}
