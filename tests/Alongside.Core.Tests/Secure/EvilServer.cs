// Long because it holds every way in which a server between two people may misbehave, side by side.
using System.Security.Cryptography;
using System.Text;
using Alongside.Core.Secure;
using Alongside.Testing;

namespace Alongside.Core.Tests.Secure;

/// <summary>How the server of one run misbehaves.</summary>
internal enum EvilPlan
{
    /// <summary>Not at all: sessions must come about and everything must arrive.</summary>
    Honest,

    /// <summary>Drops, repeats, holds back, cuts, lengthens, flips, replays, reflects, invents.</summary>
    Mangle,

    /// <summary>Rewrites versions, capabilities, nonces, credentials and places in the Hellos.</summary>
    Rewrite,

    /// <summary>Puts other shares and confirmations in.</summary>
    SwapShares,

    /// <summary>Answers both sides itself, with a guess of the code.</summary>
    Guess,

    /// <summary>Runs two sessions of the same people and swaps what they say.</summary>
    Splice,
}

/// <summary>
/// One run: a viewer and a host that mean each other, and a server between them that does as it likes. Everything comes from the seed. After
/// each step it is checked what must never happen; see <see cref="Check"/>.
/// </summary>
internal sealed class EvilServer : IDisposable
{
    private readonly SeededRandomSource random;
    private readonly List<Side> viewers = [];
    private readonly List<Side> hosts = [];
    private readonly TestBook book = new();
    private readonly List<(bool ToHost, byte[] Payload)> seen = [];
    private readonly List<(Side To, byte[] Payload)> heldBack = [];
    private readonly IncrementalHash trace = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Credential credential;
    private readonly bool sameSecret;
    private readonly int eagerness;
    private SecurePeer? evilHost;
    private SecurePeer? evilViewer;
    private bool mayMeddle;
    private long now = 1_000_000;

    /// <param name="seed">Decides everything.</param>
    /// <param name="guessesRight">The server knows the secret: a check that the checks can fail.</param>
    public EvilServer(ulong seed, bool guessesRight = false)
    {
        random = new SeededRandomSource(seed);
        Plan = guessesRight ? EvilPlan.Guess : (EvilPlan)random.Next(6);
        var kind = (CredentialKind)(1 + random.Next(3));
        sameSecret = guessesRight || Plan == EvilPlan.Honest || random.Next(6) > 0;
        eagerness = 1 + random.Next(6);
        var secret = RoomCode.MakeDigits(random);
        var wrong = $"{secret[..5]}{(secret[5] - '0' + 1 + random.Next(9)) % 10}";
        credential = new Credential(kind, "482", Encoding.ASCII.GetBytes(secret));
        book.Add(credential);
        var typed = sameSecret ? credential : credential with { Secret = Encoding.ASCII.GetBytes(wrong) };
        for (var i = 0; i < (Plan == EvilPlan.Splice ? 2 : 1); i++)
        {
            viewers.Add(new Side($"viewer {i}", SecurePeer.Viewer(typed, Capabilities(), Source())) { Offers = lastCapabilities });
            hosts.Add(new Side($"host {i}", SecurePeer.Host(book, Capabilities(), Source())) { Offers = lastCapabilities });
        }

        if (Plan == EvilPlan.Guess)
        {
            var guess = credential with { Secret = Encoding.ASCII.GetBytes(guessesRight ? secret : $"{wrong[..4]}{(wrong[4] - '0' + 1) % 10}{wrong[5]}") };
            var evilBook = new TestBook();
            evilBook.Add(guess);
            evilHost = SecurePeer.Host(evilBook, Capabilities(), Source());
            evilViewer = SecurePeer.Viewer(guess, Capabilities(), Source());
            evilViewer.Start(now);
        }
    }

    public EvilPlan Plan { get; }

    public int Sessions => hosts.Sum(h => h.Secured.Count);

    public int Resumed => viewers.Sum(v => v.Secured.Count(d => d.Resumed));

    public int Delivered => hosts.Concat(viewers).Sum(s => s.Got);

    public int Refused => hosts.Concat(viewers).Sum(s => s.Refusals);

    public int Ended => hosts.Concat(viewers).Sum(s => s.Ends);

    public string Trace => Convert.ToHexStringLower(trace.GetCurrentHash());

    /// <summary>Shakes hands, talks, comes back after a break, talks again.</summary>
    public void Run()
    {
        // Half of the servers behave until there is a session, so that their malice meets records and not only the handshake.
        mayMeddle = random.Next(2) == 0;
        viewers.ForEach(v => v.Peer.Start(now));
        Carry();
        mayMeddle = true;
        Talk();
        if (random.Next(3) == 0)
        {
            foreach (var viewer in viewers.Where(v => v.Peer.ResumeCredential is not null))
            {
                book.Add(viewer.Peer.ResumeCredential!);
                viewer.Peer.Start(now);
            }

            mayMeddle = random.Next(2) == 0;
            Carry();
            mayMeddle = true;
            Talk();
        }

        now += 20_000_000;
        Settle();
        if (Plan == EvilPlan.Honest)
        {
            Require(Sessions > 0 && hosts[0].Ends + viewers[0].Ends == 0, "an honest server's session did not come about");
            Require(Delivered == hosts.Concat(viewers).Sum(s => s.Said), "an honest server lost a message");
        }
    }

    public void Dispose()
    {
        hosts.ForEach(h => h.Peer.Dispose());
        viewers.ForEach(v => v.Peer.Dispose());
        evilHost?.Dispose();
        evilViewer?.Dispose();
        trace.Dispose();
    }

    private ushort[] lastCapabilities = [];

    private ushort[] Capabilities() => lastCapabilities = [.. Enumerable.Range(1, random.Next(6)).Select(i => (ushort)i)];

    private SeededRandomSource Source() => new(random.NextU64());

    private void Talk()
    {
        for (var i = random.Next(12); i > 0; i--)
        {
            var toHost = random.Next(2) == 0;
            var from = (toHost ? viewers : hosts)[random.Next(viewers.Count)];
            var channel = toHost ? (byte)random.Next(3) : (byte)(random.Next(2) * 3);
            var message = new byte[random.Next(60) == 0 ? 64 : random.Next(30)];
            random.Fill(message);
            if (from.Peer.Send(now, channel, message))
            {
                from.Remember(channel, message);
            }

            if (random.Next(3) == 0)
            {
                Carry();
            }
        }

        Carry();
    }

    /// <summary>Moves payloads, in the server's way, until nothing moves any more.</summary>
    private void Carry()
    {
        // A server that answers everything with something could go on for ever.
        for (var rounds = 0; rounds < 40; rounds++)
        {
            var moved = false;
            for (var i = 0; i < viewers.Count; i++)
            {
                moved |= Pass(viewers[i], hosts[i], toHost: true);
                moved |= Pass(hosts[i], viewers[i], toHost: false);
            }

            moved |= PassEvil();
            if (!moved && heldBack.Count > 0)
            {
                var (to, payload) = heldBack[random.Next(heldBack.Count)];
                heldBack.Clear();
                Deliver(to, payload);
                moved = true;
            }

            if (!moved)
            {
                return;
            }
        }
    }

    private bool Pass(Side from, Side to, bool toHost)
    {
        var moved = false;
        while (from.Peer.TryPollPayload(out var memory))
        {
            moved = true;
            var payload = memory.ToArray();
            trace.AppendData(payload);
            from.Sent(payload);
            now += random.Next(1_000);
            Meddle(to, payload, toHost);
            seen.Add((toHost, payload));
        }

        Settle();
        return moved;
    }

    private void Meddle(Side to, byte[] payload, bool toHost)
    {
        switch (mayMeddle && random.Next(7) < eagerness ? Plan : EvilPlan.Honest)
        {
            case EvilPlan.Mangle:
                Mangle(to, payload, toHost);
                break;
            case EvilPlan.Rewrite when payload[0] is 0x10 or 0x11:
                Deliver(to, Rewrite(payload));
                break;
            case EvilPlan.SwapShares when payload[0] is >= 0x11 and <= 0x13:
                Deliver(to, SwapShares(payload));
                break;
            case EvilPlan.Guess:
                (toHost ? evilHost : evilViewer)!.Handle(now, payload);
                break;
            case EvilPlan.Splice:
                Deliver((toHost ? hosts : viewers)[random.Next(hosts.Count)], payload);
                break;
            default:
                Deliver(to, payload);
                break;
        }
    }

    private void Mangle(Side to, byte[] payload, bool toHost)
    {
        switch (random.Next(12))
        {
            case 0:
                break;
            case 1:
                Deliver(to, payload);
                Deliver(to, payload);
                break;
            case 2 or 3:
                heldBack.Add((to, payload));
                break;
            case 4:
                Deliver(to, payload[..random.Next(payload.Length)]);
                break;
            case 5:
                Deliver(to, [.. payload, (byte)random.Next(256)]);
                break;
            case 6 or 7:
                var flipped = (byte[])payload.Clone();
                flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                Deliver(to, flipped);
                break;
            case 8 when seen.Count > 0:
                Deliver(to, seen[random.Next(seen.Count)].Payload);
                Deliver(to, payload);
                break;
            case 9:
                Deliver((toHost ? viewers : hosts)[0], payload);
                Deliver(to, payload);
                break;
            case 10:
                Deliver(to, [0x14, (byte)random.Next(6)]);
                Deliver(to, payload);
                break;
            default:
                var junk = new byte[random.Next(140)];
                random.Fill(junk);
                if (junk.Length > 0)
                {
                    junk[0] = (byte)(0x10 + random.Next(0x12));
                }

                Deliver(to, junk);
                Deliver(to, payload);
                break;
        }
    }

    /// <summary>Another version, capability list, nonce, credential or place, in a message that is otherwise in order.</summary>
    private byte[] Rewrite(byte[] payload)
    {
        if (payload[0] == 0x10)
        {
            var hello = ViewerHello.Read(payload);
            return (random.Next(5) switch
            {
                0 => hello with { Versions = [1] },
                1 => hello with { Versions = [1, 2, 3] },
                2 => hello with { Capabilities = [.. hello.Capabilities.Skip(1)] },
                3 => hello with { Nonce = [.. hello.Nonce.Reverse()] },
                _ => hello with { Credential = (CredentialKind)random.Next(5), Place = random.Next(2) == 0 ? hello.Place : "483" },
            }).Write();
        }

        var answer = HostHello.Read(payload, out var share);
        return
        [
            .. (random.Next(3) switch
            {
                0 => answer with { Version = (ushort)random.Next(4) },
                1 => answer with { Capabilities = [.. answer.Capabilities, 77] },
                _ => answer with { Nonce = new byte[16] },
            }).WriteHead(),
            .. share,
        ];
    }

    /// <summary>Another share (seen before, or of the server's own making) or another confirmation (seen before, or none).</summary>
    private byte[] SwapShares(byte[] payload)
    {
        var changed = (byte[])payload.Clone();
        if (payload[0] == 0x13 || (payload[0] == 0x12 && random.Next(2) == 0))
        {
            var former = seen.Where(s => s.Payload[0] is 0x12 or 0x13).Select(s => s.Payload[^32..]).ToArray();
            (former.Length > 0 ? former[random.Next(former.Length)] : new byte[32]).CopyTo(changed, changed.Length - 32);
            return changed;
        }

        var shares = seen.Where(s => s.Payload[0] == 0x11).Select(s => s.Payload[^65..]).Append(OwnShare).Append(new byte[65]).ToArray();
        shares[random.Next(shares.Length)].CopyTo(changed, payload[0] == 0x11 ? changed.Length - 65 : 1);
        return changed;
    }

    /// <summary>The generator of P-256: a share of the scalar 1 over a generator that nobody uses.</summary>
    private static byte[] OwnShare { get; } = Convert.FromHexString(
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

    private bool PassEvil()
    {
        var moved = false;
        foreach (var (evil, side) in ((SecurePeer?, Side)[])[(evilHost, viewers[0]), (evilViewer, hosts[0])])
        {
            while (mayMeddle && evil is not null && evil.TryPollPayload(out var payload))
            {
                moved = true;
                Deliver(side, payload.ToArray());
            }

            while (evil is not null && evil.TryPollEvent(out var e))
            {
                Require(e.Kind != SecureEventKind.Secured, "the server got a session with a guess");
            }
        }

        return moved;
    }

    private void Deliver(Side to, byte[] payload)
    {
        to.Peer.Handle(now, payload);
        Check();
    }

    private void Settle()
    {
        foreach (var side in viewers.Concat(hosts))
        {
            side.Peer.Tick(now);
        }

        evilHost?.Tick(now);
        evilViewer?.Tick(now);
        Check();
    }

    /// <summary>What must hold at every moment.</summary>
    private void Check()
    {
        foreach (var side in viewers.Concat(hosts))
        {
            while (side.Peer.TryPollEvent(out var e))
            {
                switch (e.Kind)
                {
                    case SecureEventKind.Secured:
                        OnSecured(side, e.Details!);
                        break;
                    case SecureEventKind.Message:
                        OnMessage(side, e.Channel, e.Bytes.Span);
                        break;
                    case SecureEventKind.Refused:
                        side.Refusals++;
                        break;
                    default:
                        side.Ends++;
                        break;
                }
            }
        }

        if (credential.Kind == CredentialKind.Code)
        {
            Require(book.Told.Count(t => t == "attempted Code 482") <= 1, "a code was tried twice");
            Require(viewers.All(v => v.CodeFinishes <= 1), "a viewer proved itself twice with one code");
        }
    }

    private void OnSecured(Side side, SecuredDetails details)
    {
        Require(sameSecret, "a session without a common secret");
        side.Secured.Add(details);
        var isViewer = viewers.Contains(side);

        // The host finishes first, so a viewer's session must be one that a host has; of two hosts a session is never both's.
        var twins = (isViewer ? hosts : viewers).Where(s => s.Secured.Any(d => d.ResumeCredential.Place == details.ResumeCredential.Place)).ToArray();
        Require(!isViewer || twins.Length == 1, "a viewer has a session that no host has");
        foreach (var twin in twins)
        {
            var same = twin.Secured.Single(d => d.ResumeCredential.Place == details.ResumeCredential.Place);
            Require(same.CheckDigits == details.CheckDigits, "two ideas of the check digits");
            Require(same.ResumeCredential.Secret.AsSpan().SequenceEqual(details.ResumeCredential.Secret), "two ideas of the resume secret");
            Require(same.CredentialKind == details.CredentialKind && same.Place == details.Place, "two ideas of the credential");
            Require(details.PeerCapabilities.SequenceEqual(twin.Offers) && same.PeerCapabilities.SequenceEqual(side.Offers), "two ideas of the capabilities");
        }

        Require((isViewer ? viewers : hosts).Sum(s => s.Secured.Count(d => d.ResumeCredential.Place == details.ResumeCredential.Place)) == 1, "one session twice");
    }

    private void OnMessage(Side side, byte channel, ReadOnlySpan<byte> message)
    {
        var session = side.Secured[^1].ResumeCredential.Place;
        var said = (viewers.Contains(side) ? hosts : viewers).SelectMany(s => s.Told)
            .Where(m => m.Session == session && m.Channel == channel).Select(m => m.Bytes).ToArray();
        var heard = side.Heard.GetValueOrDefault((session, channel));
        Require(heard < said.Length && message.SequenceEqual(said[heard]), "a message that was not the next one said");
        side.Heard[(session, channel)] = heard + 1;
        side.Got++;
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new EvilServerWonException($"{Plan}, {credential.Kind}: {otherwise}.");
        }
    }

    /// <summary>One true participant and what it said and heard.</summary>
    private sealed class Side(string name, SecurePeer peer)
    {
        public SecurePeer Peer => peer;

        public ushort[] Offers { get; init; } = [];

        public List<SecuredDetails> Secured { get; } = [];

        public List<(string Session, byte Channel, byte[] Bytes)> Told { get; } = [];

        public Dictionary<(string, byte), int> Heard { get; } = [];

        public int Said => Told.Count;

        public int Got { get; set; }

        public int Refusals { get; set; }

        public int Ends { get; set; }

        public int CodeFinishes { get; private set; }

        public override string ToString() => name;

        public void Remember(byte channel, byte[] message) => Told.Add((peer.Details!.ResumeCredential.Place, channel, message));

        public void Sent(byte[] payload)
        {
            if (payload[0] == 0x12 && peer.Details is null)
            {
                CodeFinishes++;
            }
        }
    }
}

internal sealed class EvilServerWonException(string how) : Exception(how);
