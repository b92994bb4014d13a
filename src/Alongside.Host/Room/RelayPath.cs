using Alongside.Core.Session;
using Alongside.Net.Relay;

namespace Alongside.Host.Room;

/// <summary>The relay as the path of a session. Without a connection nothing can be sent, which is what a window of 0 says.</summary>
internal sealed class RelayPath : IPath
{
    private volatile RelayClient? client;

    public RelayClient? Client
    {
        get => client;
        set => client = value;
    }

    public int Window(ushort member) => client?.Window(member) ?? 0;

    public bool TrySend(ReadOnlySpan<ushort> to, ReadOnlySpan<byte> payload) => client?.TrySend(to, payload) ?? false;
}
