using Alongside.Core.Wire;
using Alongside.Fuzz.Cases;
using Alongside.Vnc.Client;

namespace Alongside.Fuzz.Targets.Vnc;

/// <summary>A VNC server from its first byte to its desktop's size.</summary>
public sealed class ClientHandshakeTarget() : Target("rfb-client-handshake", "Alongside.Vnc.Client")
{
    public override bool IsStream => true;

    public override int MaxLength => 512;

    public override bool IsRefusal(Exception error) => error is ProtocolException or RfbRefusedException;

    public override IEnumerable<Case> Seeds()
    {
        byte[] challenge = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        yield return Vectors.One(ServerBytes.Desktop(64, 48));
        yield return Vectors.One(new ServerBytes().Raw("RFB 003.008\n"u8).Raw(2, 16, 2).Raw(challenge).U32(0).Init(64, 48).All);
        yield return Vectors.One(new ServerBytes().Raw("RFB 003.007\n"u8).Raw(1, 2).Raw(challenge).U32(0).Init(64, 48).All);
        yield return Vectors.One(new ServerBytes().Raw("RFB 003.003\n"u8).U32(2).Raw(challenge).U32(0).Init(64, 48).All);
        yield return Vectors.One(new ServerBytes().Raw("RFB 003.008\n"u8).Raw(0).U32(4).Raw("full"u8).All);
        yield return new([
            new ServerBytes().Raw("RFB 003.008\n"u8).Raw(2, 2, 19).Raw(0, 2, 0, 2).U32(258, 262).Raw(1).All,
            new ServerBytes().U32(0).Init(64, 48).All]);
        yield return new([
            new ServerBytes().Raw("RFB 003.008\n"u8).Raw(1, 19).Raw(0, 2, 0, 1).U32(261).Raw(1).All,
            new ServerBytes().Raw(challenge).U32(1, 5).Raw("wrong"u8).All]);
    }

    public override Subject Start() => new ClientSubject();
}
