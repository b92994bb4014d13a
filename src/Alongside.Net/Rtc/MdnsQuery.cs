using System.Net;
using System.Net.Sockets;
using Alongside.Core.Wire;
using Alongside.Rtc.Ice;

namespace Alongside.Net.Rtc;

/// <summary>Asks the local network for the address behind a browser's `….local` name (RFC 6762): a few questions, the first right answer.</summary>
internal static class MdnsQuery
{
    private static readonly IPEndPoint Everybody = new(IPAddress.Parse("224.0.0.251"), 5353);
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1)];

    /// <returns>Null: nobody answered.</returns>
    public static async Task<IPAddress?> ResolveAsync(string name, CancellationToken cancel)
    {
        // From a port of our own: then the answer comes to us alone (6.7), and we need not take part in mDNS.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var buffer = new byte[1500];
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            foreach (var wait in Waits)
            {
                await socket.SendToAsync(MdnsMessage.Ask(name), SocketFlags.None, Everybody, cancel);
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                patience.CancelAfter(wait);
                while (true)
                {
                    int length;
                    try
                    {
                        length = (await socket.ReceiveFromAsync(buffer, SocketFlags.None, Everybody, patience.Token)).ReceivedBytes;
                    }
                    catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
                    {
                        break;
                    }

                    if (Read(buffer.AsSpan(0, length), name) is { } address)
                    {
                        return address;
                    }
                }
            }
        }
        catch (Exception failed) when (failed is SocketException or OperationCanceledException)
        {
            // No multicast here: the name stays unknown, and the peer's own checks will show from where it comes.
        }

        return null;
    }

    private static IPAddress? Read(ReadOnlySpan<byte> answer, string name)
    {
        try
        {
            return MdnsMessage.ReadAnswer(answer, name);
        }
        catch (ProtocolException)
        {
            return null;
        }
    }
}
