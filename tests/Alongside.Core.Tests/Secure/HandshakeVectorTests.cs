using System.Text;
using System.Text.Json.Nodes;
using Alongside.Core.Secure;
using Alongside.Core.Secure.P256;
using Alongside.Testing;

namespace Alongside.Core.Tests.Secure;

/// <summary>Whole handshakes with fixed randomness (tests/vectors/secure-handshake.json): every message and every key.</summary>
public sealed class HandshakeVectorTests
{
    [Fact]
    public void Handshakes_are_the_vectors()
    {
        var cases = new JsonArray();
        ulong seed = 7;
        foreach (var credential in (Credential[])
        [
            new(CredentialKind.Code, "482", "190573"u8.ToArray()),
            new(CredentialKind.Code, "51734", "000000"u8.ToArray()),
            new(CredentialKind.Link, "EBESExQVFhcYGRobHB0eHw", "AAECAwQFBgcICQoLDA0ODw"u8.ToArray()),
            new(CredentialKind.Resume, "00112233445566ff", [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))]),
        ])
        {
            cases.Add(Run(credential, new SeededRandomSource(seed++), viewerVersions: [1, 2], hostVersions: [1, 2]));
        }

        // One from before, at either end.
        var link = new Credential(CredentialKind.Link, "EBESExQVFhcYGRobHB0eHw", "AAECAwQFBgcICQoLDA0ODw"u8.ToArray());
        cases.Add(Run(link, new SeededRandomSource(seed++), viewerVersions: [1], hostVersions: [1, 2]));
        cases.Add(Run(link, new SeededRandomSource(seed++), viewerVersions: [1, 2], hostVersions: [1]));

        Vectors.Check("secure-handshake.json", new JsonObject { ["handshakes"] = cases, ["encodeToCurve"] = Encodings() });
    }

    private static JsonObject Run(Credential credential, SeededRandomSource seeded, ushort[] viewerVersions, ushort[] hostVersions)
    {
        ushort[] viewerCapabilities = [1, 2, 3, 4, 16];
        ushort[] hostCapabilities = credential.Kind == CredentialKind.Link ? [] : [1, 2, 65535];
        var viewerRandom = Draw(seeded);
        var hostRandom = Draw(seeded);
        var book = new TestBook();
        book.Add(credential);
        using var viewer = SecurePeer.Viewer(credential, viewerCapabilities, new ScriptedRandomSource(viewerRandom));
        using var host = SecurePeer.Host(book, hostCapabilities, new ScriptedRandomSource(hostRandom));
        (viewer.Versions, host.Versions) = (viewerVersions, hostVersions);
        viewer.Start(0);
        var hello = Payload(viewer);
        host.Handle(0, hello);
        var hostHello = Payload(host);
        viewer.Handle(0, hostHello);
        var viewerFinish = Payload(viewer);
        host.Handle(0, viewerFinish);
        var hostFinish = Payload(host);
        viewer.Handle(0, hostFinish);
        Assert.True(viewer.TryPollEvent(out var secured));

        // The same again by hand, for what the machine does not show.
        byte[] sid = [.. viewerRandom[..16], .. hostRandom[..16]];
        var channel = Handshake.ChannelIdentifier(credential.Kind, credential.Place);
        var k = Cpace.SharedSecret(viewerRandom[16..], hostHello[^65..]);
        Assert.Equal(k, Cpace.SharedSecret(hostRandom[16..], viewerFinish[1..66]));
        var kHex = Vectors.Hex(k);
        var keys = Handshake.Keys(hello, hostHello[..^65], sid, k, viewerFinish[1..66], hostHello[^65..]);
        Assert.Equal(keys.ViewerConfirm(), viewerFinish[66..]);
        Assert.Equal(keys.HostConfirm(), hostFinish[^32..]);
        return new JsonObject
        {
            ["credential"] = new JsonObject { ["kind"] = (int)credential.Kind, ["place"] = credential.Place, ["secret"] = Vectors.Hex(credential.Secret) },
            ["viewerVersions"] = Numbers(viewerVersions),
            ["hostVersions"] = Numbers(hostVersions),
            ["viewerCapabilities"] = Numbers(viewerCapabilities),
            ["hostCapabilities"] = Numbers(hostCapabilities),
            ["viewerNonce"] = Vectors.Hex(viewerRandom.AsSpan(0, 16)),
            ["viewerScalar"] = Vectors.Hex(viewerRandom.AsSpan(16)),
            ["hostNonce"] = Vectors.Hex(hostRandom.AsSpan(0, 16)),
            ["hostScalar"] = Vectors.Hex(hostRandom.AsSpan(16)),
            ["channelIdentifier"] = Vectors.Hex(channel),
            ["generator"] = Vectors.Hex(Cpace.Generator(credential.Secret, channel, sid).ToBytes()),
            ["viewerHello"] = Vectors.Hex(hello),
            ["hostHello"] = Vectors.Hex(hostHello),
            ["viewerFinish"] = Vectors.Hex(viewerFinish),
            ["hostFinish"] = Vectors.Hex(hostFinish),
            ["k"] = kHex,
            ["transcript"] = Vectors.Hex(keys.Transcript),
            ["prk"] = Vectors.Hex(keys.Prk),
            ["viewerToHost"] = Vectors.Hex(keys.ViewerToHost()),
            ["hostToViewer"] = Vectors.Hex(keys.HostToViewer()),
            ["session"] = secured.Details!.ResumeCredential.Place,
            ["resume"] = Vectors.Hex(secured.Details.ResumeCredential.Secret),
            ["checkDigits"] = secured.Details.CheckDigits,
        };
    }

    /// <summary>RFC 9380 encode_to_curve on its own, so that two independent implementations meet.</summary>
    private static JsonArray Encodings()
    {
        var encodings = new JsonArray();
        foreach (var message in (string[])["", "abc", "abcdef0123456789", new string('q', 128), new string('a', 512)])
        {
            const string domain = "QUUX-V01-CS02-with-P256_XMD:SHA-256_SSWU_NU_";
            encodings.Add(new JsonObject
            {
                ["message"] = message,
                ["domain"] = domain,
                ["point"] = Vectors.Hex(HashToCurve.Encode(Encoding.ASCII.GetBytes(message), Encoding.ASCII.GetBytes(domain)).ToBytes()),
            });
        }

        return encodings;
    }

    private static byte[] Draw(SeededRandomSource seeded)
    {
        var nonce = new byte[16];
        seeded.Fill(nonce);
        return [.. nonce, .. ScalarMultiplication.MakeScalar(seeded)];
    }

    private static byte[] Payload(SecurePeer peer)
    {
        Assert.True(peer.TryPollPayload(out var payload));
        return payload.ToArray();
    }

    private static JsonArray Numbers(ushort[] numbers) => [.. numbers.Select(n => (JsonNode)n)];
}
