using System.Net;
using System.Net.Sockets;

namespace Alongside.Net.Vnc;

/// <summary>Takes connections of VNC viewers on one address, a few at once: a viewer more than that is closed on before it can say anything.</summary>
/// <param name="accepted">
/// Called on a thread of the pool with each, and with what it calls once the viewer has been let in; runs until the connection has ended, and owns the socket.
/// </param>
public sealed class VncListener(IPEndPoint address, Func<Socket, Action, Task> accepted) : IAsyncDisposable
{
    public const int MaxConnections = 32;

    /// <summary>Of one address that have not been let in: who opens many and says nothing closes the door on nobody else.</summary>
    public const int MaxWaiting = 8;

    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, int> waiting = [];
    private readonly Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private int connections;

    /// <summary>Where it listens, with the port the system chose when 0 was asked for.</summary>
    public IPEndPoint Address => (IPEndPoint)listener.LocalEndPoint!;

    /// <summary>Takes the address: from here on viewers can connect, and wait for <see cref="Start"/>.</summary>
    /// <exception cref="SocketException">The address is taken or may not be used.</exception>
    public void Open()
    {
        // A host that starts again must not wait for connections of before to be forgotten.
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(address);
        listener.Listen(16);
    }

    /// <summary>Takes those who wait, and all that come.</summary>
    public void Start() => running = AcceptAsync();

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

            if (!TryEnter(socket, out var from))
            {
                socket.Dispose();
                continue;
            }

            socket.NoDelay = true;
            _ = RunAsync(socket, from);
        }
    }

    private bool TryEnter(Socket socket, out IPAddress from)
    {
        // A viewer that is gone already has none.
        from = (socket.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        lock (gate)
        {
            int others = waiting.GetValueOrDefault(from);
            if (connections >= MaxConnections || others >= MaxWaiting)
            {
                return false;
            }

            connections++;
            waiting[from] = others + 1;
            return true;
        }
    }

    private void WaitsNoMore(IPAddress from)
    {
        lock (gate)
        {
            if (--waiting[from] == 0)
            {
                waiting.Remove(from);
            }
        }
    }

    private async Task RunAsync(Socket socket, IPAddress from)
    {
        int isIn = 0;
        // A viewer that is gone without a word is found out by the system in two minutes.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        try
        {
            await Task.Run(() => accepted(socket, LetIn));
        }
        finally
        {
            LetIn();
            lock (gate)
            {
                connections--;
            }

            socket.Dispose();
        }

        void LetIn()
        {
            if (Interlocked.Exchange(ref isIn, 1) == 0)
            {
                WaitsNoMore(from);
            }
        }
    }
}
