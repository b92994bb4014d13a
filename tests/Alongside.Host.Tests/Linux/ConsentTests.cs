using System.Collections.Concurrent;
using Alongside.Core.Session;
using Alongside.Host.Consent;
using Alongside.Host.Consent.Linux;

namespace Alongside.Host.Tests.Linux;

[Collection(XServer.Tests)]
public sealed class ConsentTests : IDisposable
{
    private static readonly ConsentQuestion All = new(1, "Anna", "support.example", "418207", Grant.All, Grant.None);
    private readonly XServer server = XServer.Start();
    private LinuxConsent consent;

    public ConsentTests() => consent = new LinuxConsent(server.Display, null, Palette.Light, trustInjected: false);

    public void Dispose()
    {
        consent.Dispose();
        server.Dispose();
    }

    [Fact]
    public async Task Allowing_without_touching_a_switch_lets_them_only_look()
    {
        var answer = consent.AskAsync(All, default);
        Assert.True(consent.IsAsking);
        Assert.True(consent.Covers(0, 0));
        await Press("allow");
        Assert.Equal(new Grant(true, false, false), await answer.WaitAsync(Until.Deadline));
        Assert.False(consent.IsAsking);
        await Until.True(() => !consent.Covers(640, 400), "the window is gone");
    }

    [Fact]
    public async Task Switches_widen_the_answer_and_not_now_refuses()
    {
        var answer = consent.AskAsync(All, default);
        await Press("control");
        await Press("clipboard");
        await Press("clipboard");
        await Press("allow");
        Assert.Equal(new Grant(true, true, false), await answer.WaitAsync(Until.Deadline));

        answer = consent.AskAsync(All with { Has = new(true, false, false) }, default);
        await Press("not-now");
        Assert.Equal(new Grant(true, false, false), await answer.WaitAsync(Until.Deadline));
    }

    [Fact]
    public async Task A_withdrawn_question_goes_away_and_the_next_one_comes()
    {
        using var leaving = new CancellationTokenSource();
        var first = consent.AskAsync(All, leaving.Token);
        var second = consent.AskAsync(All with { Guest = 2, Name = "Ben" }, default);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.True(consent.IsAsking);
        await Press("allow");
        Assert.True((await second.WaitAsync(Until.Deadline)).View);
    }

    [Fact]
    public async Task Injected_keys_and_clicks_cannot_answer()
    {
        var answer = consent.AskAsync(All, default);
        await Press("control");
        await Pause();
        server.Run("xdotool", "key", "Return");
        server.Run("xdotool", "key", "Escape");
        for (int y = 540; y < 640; y += 20)
        {
            server.Run("xdotool", "mousemove", "780", $"{y}", "click", "1");
        }

        await Press("control");
        Assert.True(consent.IsAsking);
        Assert.False(answer.IsCompleted);
    }

    [Fact]
    public async Task The_keyboard_alone_can_answer()
    {
        consent.Dispose();
        consent = new LinuxConsent(server.Display, null, Palette.Dark, trustInjected: true);
        var answer = consent.AskAsync(All, default);
        await Until.True(() => consent.Covers(640, 400), "the window");
        await Pause();

        // Focus is on "Not now": Tab goes to the button that allows, then round to the switches.
        server.Run("xdotool", "key", "Tab", "Tab", "Tab", "space", "Tab", "Tab", "Tab", "Return");
        Assert.Equal(new Grant(true, true, false), await answer.WaitAsync(Until.Deadline));

        answer = consent.AskAsync(All, default);
        await Pause();
        server.Run("xdotool", "key", "Return");
        Assert.Equal(Grant.None, await answer.WaitAsync(Until.Deadline));
    }

    [Theory]
    [InlineData("ctrl+alt+Pause")]
    [InlineData("ctrl+alt+Break")]
    public async Task The_hot_key_stops_even_with_caps_lock(string keys)
    {
        int stops = 0;
        consent.StopPressed += () => Interlocked.Increment(ref stops);
        server.Run("xdotool", "key", keys);
        await Until.True(() => stops >= 1, "the first stop");
        server.Run("xdotool", "key", "Caps_Lock");
        server.Run("xdotool", "key", keys);
        await Until.True(() => stops >= 2, "the second stop");
    }

    [Fact]
    public async Task The_banner_stops_and_takes_powers_away()
    {
        var narrowed = new ConcurrentQueue<(int, Grant)>();
        using var stopped = new ManualResetEventSlim();
        consent.StopPressed += stopped.Set;
        consent.Narrowed += (guest, grant) => narrowed.Enqueue((guest, grant));
        consent.ShowGuests([new(7, "Anna", Grant.All), new(8, "Ben", new(true, false, false))]);
        await Until.True(() => consent.Covers(640, 20), "the banner");
        Assert.False(consent.Covers(640, 400));
        Assert.True(await consent.PressAsync("control"));
        await Until.True(() => !narrowed.IsEmpty, "the narrowing");
        Assert.Equal([(7, new Grant(true, false, true))], narrowed);
        Assert.True(await consent.PressAsync("stop"));
        Assert.True(stopped.Wait(Until.Deadline));
        consent.ShowGuests([]);
        await Until.True(() => !consent.Covers(640, 20), "the banner is gone");
    }

    [Fact]
    public async Task The_code_can_be_copied()
    {
        consent.Dispose();
        string? copied = null;
        consent = new LinuxConsent(server.Display, text => copied = text, Palette.Light, trustInjected: false);
        consent.ShowCode(new("482190573", "https://support.example/j", TimeSpan.FromMinutes(10)));
        await Press("copy-code");
        Assert.Equal("482 190 573", copied);
        await Press("copy-link");
        Assert.Equal("https://support.example/j", copied);
        consent.ShowCode(null);
        await Until.True(() => !consent.Covers(640, 400), "the window is gone");
    }

    [Fact]
    public async Task Closing_the_program_refuses_what_is_open()
    {
        var answer = consent.AskAsync(All, default);
        consent.Dispose();
        Assert.Equal(Grant.None, await answer.WaitAsync(Until.Deadline));
    }

    [Fact]
    public async Task A_server_that_comes_back_shows_the_question_again()
    {
        var answer = consent.AskAsync(All, default);
        await Press("control");
        server.Kill();
        using var second = XServer.Restart(server.Number, "1280x800x24");
        await Press("allow");
        Assert.Equal(new Grant(true, false, false), await answer.WaitAsync(Until.Deadline));
    }

    /// <summary>Presses as soon as the control is there.</summary>
    private async Task Press(string name)
    {
        using var deadline = new CancellationTokenSource(Until.Deadline);
        while (!await consent.PressAsync(name).WaitAsync(deadline.Token))
        {
            await Task.Delay(5);
        }
    }

    /// <summary>A question hears nothing in its first half second: that is what is waited for.</summary>
    private static Task Pause() => Task.Delay(700);
}
