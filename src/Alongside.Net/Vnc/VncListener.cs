using System.Net;
using System.Net.Sockets;

namespace Alongside.Net.Vnc;

/// <summary>Takes connections of VNC viewers on one address, a few at once: a viewer more than that is closed on before it can say anything.</summary>
/// <param name="accepted">Called on a thread of the pool with each; runs until the connection has ended, and owns the socket.</param>
public sealed class VncListener(IPEndPoint address, Func<Socket, Task> accepted) : IAsyncDisposable
{
    public const int MaxConnections = 32;

    private readonly Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private int connections;

    /// <summary>Where it listens, with the port the system chose when 0 was asked for.</summary>
    public IPEndPoint Address => (IPEndPoint)listener.LocalEndPoint!;

    /// <exception cref="SocketException">The address is taken or may not be used.</exception>
    public void Start()
    {
        // A host that starts again must not wait for connections of before to be forgotten.
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(address);
        listener.Listen(16);
        running = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await running;
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync(stopping.Token);
            }
            catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // One connection broke while it came, or there are too many files open: the next may do better, but not at once.
                await Task.WhenAny(Task.Delay(100, stopping.Token));
                continue;
            }

            if (Volatile.Read(ref connections) >= MaxConnections)
            {
                socket.Dispose();
                continue;
            }

            Interlocked.Increment(ref connections);
            socket.NoDelay = true;
            _ = RunAsync(socket);
        }
    }

    private async Task RunAsync(Socket socket)
    {
        // A viewer that is gone without a word is found out by the system in two minutes.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        try
        {
            await Task.Run(() => accepted(socket));
        }
        finally
        {
            Interlocked.Decrement(ref connections);
            socket.Dispose();
        }
    }
}
