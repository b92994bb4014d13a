using System.Text;
using Alongside.Core.Input;
using Alongside.Core.Pixels;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Testing;
using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>One viewer and a host under virtual time: phases, grants, breaks, and viewers who mean no good.</summary>
public sealed class HostSessionTests
{
    private static readonly SimulatedLine Line = new(2_000, 10_000_000);

    [Fact]
    public void Nothing_of_a_viewer_without_the_grant_reaches_the_desktop()
    {
        using var host = new SimulatedHost(1, new Grant(View: true, Control: false, Clipboard: false));
        using var viewer = host.Join(1, Line);
        host.Run(500_000);
        Assert.Equal(new Grant(true, false, false), viewer.Session.Grant);
        SendEverything(host, viewer);
        host.Run(500_000);
        Assert.Empty(host.Injected);
        Assert.DoesNotContain(host.Events, e => e.Kind == HostEventKind.Clipboard);
        Assert.True(viewer.Session.IsLive);
    }

    [Fact]
    public void Before_the_person_has_answered_nothing_is_heard_and_nothing_shown()
    {
        using var host = new SimulatedHost(2, allow: null);
        using var viewer = host.Join(1, Line);
        host.Run(500_000);
        SendEverything(host, viewer);
        host.Run(500_000);
        Assert.Single(host.Events, e => e.Kind == HostEventKind.Ask);
        Assert.Empty(host.Injected);
        Assert.Null(viewer.Session.Picture);

        host.Do(() => host.Room.Answer(host.Net.Now, 1, new Grant(true, true, false)));
        host.Run(500_000);
        Assert.Equal(new Grant(true, true, false), viewer.Session.Grant);
        Assert.True(viewer.SeesExactly(host.Screen));
    }

    [Fact]
    public void A_no_ends_it_and_there_is_one_question_at_a_time()
    {
        using var host = new SimulatedHost(3, allow: null);
        using var first = host.Join(1, Line);
        using var second = host.Join(2, Line);
        host.Run(500_000);
        int guest = Assert.Single(host.Events, e => e.Kind == HostEventKind.Ask).Guest;
        host.Do(() => host.Room.Answer(host.Net.Now, guest, Grant.None));
        host.Run(500_000);
        Assert.Equal(2, host.Events.Count(e => e.Kind == HostEventKind.Ask));
        var refused = guest == 1 ? first : second;
        Assert.Contains(refused.Events, e => e is { Kind: ViewerEventKind.Ended, Text: ByeReason.Refused });
    }

    [Fact]
    public void Anybody_narrows_and_only_the_person_widens()
    {
        using var host = new SimulatedHost(4, allow: null);
        using var viewer = host.Join(1, Line);
        host.Run(300_000);
        host.Do(() => host.Room.Answer(host.Net.Now, 1, Grant.All));
        host.Run(300_000);
        viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Key(true, 0x61, 4)));
        viewer.Do(() => viewer.Session.Narrow(host.Net.Now, new(Control: false)));
        host.Run(300_000);
        Assert.Equal([InputKind.Key, InputKind.Release], host.Injected.Select(i => i.Kind));

        host.Do(() => host.Room.Narrow(host.Net.Now, 1, new Grant(true, true, false)));
        host.Run(300_000);
        Assert.Equal(new Grant(true, false, false), viewer.Session.Grant);

        viewer.Do(() => viewer.Session.Ask(host.Net.Now, "Anna", Grant.All));
        host.Run(300_000);
        Assert.Equal(new Grant(true, false, false), viewer.Session.Grant);
        host.Do(() => host.Room.Answer(host.Net.Now, 1, Grant.All));
        host.Run(300_000);
        Assert.Equal(Grant.All, viewer.Session.Grant);
    }

    [Fact]
    public void A_cut_of_20_seconds_is_resumed_without_a_question_with_keys_up_and_the_picture_exact()
    {
        using var host = new SimulatedHost(5, allow: null);
        using var viewer = host.Join(1, Line);
        host.Run(300_000);
        host.Do(() => host.Room.Answer(host.Net.Now, 1, Grant.All));
        host.Run(300_000);
        viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Key(true, 0xffe1, 0xe1)));
        viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Pointer(7, 8, 1)));
        host.Run(300_000);
        viewer.Cut();
        Assert.Equal(InputKind.Release, host.Injected[^1].Kind);
        host.PaintAll();
        host.Run(20_000_000);
        viewer.Connect();
        host.Run(1_000_000);
        Assert.Equal(1, viewer.Resumed);
        Assert.Single(host.Events, e => e.Kind == HostEventKind.Ask);
        Assert.Equal(Grant.All, viewer.Session.Grant);
        Assert.True(viewer.SeesExactly(host.Screen));
    }

    [Fact]
    public void After_two_minutes_nobody_waits_any_more()
    {
        using var host = new SimulatedHost(6, Grant.All);
        using var viewer = host.Join(1, Line);
        host.Run(500_000);
        viewer.Cut();
        host.Run(130_000_000);
        Assert.Equal(0, host.Room.Count);
        Assert.Equal(0, host.Book.Count);
    }

    [Theory]
    [InlineData(ChannelBudgets.Control, "not json")]
    [InlineData(ChannelBudgets.Control, """{"t":"ping"}""")]
    [InlineData(ChannelBudgets.Control, """{"t":"grant","view":true,"control":true,"clipboard":true}""")]
    [InlineData(ChannelBudgets.Input, "\u0009rubbish")]
    [InlineData(ChannelBudgets.Feedback, "\u0001\0\0\0\u0063\0\0\0\0")]
    [InlineData(ChannelBudgets.Clipboard, "\u0001\u0007text")]
    public void What_is_malformed_or_out_of_order_ends_that_session_only(byte channel, string bytes)
    {
        using var host = new SimulatedHost(7, Grant.All);
        using var bad = host.Join(1, Line);
        using var good = host.Join(2, Line);
        host.Run(500_000);
        bad.Do(() => bad.Session.SendRaw(host.Net.Now, channel, Encoding.Latin1.GetBytes(bytes)));
        host.Run(500_000);
        Assert.Contains(bad.Events, e => e is { Kind: ViewerEventKind.Ended, Text: ByeReason.Protocol });
        Assert.Contains(host.Events, e => e.Kind == HostEventKind.Remove && e.Member == 1);
        host.PaintAll();
        host.Run(500_000);
        Assert.True(good.Session.IsLive);
        Assert.True(good.SeesExactly(host.Screen));
    }

    [Fact]
    public void A_flood_ends_that_session_only()
    {
        using var host = new SimulatedHost(8, Grant.All);
        using var bad = host.Join(1, Line);
        host.Run(500_000);
        bad.Do(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                bad.Session.Ping(host.Net.Now);
            }
        });
        host.Run(500_000);
        Assert.Contains(bad.Events, e => e is { Kind: ViewerEventKind.Ended, Text: ByeReason.Protocol });
    }

    /// <summary>On a fast line a large clipboard asks for far more answers in a second than a viewer may say by themselves.</summary>
    [Fact]
    public void Who_answers_what_a_clipboard_asks_for_is_no_flood()
    {
        using var host = new SimulatedHost(17, Grant.All);
        using var viewer = host.Join(1, new(50, 1_000_000_000));
        host.Run(500_000);
        string text = new('x', 3_000_000);
        for (int i = 0; i < 4; i++)
        {
            int copy = i;
            host.Do(() => host.Room.Copied(host.Net.Now, (byte)(copy % 2), text + copy));
        }

        host.Run(2_000_000);
        Assert.True(viewer.Session.IsLive);
        Assert.Equal(4, viewer.Events.Count(e => e.Kind == ViewerEventKind.Clipboard));
    }

    [Fact]
    public void Who_asks_without_listening_is_sent_away_before_the_answers_fill_the_memory()
    {
        using var host = new SimulatedHost(16, Grant.All);
        using var deaf = host.Join(1, new(2_000, 5_000));
        using var good = host.Join(2, Line);
        host.Run(10_000_000);
        Assert.True(deaf.Session.IsLive);
        long most = 0;
        for (int i = 0; i < 50_000 && host.Room.Session(1) is { } session; i++)
        {
            deaf.Do(() => deaf.Session.ChooseMonitor(host.Net.Now, 0));
            host.Run(21_000);
            most = Math.Max(most, session.Outbox.Waiting);
        }

        Assert.Null(host.Room.Session(1));
        Assert.InRange(most, 1_000_000, 1_100_000);
        host.Run(300_000_000);
        Assert.Contains(deaf.Events, e => e is { Kind: ViewerEventKind.Ended, Text: ByeReason.TooSlow });
        host.PaintAll();
        host.Run(500_000);
        Assert.True(good.SeesExactly(host.Screen));
    }

    [Fact]
    public void Who_was_let_in_keeps_the_name_they_were_let_in_by()
    {
        using var host = new SimulatedHost(17, allow: null);
        using var viewer = host.Join(1, Line, new Grant(true, false, false));
        host.Run(300_000);
        viewer.Do(() => viewer.Session.Ask(host.Net.Now, "Your bank", Grant.All));
        host.Run(300_000);
        Assert.Equal("Viewer 1", Assert.Single(host.Events, e => e.Kind == HostEventKind.Ask).Question!.Name);
        host.Do(() => host.Room.Answer(host.Net.Now, 1, Grant.All));
        viewer.Do(() => viewer.Session.Ask(host.Net.Now, "Your bank", Grant.All));
        host.Run(300_000);
        Assert.Equal("Viewer 1", host.Events.Last(e => e.Kind == HostEventKind.Ask).Question!.Name);
        Assert.Equal("Viewer 1", Assert.Single(host.Room.Guests).Name);
    }

    [Fact]
    public void An_answer_given_in_advance_is_never_wider_than_what_was_asked()
    {
        using var host = new SimulatedHost(18, Grant.All);
        using var viewer = host.Join(1, Line, new Grant(View: true, Control: false, Clipboard: true));
        host.Run(500_000);
        Assert.Equal(new Grant(true, false, true), viewer.Session.Grant);
    }

    [Fact]
    public void Two_hold_a_button_and_the_first_to_go_does_not_let_it_go()
    {
        using var host = new SimulatedHost(13, Grant.All);
        using var one = host.Join(1, Line);
        using var two = host.Join(2, Line);
        host.Run(500_000);
        one.Do(() => one.Session.Send(host.Net.Now, InputMessage.Pointer(1, 1, 1)));
        two.Do(() => two.Session.Send(host.Net.Now, InputMessage.Pointer(2, 2, 5)));
        two.Do(() => two.Session.Send(host.Net.Now, InputMessage.Key(true, 0x62, 5)));
        host.Run(100_000);
        two.Cut();
        Assert.Equal(InputMessage.Key(false, 0x62, 5), host.Injected[^2]);
        Assert.Equal(1, host.Injected[^1].Buttons);
        one.Cut();
        Assert.Equal(InputKind.Release, host.Injected[^1].Kind);
    }

    [Fact]
    public void A_monitor_is_cropped_and_clicks_land_on_it()
    {
        using var host = new SimulatedHost(14, Grant.All, 100, 60);
        using var viewer = host.Join(1, Line);
        host.Run(500_000);
        viewer.Do(() => viewer.Session.ChooseMonitor(host.Net.Now, 2));
        host.Run(500_000);
        Assert.True(viewer.SeesExactly(host.Screen, new PixelRect(50, 0, 50, 60)));
        viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Pointer(3, 4, 1)));
        host.Run(100_000);
        Assert.Equal((53, 4), (host.Injected[^1].X, host.Injected[^1].Y));
    }

    private static void SendEverything(SimulatedHost host, SimulatedViewer viewer) => viewer.Do(() =>
    {
        foreach (var input in (InputMessage[])[InputMessage.Pointer(1, 2, 31), InputMessage.Wheel(1, -120), InputMessage.Key(true, 0x61, 4), InputMessage.Key(false, 0x61, 4), InputMessage.Release(), InputMessage.Type("rm")])
        {
            viewer.Session.Send(host.Net.Now, input);
        }

        viewer.Session.TryCopy(host.Net.Now, new(0, "copied"));
        viewer.Session.TryCopy(host.Net.Now, new(1, "selected"));
    });
}
