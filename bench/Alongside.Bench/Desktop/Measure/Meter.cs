using System.Diagnostics;
using Alongside.Bench.Desktop.Peers;

namespace Alongside.Bench.Desktop.Measure;

/// <summary>Bytes that came to the viewer and CPU of both sides between <see cref="Start"/> and <see cref="Stop"/>.</summary>
internal sealed class Meter(Sides sides, int port)
{
    private readonly Stopwatch clock = new();
    private HashSet<int> server = [], viewer = [];
    private (long? Bytes, double Server, double Viewer) before;

    public void Start()
    {
        (server, viewer) = (ProcessTree.Of(sides.Server.Ids), ProcessTree.Of(sides.Viewer.Ids));
        before = Read();
        clock.Restart();
    }

    public void Stop(Result result)
    {
        result.Seconds = clock.Elapsed.TotalSeconds;
        var after = Read();
        result.Bytes = after.Bytes - before.Bytes;
        result.ServerCpuMs = after.Server - before.Server;
        result.ViewerCpuMs = after.Viewer - before.Viewer;
    }

    private (long? Bytes, double Server, double Viewer) Read() =>
        (port == 0 ? null : SocketBytes.Received(sides.Viewer.Ask("ss", "-tinpH"), port, viewer), ProcessTree.CpuMs(server), ProcessTree.CpuMs(viewer));
}
