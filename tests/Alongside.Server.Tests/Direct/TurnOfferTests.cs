using System.Security.Cryptography;
using System.Text;
using Alongside.Core.Relay;
using Alongside.Net.Relay;
using Alongside.Net.Settings;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Direct;

/// <summary>The operator's TURN server, as members hear of it.</summary>
public sealed class TurnOfferTests
{
    private static readonly string[] Servers = ["turn:turn.example.org", "turns:turn.example.org:443"];

    [Fact]
    public async Task Each_member_is_given_a_name_and_a_password_of_their_own_that_end()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { Turn = Servers, TurnSecret = "known to both" });
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using (host)
        await using (viewer)
        {
            Assert.Equal(Servers, opened.Turn!.Urls);
            Assert.NotEqual(opened.Turn.Username, joined.Turn!.Username);
            foreach (var offer in (TurnOffer[])[opened.Turn, joined.Turn])
            {
                // As the TURN server will check it.
                Assert.Equal(Convert.ToBase64String(HMACSHA1.HashData("known to both"u8, Encoding.UTF8.GetBytes(offer.Username))), offer.Credential);
                long ends = Ends(offer), now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
                Assert.InRange(ends, now + offer.Seconds - 120, now + offer.Seconds);
                Assert.DoesNotContain(opened.Room, offer.Username, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>A host that nobody attends stays in its room for months: what it is lent is good for a day, and lent anew at half of it.</summary>
    [Fact]
    public async Task Who_stays_is_lent_anew_before_what_they_have_ends()
    {
        var (time, ours) = (new ManualTime(), new ManualTime());
        await using var server = await TestServer.StartAsync(settings => settings with { Turn = Servers, TurnSecret = "known to both" }, time);
        await using var host = new RelayClient(server.Url, new RelayClientOptions { Time = ours }, new RecordingSink());
        await host.OpenAsync(MemberRole.Host, withNumber: false);
        var first = host.Turn!;
        for (int i = 0; i < 5; i++)
        {
            var before = host.Turn!;
            ours.Advance(TimeSpan.FromSeconds(before.Seconds / 2));
            time.Advance(TimeSpan.FromSeconds(before.Seconds / 2));
            server.Rooms.Sweep();
            await Eventually.TrueAsync(() => host.Turn is { } now && now.Username != before.Username);
        }

        // Each of their own: as long as the TURN server takes it.
        Assert.InRange(Ends(host.Turn!) - Ends(first), (5 * first.Seconds / 2) - 60, (5 * first.Seconds / 2) + 60);

        // A server that says nothing more has lent nothing any more.
        ours.Advance(TimeSpan.FromSeconds(first.Seconds - 1));
        Assert.NotNull(host.Turn);
        ours.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(host.Turn);
    }

    [Fact]
    public async Task Without_one_nothing_is_said()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using (host)
        {
            Assert.Null(opened.Turn);
        }
    }

    [Fact]
    public void The_settings_are_read()
    {
        var settings = Read("--turn", "turn:a.example, turns:b.example:443", "--turn-secret", "s");
        Assert.Equal(["turn:a.example", "turns:b.example:443"], settings.Turn);
        Assert.Equal("s", settings.TurnSecret);
    }

    [Theory]
    [InlineData("--turn", "turn:a.example")]
    [InlineData("--turn-secret", "s")]
    [InlineData("--turn", "https://a.example", "--turn-secret", "s")]
    [InlineData("--turn", "turn:a,turn:a,turn:a,turn:a,turn:a,turn:a,turn:a,turn:a,turn:a", "--turn-secret", "s")]
    public void What_cannot_be_is_refused(params string[] args) => Assert.Throws<SettingsException>(() => Read(args));

    private static long Ends(TurnOffer offer) => long.Parse(offer.Username.Split(':')[0], null);

    private static ServerSettings Read(params string[] args) => ServerSettings.From(Settings.Read(ServerSettings.Table, args, _ => null, _ => null));
}
