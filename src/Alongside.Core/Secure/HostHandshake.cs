using System.Security.Cryptography;
using Alongside.Core.Secure.P256;

namespace Alongside.Core.Secure;

/// <summary>One handshake as its host, from a viewer's Hello with a version and a credential we have. Used once.</summary>
internal sealed class HostHandshake
{
    private readonly byte[] hello;
    private readonly byte[] head;
    private readonly byte[] sid;
    private readonly byte[] scalar;
    private readonly byte[] shareB;

    public HostHandshake(ushort version, ReadOnlySpan<byte> payload, ViewerHello hello, Credential credential, ushort[] capabilities, IRandomSource random)
    {
        var nonce = new byte[Handshake.NonceLength];
        random.Fill(nonce);
        Kind = hello.Credential;
        Place = hello.Place;
        ViewerCapabilities = hello.Capabilities;
        this.hello = payload.ToArray();
        Answered = version >= Handshake.BoundVersion ? hello.Nonce : [];
        head = new HostHello(version, Answered, nonce, capabilities).WriteHead();
        sid = [.. hello.Nonce, .. nonce];
        scalar = ScalarMultiplication.MakeScalar(random);
        shareB = Cpace.Share(scalar, Cpace.Generator(credential.Secret, Handshake.ChannelIdentifier(Kind, Place), sid));
        Answer = [.. head, .. shareB];
    }

    public CredentialKind Kind { get; }

    public string Place { get; }

    public ushort[] ViewerCapabilities { get; }

    /// <summary>What our messages name the viewer's Hello by; empty in version 1.</summary>
    public byte[] Answered { get; }

    /// <summary>The 0x11 message.</summary>
    public byte[] Answer { get; }

    /// <summary>Takes 0x12. Null: the confirmation is wrong.</summary>
    public KeySchedule? Finish(ReadOnlySpan<byte> payload)
    {
        Handshake.ReadViewerFinish(payload, out var shareA, out var confirm);
        var keys = Handshake.Keys(hello, head, sid, Cpace.SharedSecret(scalar, shareA), shareA, shareB);
        CryptographicOperations.ZeroMemory(scalar);
        return CryptographicOperations.FixedTimeEquals(confirm, keys.ViewerConfirm()) ? keys : null;
    }
}
