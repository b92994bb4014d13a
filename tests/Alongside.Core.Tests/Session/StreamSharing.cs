using Alongside.Core.Codec;
using Alongside.Core.Session;
using Alongside.Testing;

namespace Alongside.Core.Tests.Session;

/// <summary>Many viewers, few streams, exact pictures: over simulated lines, from seeds.</summary>
public sealed class StreamSharing
{
    /// <summary>What the first release of a viewer named.</summary>
    private static readonly ushort[] First = [1, 2, 3, 4];

    private static readonly SimulatedLine Fast = new(2_000, 10_000_000);

    [Fact]
    public void A_viewer_sees_the_picture_exactly_and_then_what_changes()
    {
        using var host = new SimulatedHost(1, Grant.All);
        using var viewer = host.Join(1, Fast);
        host.Run(500_000);
        Assert.True(viewer.Session.IsLive);
        Assert.True(viewer.SeesExactly(host.Screen));
        host.Paint(new(3, 3, 5, 5), 0);
        host.Run(50_000);
        Assert.True(viewer.SeesExactly(host.Screen));
    }

    [Fact]
    public void A_viewer_of_before_shares_no_stream_with_one_who_can_decode_more()
    {
        using var host = new SimulatedHost(2, Grant.All);
        using var old = host.Join(1, Fast, capabilities: First);
        using var present = host.Join(2, Fast);
        for (int i = 0; i < 10; i++)
        {
            host.Run(100_000);
            host.PaintSome();
        }

        host.Run(500_000);
        Assert.True(old.SeesExactly(host.Screen));
        Assert.True(present.SeesExactly(host.Screen));
        Assert.Equal(UpdateEncoder.Shared(Capability.Known).Length == 1 ? 1 : 2, host.Room.Feed.Streams.Count());
    }

    /// <summary>1 to 8 viewers with lines of all kinds come late, leave, break off and hide while the screen changes; at rest all see it exactly.</summary>
    [Fact]
    public void Everybody_converges_to_the_exact_picture()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            try
            {
                Converge(seed);
            }
            catch (Exception wrong)
            {
                throw new InvalidOperationException($"Seed {seed} failed: {wrong.Message}", wrong);
            }
        }
    }

    private static void Converge(ulong seed)
    {
        using var host = new SimulatedHost(seed, Grant.All);
        var random = new SeededRandomSource(seed * 77);
        var viewers = new List<SimulatedViewer>();
        int planned = 1 + random.Next(8);
        for (int i = 0; i < planned; i++)
        {
            var line = new SimulatedLine(random.Next(120_000), 20_000 + (long)random.Next(5_000_000), random.Next(2) * (1 + random.Next(30_000)));
            ushort member = (ushort)(i + 1);
            bool isOld = random.Next(4) == 0;
            host.Net.After(random.Next(3_000_000), () => viewers.Add(host.Join(member, line, capabilities: isOld ? First : null)));
        }

        var left = new HashSet<SimulatedViewer>();
        for (int step = 0; step < 120; step++)
        {
            host.Run(random.Next(60_000));
            if (random.Next(3) > 0)
            {
                host.PaintSome();
            }

            if (viewers.Count == 0 || random.Next(6) > 0)
            {
                continue;
            }

            var viewer = viewers[random.Next(viewers.Count)];
            if (left.Contains(viewer))
            {
                continue;
            }

            switch (random.Next(6))
            {
                case 0 when host.Net.IsHere(viewer.Member):
                    viewer.Cut();
                    host.Net.After(1 + random.Next(2_000_000), viewer.Connect);
                    break;
                case 1:
                    viewer.Session.IsVisible = !viewer.Session.IsVisible;
                    break;
                case 2 when random.Next(4) == 0:
                    left.Add(viewer);
                    viewer.Leave();
                    break;
                case 3:
                    host.Net.SetLine(viewer.Member, new(random.Next(100_000), 20_000 + (long)random.Next(5_000_000)));
                    break;
                case 4 when random.Next(8) == 0:
                    host.SetLayout(64 + random.Next(64), 48 + random.Next(64));
                    break;
                case 5:
                    viewer.Do(() => viewer.Session.ChooseMonitor(host.Net.Now, random.Next(3)));
                    break;
            }
        }

        foreach (var viewer in viewers)
        {
            viewer.Session.IsVisible = true;
            viewer.Do(() => viewer.Session.Tick(host.Net.Now));
        }

        host.Run(20_000_000);
        foreach (var viewer in viewers.Except(left))
        {
            int shows = viewer.Session.Desktop?.Shows ?? 0;
            Assert.True(viewer.Session.IsLive, $"viewer {viewer.Member} is not live: {string.Join("; ", viewer.Events.Where(e => e.Kind != ViewerEventKind.Updated).Select(e => e.Kind + " " + e.Text + e.Control))} HOST {string.Join("; ", host.Events.Where(e => e.Member == viewer.Member).Select(e => e.Kind + " " + e.Text))}");
            Assert.True(viewer.SeesExactly(host.Screen, host.Room.Feed.AreaOf(shows)), $"viewer {viewer.Member} does not see the picture (monitor {shows})");
        }

        Assert.Equal(0, host.Room.Feed.WaitingRecords);
        Assert.InRange(host.Net.MostUnderway, 0, SimulatedRoom.Window);
        viewers.ForEach(viewer => viewer.Dispose());
    }
}
