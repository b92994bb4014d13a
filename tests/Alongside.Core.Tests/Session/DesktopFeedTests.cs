using System.Buffers.Binary;
using Alongside.Core.Input;
using Alongside.Core.Pixels;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Core.Wire;
using Alongside.Testing;
using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>Who is sent which picture when, and under which key, over simulated lines.</summary>
public sealed class DesktopFeedTests
{
    private static readonly SimulatedLine Line = new(2_000, 10_000_000);

    [Fact]
    public void A_page_hidden_for_a_minute_has_no_backlog_and_sees_the_newest_first()
    {
        using var host = new SimulatedHost(9, Grant.All);
        using var viewer = host.Join(1, Line);
        host.Run(500_000);
        viewer.Session.IsVisible = false;
        for (int i = 0; i < 600; i++)
        {
            host.PaintSome();
            host.Run(100_000);
        }

        Assert.InRange(viewer.Session.Unpainted, 1, 40);
        Assert.Equal(0, host.Room.Feed.WaitingRecords);
        int before = viewer.UpdatedAt.Count;
        viewer.Session.IsVisible = true;
        viewer.Do(() => viewer.Session.Tick(host.Net.Now));
        host.Run(200_000);
        Assert.True(viewer.SeesExactly(host.Screen));
        Assert.InRange(viewer.UpdatedAt.Count - before, 1, 2);
    }

    [Fact]
    public void A_slow_viewer_does_not_slow_a_fast_one()
    {
        using var host = new SimulatedHost(10, Grant.All, 256, 192);
        using var fast = host.Join(1, Line);
        using var slow = host.Join(2, new(80_000, 100_000));
        host.Run(3_000_000);
        fast.UpdatedAt.Clear();
        slow.UpdatedAt.Clear();
        for (int i = 0; i < 100; i++)
        {
            host.Paint(new(0, 0, 128, 96), 2);
            host.Run(50_000);
        }

        // 49 KB of noise twenty times a second is ten times what the slow line takes: it gets parts of some of them, 3 KB or more each.
        Assert.InRange(fast.UpdatedAt.Count, 90, 110);
        Assert.InRange(slow.UpdatedAt.Count, 2, 180);
        host.Run(5_000_000);
        Assert.True(fast.SeesExactly(host.Screen));
        Assert.True(slow.SeesExactly(host.Screen));
    }

    [Fact]
    public void Viewers_of_like_speed_share_one_encoding()
    {
        using var host = new SimulatedHost(11, Grant.All);
        var viewers = Enumerable.Range(1, 5).Select(i => host.Join((ushort)i, Line)).ToList();
        host.Run(2_000_000);
        int frames = 0, sent = 0;
        host.Net.ServerSees = (to, payload) =>
        {
            if (payload[0] == 0x21)
            {
                frames++;
                sent += to.Length;
            }
        };
        for (int i = 0; i < 20; i++)
        {
            host.PaintSome();
            host.Run(100_000);
        }

        Assert.Equal(5 * frames, sent);
        Assert.All(viewers, viewer => Assert.True(viewer.SeesExactly(host.Screen)));
        viewers.ForEach(viewer => viewer.Dispose());
    }

    [Fact]
    public void Who_has_left_cannot_open_what_comes_after()
    {
        using var host = new SimulatedHost(12, Grant.All);
        using var stays = host.Join(1, Line);
        using var leaves = host.Join(2, Line);
        host.Run(1_000_000);
        host.PaintAll();
        host.Run(500_000);
        var stream = Assert.Single(host.Room.Feed.Streams);
        int epoch = stream.Epoch;
        byte[] theirs = stream.Sealer.Secret.ToArray();
        var records = new List<byte[]>();
        host.Net.ServerSees = (_, payload) =>
        {
            if (payload[0] == 0x21)
            {
                records.Add(payload);
            }
        };
        host.PaintAll();
        host.Run(500_000);
        Assert.All(records, record => Assert.True(Opens(record, theirs)));
        leaves.Leave();
        host.Run(500_000);
        records.Clear();
        host.PaintAll();
        host.Run(500_000);
        Assert.NotEmpty(records);
        Assert.All(records, record => Assert.False(Opens(record, theirs)));
        Assert.Equal(epoch + 1, Assert.Single(host.Room.Feed.Streams).Epoch);
        Assert.True(stays.SeesExactly(host.Screen));
    }

    [Fact]
    public void When_the_epochs_of_a_stream_are_used_up_another_takes_its_place()
    {
        using var host = new SimulatedHost(15, Grant.All);
        using var stays = host.Join(1, Line);
        using var leaves = host.Join(2, Line);
        host.Run(1_000_000);
        host.PaintAll();
        host.Run(500_000);
        var stream = Assert.Single(host.Room.Feed.Streams);
        byte id = stream.Id;
        var random = new SeededRandomSource(15);
        while (!stream.Sealer.IsSpent)
        {
            stream.Sealer.NewEpoch(random);
        }

        leaves.Leave();
        host.Run(500_000);
        for (int i = 0; i < 3; i++)
        {
            host.PaintAll();
            host.Run(500_000);
            Assert.True(stays.SeesExactly(host.Screen));
        }

        Assert.Same(stream, Assert.Single(host.Room.Feed.Streams));
        Assert.NotEqual(id, stream.Id);
        Assert.Equal(0, stream.Epoch);
        Assert.True(stays.Session.IsLive);
    }

    /// <summary>What answers a key press is grabbed at once, and once: what is drawn in several steps later is still given time to be whole.</summary>
    [Fact]
    public void The_answer_to_input_is_grabbed_at_once_and_other_damage_after_a_millisecond()
    {
        using var host = new SimulatedHost(19, Grant.All);
        using var viewer = host.Join(1, Line);
        host.Run(1_000_000);
        int Grabs(long pause)
        {
            int before = host.Grabs;
            host.Run(pause);
            host.Paint(new(1, 1, 4, 4), 2);
            return host.Grabs - before;
        }

        Assert.Equal(0, Grabs(500_000));
        host.Run(1_000);
        viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Key(true, 0x61, 4)));
        int answered = host.Grabs;
        host.Run(50_000);
        Assert.Equal(answered, host.Grabs);
        Assert.Equal(1, Grabs(0));
        Assert.Equal(0, Grabs(20_000));
        host.Run(1_000);
        viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Key(false, 0x61, 4)));
        Assert.Equal(0, Grabs(150_000));
        host.Run(100_000);
        Assert.True(viewer.SeesExactly(host.Screen));
    }

    /// <summary>
    /// A window drawn in strokes that are all alike says nothing of how far it went; the window system does, also where several steps fall between two
    /// updates, and where a monitor is cut out of the desktop.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void What_the_window_system_says_has_moved_is_copied(int monitor)
    {
        using var host = new SimulatedHost(20, Grant.All, 512, 256);
        using var viewer = host.Join(1, Line);
        host.Paint(host.Screen.Bounds, 0);
        var window = new PixelRect(280, 20, 120, 90);
        for (int i = 0; i < 20; i++)
        {
            host.Paint(new(window.X + (i * 37 % 110), window.Y + (i * 23 % 80), 5, 7), 0);
        }

        host.Run(1_000_000);
        viewer.Do(() => viewer.Session.ChooseMonitor(host.Net.Now, monitor));
        host.Run(1_000_000);
        int bytes = 0;
        host.Net.ServerSees = (_, payload) => bytes += payload[0] == 0x21 ? payload.Length : 0;
        foreach (var (deltaX, deltaY) in new[] { (11, 3), (9, 20), (23, 31) })
        {
            var to = window with { X = window.X + deltaX, Y = window.Y + deltaY };
            host.Move(window, deltaX, deltaY, new(to, deltaX, deltaY));
            window = to;
        }

        host.Run(100_000);
        Assert.InRange(bytes, 1, 700);
        Assert.Contains(Assert.Single(host.Room.Feed.Streams).Encoder.Motions.ToArray(), motion => (motion.DeltaX, motion.DeltaY) == (43, 54));
        Assert.True(viewer.SeesExactly(host.Screen, host.Room.Feed.AreaOf(monitor)));
    }

    /// <summary>Whether who has this secret reads the record, whatever they take for its place in the stream.</summary>
    private static bool Opens(byte[] record, byte[] secret)
    {
        using var opener = new StreamOpener(record[1]);
        opener.SetKey(BinaryPrimitives.ReadUInt16BigEndian(record.AsSpan(2)), secret, BinaryPrimitives.ReadUInt32BigEndian(record.AsSpan(4)));
        try
        {
            opener.TryOpen(record, out _);
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }
}
