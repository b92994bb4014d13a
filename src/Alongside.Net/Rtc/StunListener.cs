using System.Net;
using System.Net.Sockets;
using Alongside.Rtc.Stun;

namespace Alongside.Net.Rtc;

/// <summary>
/// The socket of the STUN responder: a packet comes, its answer goes. One loop, no allocation a packet; what waits longer than the system's buffer is lost,
/// as its sender expects of UDP.
/// </summary>
public sealed class StunListener : IAsyncDisposable
{
    private readonly StunResponder responder = new(SystemRandomSource.Instance);
    private readonly CancellationTokenSource stopping = new();
    private readonly TimeProvider time;
    private readonly Socket socket;
    private Task running = Task.CompletedTask;

    /// <param name="address">IPv6's any address stands for both families, or IPv4 alone where there is no IPv6.</param>
    /// <exception cref="SocketException">The port is taken or may not be used.</exception>
    public StunListener(IPEndPoint address, TimeProvider time)
    {
        this.time = time;
        bool isBoth = address.Address.Equals(IPAddress.IPv6Any);
        if (isBoth && !Socket.OSSupportsIPv6)
        {
            address = new(IPAddress.Any, address.Port);
            isBoth = false;
        }

        socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (isBoth)
            {
                socket.DualMode = true;
            }

            socket.Bind(address);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public IPEndPoint Address => (IPEndPoint)socket.LocalEndPoint!;

    public long Answered => responder.Answered;

    public long Unanswered => responder.Unanswered;

    public void Start() => running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        socket.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var from = SocketAddresses.Make(socket.AddressFamily);
        var packet = new byte[StunMessage.MaxLength];
        var answer = new byte[StunResponder.MaxAnswer];
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                int received = await socket.ReceiveFromAsync(packet, SocketFlags.None, from, stopping.Token);
                long now = (long)time.GetElapsedTime(0).TotalMicroseconds;
                int length = responder.Answer(now, SocketAddresses.Read(from), packet.AsSpan(0, received), answer);
                if (length > 0)
                {
                    await socket.SendToAsync(answer.AsMemory(0, length), SocketFlags.None, from, stopping.Token);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // A packet longer than any question, or an address that cannot be answered: the next is another's.
            }
        }
    }
}
