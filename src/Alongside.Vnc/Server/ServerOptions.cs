namespace Alongside.Vnc.Server;

/// <summary>What a server offers to every viewer.</summary>
/// <param name="Name">What the desktop is called; the viewer's window shows it.</param>
public sealed record ServerOptions(string Name)
{
    /// <summary>The password of VNC authentication and of Plain; null: neither is offered.</summary>
    public string? Password { get; init; }

    /// <summary>Offer to come in without a password. For the loopback alone: the machine cannot know, its driver must.</summary>
    public bool AllowNone { get; init; }

    /// <summary>Offer VNC authentication without TLS. Weak: eight characters, and everything after it in the clear.</summary>
    public bool AllowVncAuth { get; init; }

    /// <summary>Offer VeNCrypt with a certificate, which its driver has (<see cref="ServerEventKind.StartTls"/>).</summary>
    public bool AllowTls { get; init; }

    /// <summary>A viewer that has not come through the handshake after this is sent away, in microseconds. The person's answer is not counted.</summary>
    public long HandshakeTime { get; init; } = 30_000_000;
}
