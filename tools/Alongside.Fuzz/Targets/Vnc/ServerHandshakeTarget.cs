using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Vnc;

/// <summary>A VNC viewer from its first byte on.</summary>
public sealed class ServerHandshakeTarget() : Target("rfb-server-handshake", "Alongside.Vnc.Server")
{
    public override bool IsStream => true;

    public override int MaxLength => 512;

    public override IEnumerable<Case> Seeds()
    {
        yield return Vectors.One([.. "RFB 003.008\n"u8, 1, 1]);
        yield return Vectors.One([.. "RFB 003.008\n"u8, 2, .. new byte[16], 1]);
        yield return Vectors.One([.. "RFB 003.003\n"u8, 1]);
        yield return new([[.. "RFB 003.007\n"u8, 19, 0, 2, 0, 0, 1, 6], [0, 0, 0, 4, 0, 0, 0, 6, .. "annasesame"u8, 1]]);
        yield return new([[.. "RFB 003.008\n"u8, 19, 0, 2, 0, 0, 1, 5], [.. new byte[16], 1]]);
    }

    public override Subject Start() => new ServerSubject();
}
