using System.Security.Cryptography;
using Alongside.Core.Secure.P256;
using Alongside.Core.Wire;

namespace Alongside.Core.Secure;

/// <summary>One handshake as its viewer, from Hello to the host's confirmation. Used once.</summary>
internal sealed class ViewerHandshake
{
    private readonly Credential credential;
    private readonly IRandomSource random;
    private readonly byte[] nonce = new byte[Handshake.NonceLength];
    private readonly ushort[] versions;
    private ushort version;
    private KeySchedule? keys;

    public ViewerHandshake(Credential credential, ushort[] versions, ushort[] capabilities, IRandomSource random)
    {
        this.credential = credential;
        this.versions = versions;
        this.random = random;
        random.Fill(nonce);
        Hello = new ViewerHello(versions, nonce, credential.Kind, credential.Place, capabilities).Write();
    }

    /// <summary>The 0x10 message.</summary>
    public byte[] Hello { get; }

    /// <summary>The confirmation has gone out: whoever sits at the other end has had their guess.</summary>
    public bool HasConfirmed => keys is not null;

    public Credential Credential => credential;

    public ushort[] HostCapabilities { get; private set; } = [];

    /// <summary>Whether the host answers an earlier Hello with this.</summary>
    public bool IsLate(ReadOnlySpan<byte> payload) => versions.Contains(Handshake.BoundVersion) && Handshake.AnswersAnother(payload, nonce);

    /// <summary>Takes 0x11, returns 0x12.</summary>
    public byte[] Answer(ReadOnlySpan<byte> payload)
    {
        if (HasConfirmed)
        {
            throw new ProtocolException("The host said Hello twice.");
        }

        var hello = HostHello.Read(payload, out var shareB);
        version = hello.Version;
        if (!versions.Contains(version))
        {
            throw new ProtocolException("The host chose a version that was not offered.");
        }

        byte[] sid = [.. nonce, .. hello.Nonce];
        var generator = Cpace.Generator(credential.Secret, Handshake.ChannelIdentifier(credential.Kind, credential.Place), sid);
        var scalar = ScalarMultiplication.MakeScalar(random);
        var k = Cpace.SharedSecret(scalar, shareB);
        var shareA = Cpace.Share(scalar, generator);
        CryptographicOperations.ZeroMemory(scalar);
        keys = Handshake.Keys(Hello, payload[..^Cpace.ShareLength].ToArray(), sid, k, shareA, shareB);
        HostCapabilities = hello.Capabilities;
        return [PayloadKind.ViewerFinish, .. shareA, .. keys.ViewerConfirm()];
    }

    /// <summary>Takes 0x13. Null: the confirmation is wrong.</summary>
    public KeySchedule? Finish(ReadOnlySpan<byte> payload)
    {
        if (keys is null)
        {
            throw new ProtocolException("The host confirmed before its Hello.");
        }

        var confirm = Handshake.ReadHostFinish(payload, version);

        return CryptographicOperations.FixedTimeEquals(confirm, keys.HostConfirm()) ? keys : null;
    }
}
