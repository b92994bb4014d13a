using Alongside.Vnc.Security;

namespace Alongside.Vnc.Server;

/// <summary>What a server offers to every viewer.</summary>
/// <param name="Name">What the desktop is called; the viewer's window shows it.</param>
public sealed record ServerOptions(string Name)
{
    /// <summary>
    /// Of <see cref="SecurityType"/>, in the order they are offered: many viewers take the first they know. <see cref="SecurityType.VeNCrypt"/> needs a
    /// driver that has a certificate (<see cref="ServerEventKind.StartTls"/>); <see cref="SecurityType.VncAuth"/> is weak, and
    /// <see cref="SecurityType.None"/> is for the loopback alone: the machine cannot know where a viewer comes from, its driver must.
    /// </summary>
    public IReadOnlyList<byte> SecurityTypes { get; init; } = [];

    /// <summary>The password of VNC authentication, which looks at its first eight characters, and of Plain. Without one neither lets anybody in.</summary>
    public string? Password { get; init; }

    /// <summary>A viewer that has not come through the handshake after this is sent away, in microseconds. The person's answer is not counted.</summary>
    public long HandshakeTime { get; init; } = 30_000_000;
}
