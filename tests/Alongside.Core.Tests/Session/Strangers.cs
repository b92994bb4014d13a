using System.Text;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Testing;
using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>Members of a room who have proven nothing: what they may cost a host, and for how long.</summary>
public sealed class Strangers
{
    private const long Second = 1_000_000;
    private static readonly SimulatedLine Line = new(2_000, 10_000_000);

    [Fact]
    public void Who_tries_a_wrong_code_is_put_out()
    {
        using var host = new SimulatedHost(30, Grant.All);
        host.Book.SetCode(Code("190573"));
        using var guesser = new SimulatedViewer(host, 3, Line, Grant.All, Code("190574"));
        host.Run(Second);
        Assert.Contains(host.Events, e => e.Kind == HostEventKind.CodeWrong);
        Assert.Equal([3], PutOut(host));
        Assert.Contains(guesser.Events, e => e.Kind == ViewerEventKind.Ended);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void So_is_who_makes_a_code_worthless_by_falling_silent_or_by_beginning_anew(bool anew)
    {
        using var host = new SimulatedHost(31, Grant.All);
        host.Book.SetCode(Code("190573"));
        Enter(host, 3);
        Say(host, 3, Hello(Code("000000")));
        if (anew)
        {
            Say(host, 3, Hello(SimulatedHost.Link));
        }
        else
        {
            host.Run(16 * Second);
        }

        Assert.Equal([3], PutOut(host));
    }

    [Fact]
    public void Who_does_not_say_who_they_are_is_put_out_and_who_waits_for_the_person_is_not()
    {
        using var host = new SimulatedHost(32, allow: null);
        Enter(host, 9);
        using var viewer = host.Join(1, Line);
        host.Run(20 * Second);

        // Coming again begins no new time.
        host.Do(() => host.Room.Arrived(host.Net.Now, 9));
        Say(host, 9, Hello(SimulatedHost.Link));
        host.Run(9 * Second);
        Assert.Empty(PutOut(host));
        host.Run(2 * Second);
        Assert.Equal([9], PutOut(host));
        host.Run(120 * Second);
        Assert.Equal([9], PutOut(host));
        host.Do(() => host.Room.Answer(host.Net.Now, 1, Grant.All));
        host.Run(Second);
        Assert.True(viewer.Session.IsLive);
    }

    [Fact]
    public void However_many_begin_and_do_not_finish_those_who_know_the_link_come_in_and_those_who_were_in_come_back()
    {
        using var host = new SimulatedHost(33, Grant.All);
        using var viewer = host.Join(1, Line);
        host.Run(Second);
        viewer.Cut();
        Enter(host, 2);
        for (ushort member = 40; member < 40 + HandshakeLimit.Newcomers; member++)
        {
            Enter(host, member);
            Say(host, member, Hello(SimulatedHost.Link));
        }

        viewer.Connect();
        host.Run(12 * Second);
        Assert.Equal(1, viewer.Resumed);
        Assert.True(viewer.Session.IsLive);

        // Whoever was told that there are too many has their time from then on.
        Say(host, 2, Hello(SimulatedHost.Link));
        host.Run(25 * Second);
        Assert.Equal(HandshakeLimit.Newcomers, PutOut(host).Length);
        Assert.DoesNotContain((ushort)2, PutOut(host));
        using var late = host.Join(3, Line);
        host.Run(Second);
        Assert.True(late.Session.IsLive);
    }

    [Fact]
    public void A_member_begins_five_handshakes_at_once_and_then_one_a_second()
    {
        var newcomers = new Newcomers();
        Assert.Equal(5, Enumerable.Range(0, 100).Count(_ => newcomers.MayBegin(Second, 3)));
        Assert.True(newcomers.MayBegin(Second, 4));
        Assert.Equal(2, Enumerable.Range(0, 100).Count(_ => newcomers.MayBegin(3 * Second, 3)));
        newcomers.Left(3, gone: true);
        newcomers.Left(4, gone: true);
        Assert.Null(newcomers.NextDeadline);
    }

    [Fact]
    public void A_flood_of_handshakes_is_answered_and_told_of_a_few_times()
    {
        using var host = new SimulatedHost(34, Grant.All);
        int answers = 0;
        host.Net.ServerSees = (_, _) => answers++;
        Enter(host, 3);
        byte[] hello = Hello(new(CredentialKind.Link, "BBBBBBBBBBBBBBBBBBBBBB", Encoding.ASCII.GetBytes(SimulatedHost.LinkSecret)));
        for (int i = 0; i < 1_000; i++)
        {
            Say(host, 3, hello);
        }

        Assert.Equal(5, answers);
        Assert.Single(host.Events, e => e.Kind == HostEventKind.Ended);
        host.Run(2 * Second);
        Say(host, 3, hello);
        Assert.Contains("4 more handshakes", host.Events.Last(e => e.Kind == HostEventKind.Ended).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_guesses_code_after_code_waits_ever_longer_and_a_right_one_ends_it()
    {
        var codes = default(WrongCodes);
        long now = Second;
        Assert.Equal([0, 0, 5, 10, 20, 40, 60, 60], Enumerable.Range(0, 8).Select(_ => codes.Wrong(now += 60 * Second) / Second));
        codes.Right();
        Assert.Equal(0, codes.Wrong(now));
        Assert.Equal(0, codes.Wrong(now));
        Assert.Equal(5 * Second, codes.Wrong(now));
        Assert.Equal(0, codes.Wrong(now + (601 * Second)));
    }

    private static Credential Code(string secret) => new(CredentialKind.Code, "482", Encoding.ASCII.GetBytes(secret));

    private static byte[] Hello(Credential credential)
    {
        using var peer = SecurePeer.Viewer(credential, [.. Capability.Known], new SeededRandomSource(7));
        peer.Start(0);
        Assert.True(peer.TryPollPayload(out var hello));
        return hello.ToArray();
    }

    private static void Enter(SimulatedHost host, ushort member)
    {
        host.Net.AddViewer(member, Line, _ => { });
        host.Net.Connect(member, () => { });
    }

    private static void Say(SimulatedHost host, ushort member, byte[] payload) => host.Do(() => host.Room.Handle(host.Net.Now, member, payload));

    private static ushort[] PutOut(SimulatedHost host) => [.. host.Events.Where(e => e.Kind == HostEventKind.Remove).Select(e => e.Member)];
}
