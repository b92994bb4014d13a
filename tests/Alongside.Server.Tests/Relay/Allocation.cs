using System.Net.WebSockets;
using Alongside.Core.Relay;
using Alongside.Server.Limits;
using Alongside.Server.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Relay;

/// <summary>The relay's own path, from a socket's receive to another's send, without the platform's sockets, whose pools come and go.</summary>
[Collection("alone")]
public sealed class Allocation
{
    private const int Frames = 10_000;

    [Fact]
    public async Task A_relayed_frame_allocates_nothing_once_running()
    {
        await using var server = await TestServer.StartAsync();
        using var host = new ScriptedSocket();
        using var viewer = new ScriptedSocket();
        var running = new[] { RunAsync(host, server), RunAsync(viewer, server) };
        host.Feed(SignalJson.Write(new ClientSignal.Open(1, MemberRole.Host)), WebSocketMessageType.Text);
        await Eventually.TrueAsync(() => host.LastText is not null);
        var room = Assert.IsType<ServerSignal.Opened>(SignalJson.ReadServer(host.LastText)).Room;
        viewer.Feed(SignalJson.Write(new ClientSignal.Join(1, MemberRole.Viewer, Room: room)), WebSocketMessageType.Text);
        await Eventually.TrueAsync(() => viewer.Sent == 1 && host.Sent == 2);

        var frame = new byte[RelayFrames.SendHeader(1) + 900];
        RelayFrames.WriteSend(frame, [2], new byte[900]);
        Relay(host, viewer, frame, 2_000);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Relay(host, viewer, frame, Frames);
        var perFrame = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Frames;

        // What is left is the server's tick of a second and the like: far less than an object a frame, the smallest of which has 24 bytes.
        Assert.True(perFrame < 12, $"{perFrame:0.00} bytes were allocated for each frame.");
        host.Abort();
        viewer.Abort();
        await Task.WhenAll(running);
    }

    private static Task RunAsync(ScriptedSocket socket, TestServer server) => new RelaySocket(socket, default(Source), server.Relay).RunAsync();

    /// <summary>One frame after the other: to the viewer, and the credit for it back to the host.</summary>
    private static void Relay(ScriptedSocket host, ScriptedSocket viewer, byte[] frame, int count)
    {
        var spin = default(SpinWait);
        for (var i = 0; i < count; i++)
        {
            var (arrived, credited) = (viewer.Sent + 1, host.Sent + 1);
            host.Feed(frame, WebSocketMessageType.Binary);
            while (viewer.Sent < arrived || host.Sent < credited)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }
}
