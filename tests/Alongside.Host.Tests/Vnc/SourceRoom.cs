using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Host.Vnc.Source;
using Alongside.Net.Vnc;
using Alongside.Testing;
using Alongside.Vnc.Security;

namespace Alongside.Host.Tests.Vnc;

/// <summary>A server of ours, a host whose desktop is a VNC server's, and a viewer in its room.</summary>
internal sealed class SourceRoom : IAsyncDisposable
{
    private readonly OpenHost host;

    private SourceRoom(OpenHost host)
    {
        this.host = host;
        Viewer = new(host.Address, host.Invitation, "Anna", Grant.All);
    }

    public LiveViewer Viewer { get; }

    public Uri Address => host.Address;

    public Invitation Invitation => host.Invitation;

    /// <summary>Where VNC viewers come in with the password "sesame"; 0: nowhere.</summary>
    public int VncPort => host.Port;

    /// <param name="vncPort">Of the server whose desktop it is.</param>
    /// <param name="allow">The owner's answer in advance; all, if not said.</param>
    /// <param name="vnc">VNC viewers come in as well.</param>
    public static async Task<SourceRoom> OpenAsync(int vncPort, Grant? allow = null, bool vnc = false)
    {
        var choice = new SourceChoice(new VncSourceOptions("127.0.0.1", vncPort) { Client = new() { Password = "sesame" } });
        byte[] door = vnc ? [SecurityType.VncAuth] : [];
        var room = new SourceRoom(await OpenHost.StartAsync(await VncDesktop.OpenAsync(choice), allow ?? Grant.All, door, hasRoom: true, choice));
        await room.Viewer.JoinAsync();
        return room;
    }

    public async ValueTask DisposeAsync()
    {
        await Viewer.DisposeAsync();
        await host.DisposeAsync();
    }
}
