using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Alongside.Net.Vnc;
using Alongside.Testing;

namespace Alongside.Net.Tests.Vnc;

/// <summary>How many may come at once, and that nobody alone closes the door.</summary>
public sealed class VncListenerTests : IAsyncLifetime
{
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Action> letIn = new();
    private readonly List<Socket> sockets = [];
    private VncListener listener = null!;

    public Task InitializeAsync()
    {
        listener = new(new(IPAddress.Loopback, 0), (_, isIn) =>
        {
            letIn.Enqueue(isIn);
            return over.Task;
        });
        listener.Open();
        listener.Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        over.TrySetResult();
        sockets.ForEach(socket => socket.Dispose());
        await listener.DisposeAsync();
    }

    [Fact]
    public async Task One_address_that_only_knocks_leaves_the_door_to_others_and_to_who_was_let_in()
    {
        for (int i = 1; i <= VncListener.MaxWaiting; i++)
        {
            await ConnectAsync("127.0.0.1");
            await Eventually.TrueAsync(() => letIn.Count == i);
        }

        Assert.True(await IsClosedAsync(await ConnectAsync("127.0.0.1")));
        await ConnectAsync("127.0.0.2");
        await Eventually.TrueAsync(() => letIn.Count == VncListener.MaxWaiting + 1, "another address");

        // Whoever is in knocks no longer, however often that is said.
        Assert.True(letIn.TryDequeue(out var isIn));
        isIn();
        isIn();
        await ConnectAsync("127.0.0.1");
        await Eventually.TrueAsync(() => letIn.Count == VncListener.MaxWaiting + 1, "one more of the first");
        Assert.True(await IsClosedAsync(await ConnectAsync("127.0.0.1")));
    }

    [Fact]
    public async Task Thirty_two_are_let_in_and_no_more()
    {
        for (int i = 1; i <= VncListener.MaxConnections; i++)
        {
            await ConnectAsync("127.0.0.1");
            await Eventually.TrueAsync(() => letIn.Count == i);
            letIn.Last()();
        }

        Assert.True(await IsClosedAsync(await ConnectAsync("127.0.0.2")));
    }

    private async Task<Socket> ConnectAsync(string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        sockets.Add(socket);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(listener.Address);
        return socket;
    }

    private static async Task<bool> IsClosedAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]).WaitAsync(ScriptedServer.Deadline) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
