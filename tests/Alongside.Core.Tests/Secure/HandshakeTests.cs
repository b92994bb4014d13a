using Alongside.Core.Secure;
using Alongside.Testing;

namespace Alongside.Core.Tests.Secure;

public sealed class HandshakeTests
{
    [Fact]
    public void Two_sides_with_the_same_code_agree_on_everything()
    {
        using var pair = Pair.Secured();
        var viewer = Assert.Single(pair.ViewerTold.Secured);
        var host = Assert.Single(pair.HostTold.Secured);
        Assert.Equal(viewer.CheckDigits, host.CheckDigits);
        Assert.Matches("^[0-9]{3} [0-9]{3}$", viewer.CheckDigits);
        Assert.Equal(Pair.HostCapabilities, viewer.PeerCapabilities);
        Assert.Equal(Pair.ViewerCapabilities, host.PeerCapabilities);
        Assert.Equal(CredentialKind.Code, host.CredentialKind);
        Assert.Equal("482", host.Place);
        Assert.False(viewer.Resumed);
        Assert.Equal(viewer.ResumeCredential.Place, host.ResumeCredential.Place);
        Assert.Equal(viewer.ResumeCredential.Secret, host.ResumeCredential.Secret);
        Assert.Equal(["attempted Code 482", "finished Code 482 True"], pair.Book.Told);
        Assert.Null(pair.Viewer.NextDeadline);
        Assert.Null(pair.Host.NextDeadline);
    }

    [Fact]
    public void The_host_never_confirms_to_a_viewer_with_a_wrong_code_and_the_code_is_spent()
    {
        using var pair = new Pair(viewers: Pair.Code("190574"));
        pair.Viewer.Start(pair.Now);
        var hello = pair.FromViewer().Single();
        pair.ToHost(hello);
        pair.ToViewer(pair.FromHost().Single());
        pair.ToHost(pair.FromViewer().Single());
        var answer = Assert.Single(pair.FromHost());
        Assert.Equal([0x14, 3, .. Nonce(hello)], answer);
        Assert.Equal([RefuseReason.Confirmation], pair.HostTold.Refused);
        Assert.Equal(["attempted Code 482", "finished Code 482 False"], pair.Book.Told);

        pair.ToViewer(answer);
        Assert.Equal([RefuseReason.Confirmation], pair.ViewerTold.Refused);
        Assert.Throws<InvalidOperationException>(() => pair.Viewer.Start(pair.Now));

        // Even the right code is of no use any more.
        pair.Viewer.Start(pair.Now, Pair.Code("190573"));
        pair.Exchange();
        Assert.Equal(RefuseReason.Credential, pair.ViewerTold.Refused[^1]);
        Assert.False(pair.Viewer.IsSecured || pair.Host.IsSecured);
    }

    [Fact]
    public void A_code_is_spent_when_the_answer_goes_out_even_if_nobody_comes_back()
    {
        using var pair = new Pair();
        pair.Viewer.Start(pair.Now);
        pair.ToHost(pair.FromViewer().Single());
        Assert.Null(pair.Book.Find(CredentialKind.Code, "482"));
        pair.Now = pair.Host.NextDeadline!.Value - 1;
        pair.Tick();
        Assert.Empty(pair.HostTold.Ended);
        pair.Now++;
        pair.Tick();
        Assert.Single(pair.HostTold.Ended);
        Assert.Equal(["attempted Code 482", "finished Code 482 False"], pair.Book.Told);
        Assert.Single(pair.ViewerTold.Ended);
    }

    [Fact]
    public void A_code_that_got_no_answer_may_be_tried_again()
    {
        using var pair = new Pair();
        pair.Viewer.Start(pair.Now);
        pair.FromViewer();
        pair.Now += 15_000_000;
        pair.Tick();
        Assert.Single(pair.ViewerTold.Ended);
        pair.Viewer.Start(pair.Now);
        pair.Exchange();
        Assert.True(pair.Viewer.IsSecured);
    }

    [Fact]
    public void A_link_may_be_tried_again_after_a_wrong_one()
    {
        using var pair = new Pair(viewers: Pair.Link("AAECAwQFBgcICQoLDA0OEA"), hosts: Pair.Link());
        pair.Viewer.Start(pair.Now);
        pair.Exchange();
        Assert.False(pair.Host.IsSecured);
        pair.Viewer.Start(pair.Now, Pair.Link());
        pair.Exchange();
        Assert.True(pair.Host.IsSecured);
        Assert.Equal(CredentialKind.Link, pair.ViewerTold.Secured.Single().CredentialKind);
    }

    [Theory]
    [InlineData("version", RefuseReason.Version)]
    [InlineData("kind", RefuseReason.Credential)]
    [InlineData("place", RefuseReason.Credential)]
    public void A_hello_the_host_cannot_serve_is_refused_before_any_code_is_spent(string what, RefuseReason reason)
    {
        using var pair = new Pair();
        pair.Viewer.Start(pair.Now);
        var hello = pair.FromViewer().Single();
        switch (what)
        {
            case "version":
                (hello[3], hello[5]) = (8, 9);
                break;
            case "kind":
                hello[22] = 77;
                break;
            default:
                hello[24] = (byte)'5';
                break;
        }

        pair.ToHost(hello);
        Assert.Equal([0x14, (byte)reason, .. what == "version" ? [] : Nonce(hello)], Assert.Single(pair.FromHost()));
        Assert.Empty(pair.Book.Told);
    }

    [Fact]
    public void The_host_works_on_so_many_handshakes_and_no_more()
    {
        var limit = new HandshakeLimit(2);
        var book = new TestBook();
        book.Add(Pair.Link());
        var hosts = Enumerable.Range(0, 3).Select(i => SecurePeer.Host(book, [1], new SeededRandomSource((ulong)i), limit)).ToArray();
        using var pair = new Pair(viewers: Pair.Link());
        pair.Viewer.Start(0);
        var hello = pair.FromViewer().Single();
        foreach (var host in hosts)
        {
            host.Handle(0, hello);
        }

        Assert.True(hosts[2].TryPollPayload(out var busy));
        Assert.Equal([0x14, 4, .. Nonce(hello)], busy.ToArray());
        Assert.Equal(2, limit.Unfinished);

        // The same member again takes no second place, and a place comes free when a handshake ends.
        hosts[0].Handle(0, hello);
        Assert.Equal(2, limit.Unfinished);
        hosts[1].Dispose();
        Assert.Equal(1, limit.Unfinished);
        hosts[2].Handle(0, hello);
        Assert.Equal(2, limit.Unfinished);
        hosts[0].Tick(15_000_000);
        hosts[2].Tick(15_000_000);
        Assert.Equal(0, limit.Unfinished);
    }

    [Fact]
    public void Who_comes_back_has_places_apart()
    {
        var limit = new HandshakeLimit(newcomers: 1, resumes: 1);
        using var pair = Pair.Secured();
        var resume = pair.Viewer.ResumeCredential!;
        var book = new TestBook();
        book.Add(Pair.Link());
        book.Add(resume);
        Assert.Equal([0x11, 0x14, 0x11, 0x14], new[] { Pair.Link(), Pair.Link(), resume, resume }.Select(credential =>
        {
            // Not disposed of: what it has begun goes on.
            var host = SecurePeer.Host(book, [1], new SeededRandomSource(3), limit);
            using var viewer = SecurePeer.Viewer(credential, [1], new SeededRandomSource(4));
            viewer.Start(0);
            Assert.True(viewer.TryPollPayload(out var hello));
            host.Handle(0, hello.Span);
            Assert.True(host.TryPollPayload(out var answer));
            return (int)answer.Span[0];
        }));
        Assert.Equal(2, limit.Unfinished);
    }

    [Fact]
    public void Every_truncation_and_every_flipped_bit_of_every_message_fails_the_handshake()
    {
        // The bit of 0x14's kind turns a message into an advisory one; all that matters is that no session comes of it.
        for (var step = 0; step < 4; step++)
        {
            var whole = Record(step);
            for (var length = 0; length < whole.Length; length += length is > 4 and < 80 ? 7 : 1)
            {
                Expect_no_session(step, whole[..length]);
            }

            for (var at = 0; at < whole.Length; at += 3)
            {
                var changed = (byte[])whole.Clone();
                changed[at] ^= (byte)(1 << (at % 8));
                Expect_no_session(step, changed);
            }

            Expect_no_session(step, [.. whole, 0]);
        }
    }

    [Fact]
    public void A_share_sent_back_to_its_maker_is_no_proof()
    {
        using var pair = new Pair(viewers: Pair.Link(), hosts: Pair.Link());
        pair.Viewer.Start(pair.Now);
        var hello = pair.FromViewer().Single();
        pair.ToHost(hello);
        var hostHello = pair.FromHost().Single();
        pair.ToHost([0x12, .. hostHello[^65..], .. new byte[32]]);
        Assert.False(pair.Host.IsSecured);
        Assert.Equal([0x14, 3, .. Nonce(hello)], pair.FromHost().Single());
    }

    [Fact]
    public void Capabilities_are_sent_in_order_and_once()
    {
        var book = new TestBook();
        book.Add(Pair.Link());
        using var viewer = SecurePeer.Viewer(Pair.Link(), [4, 1, 4, 2], new SeededRandomSource(1));
        using var host = SecurePeer.Host(book, [], new SeededRandomSource(2));
        using var pair = new Pair { Viewer = viewer, Host = host };
        viewer.Start(0);
        pair.Exchange();
        Assert.Equal([1, 2, 4], pair.HostTold.Secured.Single().PeerCapabilities);
        Assert.Empty(pair.ViewerTold.Secured.Single().PeerCapabilities);
    }

    [Fact]
    public void Nothing_secret_is_printed()
    {
        using var pair = Pair.Secured();
        Assert.DoesNotContain("190573", Pair.Code("190573").ToString(), StringComparison.Ordinal);
        Assert.Equal($"Resume at {pair.Viewer.ResumeCredential!.Place}", pair.Viewer.ResumeCredential.ToString());
    }

    /// <summary>The message of one step (0x10 to 0x13) of a handshake with fixed randomness.</summary>
    private static byte[] Record(int step)
    {
        using var pair = new Pair(viewers: Pair.Link(), hosts: Pair.Link());
        return RunTo(pair, step);
    }

    private static byte[] RunTo(Pair pair, int step)
    {
        pair.Viewer.Start(pair.Now);
        var message = pair.FromViewer().Single();
        for (var i = 0; i < step; i++)
        {
            if (i % 2 == 0)
            {
                pair.ToHost(message);
                message = pair.FromHost().Single();
            }
            else
            {
                pair.ToViewer(message);
                message = pair.FromViewer().Single();
            }
        }

        return message;
    }

    /// <summary>Of a Hello that names two versions.</summary>
    private static byte[] Nonce(byte[] hello) => hello[6..22];

    private static void Expect_no_session(int step, byte[] changed)
    {
        using var pair = new Pair(viewers: Pair.Link(), hosts: Pair.Link());
        RunTo(pair, step);
        if (step % 2 == 0)
        {
            pair.ToHost(changed);
        }
        else
        {
            pair.ToViewer(changed);
        }

        pair.Exchange();
        Assert.False(pair.Viewer.IsSecured, $"step {step}, {Vectors.Hex(changed)}");
        Assert.Equal(step == 3, pair.Host.IsSecured);
    }
}
