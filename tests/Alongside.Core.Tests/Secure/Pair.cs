using System.Text;
using Alongside.Core.Secure;
using Alongside.Core.Secure.Records;
using Alongside.Testing;

namespace Alongside.Core.Tests.Secure;

/// <summary>A book that remembers what it was told.</summary>
internal sealed class TestBook : ICredentialBook
{
    private readonly Dictionary<(CredentialKind, string), Credential> known = [];

    public List<string> Told { get; } = [];

    public void Add(Credential credential) => known[(credential.Kind, credential.Place)] = credential;

    public void Remove(Credential credential) => known.Remove((credential.Kind, credential.Place));

    public Credential? Find(CredentialKind kind, string place) => known.GetValueOrDefault((kind, place));

    public void Attempted(CredentialKind kind, string place)
    {
        Told.Add($"attempted {kind} {place}");
        if (kind == CredentialKind.Code)
        {
            known.Remove((kind, place));
        }
    }

    public void Finished(CredentialKind kind, string place, bool good) => Told.Add($"finished {kind} {place} {good}");
}

/// <summary>What one side was told, in words and bytes that can be compared.</summary>
internal sealed class Told
{
    public List<SecuredDetails> Secured { get; } = [];

    public List<(byte Channel, byte[] Bytes)> Messages { get; } = [];

    public List<RefuseReason> Refused { get; } = [];

    public List<string> Ended { get; } = [];

    public void Drain(SecurePeer peer)
    {
        while (peer.TryPollEvent(out var e))
        {
            switch (e.Kind)
            {
                case SecureEventKind.Secured:
                    Secured.Add(e.Details!);
                    break;
                case SecureEventKind.Message:
                    Messages.Add((e.Channel, e.Bytes.ToArray()));
                    break;
                case SecureEventKind.Refused:
                    Refused.Add(e.Refusal);
                    break;
                default:
                    Ended.Add(e.Reason!);
                    break;
            }
        }
    }
}

/// <summary>A viewer and a host in memory. Payloads move when a test says so, through hands that may change them.</summary>
internal sealed class Pair : IDisposable
{
    public static readonly ushort[] ViewerCapabilities = [1, 2, 3];
    public static readonly ushort[] HostCapabilities = [1, 2, 4];

    public Pair(
        Credential? viewers = null, Credential? hosts = null, PathOrder order = PathOrder.Ordered, RecordLimits? limits = null, ulong seed = 1)
    {
        Book.Add(hosts ?? Code("190573"));
        limits ??= RecordLimits.Default;
        Viewer = SecurePeer.Viewer(viewers ?? Code("190573"), ViewerCapabilities, new SeededRandomSource(seed), order, limits);
        Host = SecurePeer.Host(Book, HostCapabilities, new SeededRandomSource(seed + 1000), order, limits);
    }

    public long Now { get; set; } = 5_000_000;

    public TestBook Book { get; } = new();

    public SecurePeer Viewer { get; set; }

    public SecurePeer Host { get; set; }

    public Told ViewerTold { get; } = new();

    public Told HostTold { get; } = new();

    public static Credential Code(string secret, string number = "482") => new(CredentialKind.Code, number, Encoding.ASCII.GetBytes(secret));

    public static Credential Link(string secret = "AAECAwQFBgcICQoLDA0ODw") =>
        new(CredentialKind.Link, "EBESExQVFhcYGRobHB0eHw", Encoding.ASCII.GetBytes(secret));

    public static Pair Secured(PathOrder order = PathOrder.Ordered, RecordLimits? limits = null)
    {
        var pair = new Pair(order: order, limits: limits);
        pair.Viewer.Start(pair.Now);
        pair.Exchange();
        Assert.True(pair.Viewer.IsSecured && pair.Host.IsSecured);
        return pair;
    }

    /// <summary>Carries payloads both ways until there are none.</summary>
    public void Exchange()
    {
        bool moved;
        do
        {
            moved = false;
            foreach (var payload in FromViewer())
            {
                ToHost(payload);
                moved = true;
            }

            foreach (var payload in FromHost())
            {
                ToViewer(payload);
                moved = true;
            }
        }
        while (moved);
    }

    public List<byte[]> FromViewer() => Take(Viewer);

    public List<byte[]> FromHost() => Take(Host);

    public void ToHost(byte[] payload)
    {
        Host.Handle(Now, payload);
        HostTold.Drain(Host);
    }

    public void ToViewer(byte[] payload)
    {
        Viewer.Handle(Now, payload);
        ViewerTold.Drain(Viewer);
    }

    public void Tick()
    {
        Viewer.Tick(Now);
        Host.Tick(Now);
        ViewerTold.Drain(Viewer);
        HostTold.Drain(Host);
    }

    public void Dispose()
    {
        Viewer.Dispose();
        Host.Dispose();
    }

    private List<byte[]> Take(SecurePeer peer)
    {
        var payloads = new List<byte[]>();
        while (peer.TryPollPayload(out var payload))
        {
            payloads.Add(payload.ToArray());
        }

        (peer == Viewer ? ViewerTold : HostTold).Drain(peer);
        return payloads;
    }
}
