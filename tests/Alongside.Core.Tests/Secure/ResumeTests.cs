using Alongside.Core.Secure;
using Alongside.Testing;

namespace Alongside.Core.Tests.Secure;

public sealed class ResumeTests
{
    [Fact]
    public void A_session_goes_on_under_new_keys_without_a_new_code()
    {
        using var pair = Pair.Secured();
        var former = pair.Viewer.ResumeCredential!;
        pair.Book.Add(former);
        pair.Viewer.Start(pair.Now);
        Assert.False(pair.Viewer.Send(pair.Now, ChannelBudgets.Control, "held back"u8));
        pair.Exchange();
        Assert.Equal(2, pair.ViewerTold.Secured.Count);
        var details = pair.HostTold.Secured[^1];
        Assert.True(details.Resumed);
        Assert.Equal(former.Place, details.Place);
        Assert.NotEqual(former.Place, pair.Viewer.ResumeCredential!.Place);
        Assert.NotEqual(former.Secret, pair.Viewer.ResumeCredential!.Secret);
        Assert.True(pair.Viewer.Send(pair.Now, ChannelBudgets.Control, "new"u8));
        Assert.True(pair.Host.Send(pair.Now, ChannelBudgets.Control, "new"u8));
        pair.Exchange();
        Assert.Equal("new"u8.ToArray(), pair.HostTold.Messages.Single().Bytes);
        Assert.Equal("new"u8.ToArray(), pair.ViewerTold.Messages.Single().Bytes);
    }

    [Fact]
    public void The_old_credential_is_used_up_only_when_the_viewer_has_shown_the_new_keys()
    {
        using var pair = Pair.Secured();
        var former = pair.Viewer.ResumeCredential!;
        pair.Book.Add(former);
        pair.Viewer.Start(pair.Now);
        pair.Exchange();
        Assert.DoesNotContain($"finished Resume {former.Place} True", pair.Book.Told);
        pair.Viewer.Send(pair.Now, ChannelBudgets.Control, "here"u8);
        pair.Exchange();
        Assert.Contains($"finished Resume {former.Place} True", pair.Book.Told);
    }

    [Fact]
    public void A_viewer_that_missed_the_last_message_comes_back_with_the_old_credential()
    {
        using var pair = Pair.Secured();
        pair.Book.Add(pair.Viewer.ResumeCredential!);
        pair.Viewer.Start(pair.Now);
        pair.ToHost(pair.FromViewer().Single());
        pair.ToViewer(pair.FromHost().Single());
        pair.ToHost(pair.FromViewer().Single());
        pair.FromHost();
        Assert.Equal(2, pair.HostTold.Secured.Count);
        Assert.Single(pair.ViewerTold.Secured);
        pair.Viewer.Start(pair.Now);
        pair.Exchange();
        Assert.Equal(pair.HostTold.Secured[^1].CheckDigits, pair.ViewerTold.Secured[^1].CheckDigits);
        Assert.Equal(2, pair.ViewerTold.Secured.Count);
    }

    [Fact]
    public void A_wrong_resume_secret_gets_nothing_and_disturbs_nothing()
    {
        using var pair = Pair.Secured();
        var right = pair.Viewer.ResumeCredential!;
        pair.Book.Add(right);
        using var thief = SecurePeer.Viewer(right with { Secret = new byte[32] }, [1], new SeededRandomSource(99));
        thief.Start(0);
        for (var i = 0; i < 2; i++)
        {
            Assert.True(thief.TryPollPayload(out var payload));
            pair.ToHost(payload.ToArray());
            thief.Handle(0, pair.FromHost().Single());
        }

        Assert.True(thief.TryPollEvent(out var e));
        Assert.Equal(RefuseReason.Confirmation, e.Refusal);
        Assert.False(thief.IsSecured);
        Assert.Contains($"finished Resume {right.Place} False", pair.Book.Told);
        Talks(pair);

        // The right one still works.
        pair.Viewer.Start(pair.Now);
        pair.Exchange();
        Assert.True(pair.HostTold.Secured[^1].Resumed);
        Assert.Equal(2, pair.HostTold.Secured.Count);
    }

    [Fact]
    public void Forged_handshake_messages_leave_a_running_session_alone()
    {
        using var pair = Pair.Secured();
        pair.Book.Add(Pair.Link());
        using var stranger = SecurePeer.Viewer(Pair.Link("AAECAwQFBgcICQoLDA0OEA"), [1], new SeededRandomSource(99));
        stranger.Start(0);
        stranger.TryPollPayload(out var forged);
        pair.ToHost(forged.ToArray());
        Assert.Equal(0x11, Assert.Single(pair.FromHost())[0]);
        Talks(pair);
        foreach (byte kind in new byte[] { 0x10, 0x11, 0x12, 0x13, 0x14, 0x00, 0x21, 0xff })
        {
            pair.ToHost([kind]);
            pair.ToViewer([kind]);
            pair.ToHost([kind, .. new byte[97]]);
            pair.ToViewer([kind, .. new byte[97]]);
        }

        pair.ToHost([]);
        pair.ToViewer([]);
        pair.FromHost();
        Talks(pair);
        pair.Now += 20_000_000;
        pair.Tick();
        Talks(pair);
        Assert.Empty(pair.HostTold.Ended);
        Assert.Empty(pair.ViewerTold.Ended);
    }

    [Fact]
    public void A_refused_resume_lets_the_old_session_go_on_where_it_was()
    {
        using var pair = Pair.Secured();
        var big = new byte[200_000];
        new SeededRandomSource(3).Fill(big);
        pair.Viewer.Send(pair.Now, ChannelBudgets.Clipboard, big);
        Assert.True(pair.Viewer.TryPollPayload(out var first));
        pair.ToHost(first.ToArray());
        pair.Viewer.Start(pair.Now);
        pair.Exchange();
        Assert.Equal([RefuseReason.Credential], pair.ViewerTold.Refused);
        pair.Exchange();
        Assert.Equal(big, pair.HostTold.Messages.Single().Bytes);
    }

    /// <summary>The viewer has given up and begun anew when the host's message comes.</summary>
    [Theory]
    [InlineData(0x11)]
    [InlineData(0x13)]
    [InlineData(0x14)]
    public void What_answers_an_earlier_hello_is_not_taken_for_an_answer_to_this_one(byte kind)
    {
        using var pair = Pair.Secured();
        var credential = pair.Viewer.ResumeCredential!;
        if (kind != 0x14)
        {
            pair.Book.Add(credential);
        }

        pair.Viewer.Start(pair.Now);
        pair.ToHost(pair.FromViewer().Single());
        if (kind == 0x13)
        {
            pair.ToViewer(pair.FromHost().Single());
            pair.ToHost(pair.FromViewer().Single());
        }

        byte[] late = pair.FromHost().Single();
        Assert.Equal(kind, late[0]);
        pair.Book.Add(credential);
        pair.Viewer.Start(pair.Now);
        pair.ToViewer(late);
        Assert.Empty(pair.ViewerTold.Refused);
        pair.Exchange();
        Assert.Empty(pair.ViewerTold.Refused);
        Assert.Empty(pair.ViewerTold.Ended);
        Assert.Equal(2, pair.ViewerTold.Secured.Count);
        Talks(pair);
    }

    [Fact]
    public void The_end_of_the_old_session_does_not_disturb_a_viewer_that_is_coming_back()
    {
        using var pair = Pair.Secured();
        pair.Book.Add(pair.Viewer.ResumeCredential!);
        pair.Viewer.Start(pair.Now);
        pair.Host.Send(pair.Now, ChannelBudgets.Control, "lost in the break"u8);
        pair.Host.Send(pair.Now, ChannelBudgets.Control, "after the break"u8);
        pair.ToViewer(pair.FromHost()[1]);
        Assert.Empty(pair.ViewerTold.Ended);
        pair.Exchange();
        Assert.True(pair.Viewer.IsSecured);
        Talks(pair);
    }

    private static void Talks(Pair pair)
    {
        var (toHost, toViewer) = (pair.HostTold.Messages.Count, pair.ViewerTold.Messages.Count);
        Assert.True(pair.Viewer.Send(pair.Now, ChannelBudgets.Control, "to host"u8));
        Assert.True(pair.Host.Send(pair.Now, ChannelBudgets.Control, "to viewer"u8));
        pair.Exchange();
        Assert.Equal(toHost + 1, pair.HostTold.Messages.Count);
        Assert.Equal(toViewer + 1, pair.ViewerTold.Messages.Count);
    }
}
