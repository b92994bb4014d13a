namespace Alongside.Core.Relay;

/// <summary>The numbers of docs/protocol/relay.md.</summary>
public static class RelayLimits
{
    public const int Version = 1;

    /// <summary>What both sides name in the WebSocket handshake.</summary>
    public const string Subprotocol = "alongside.relay.1";

    /// <summary>The path the server upgrades.</summary>
    public const string Path = "/relay";

    /// <summary>Bytes of one payload, at most; at least one.</summary>
    public const int Payload = 65_536;

    /// <summary>Bytes of one binary message with its header, at most.</summary>
    public const int Binary = 65_600;

    /// <summary>A payload up to this is sent by whoever has it, without waking another thread: somebody waits for it, and it takes no time.</summary>
    public const int Small = 4_096;

    /// <summary>Bytes of one text message, at most.</summary>
    public const int Text = 4_096;

    /// <summary>Receivers of one frame, at most. A full payload leaves room for 31.</summary>
    public const int Receivers = 255;

    /// <summary>Payload bytes underway from one sender to one receiver, unless the server says otherwise.</summary>
    public const int Window = 1 << 20;

    /// <summary>The largest window a client believes in: what it costs is the client's own memory.</summary>
    public const int LargestWindow = 1 << 26;
}
