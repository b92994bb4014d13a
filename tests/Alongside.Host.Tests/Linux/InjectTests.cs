using System.Text;
using Alongside.Core.Session;
using Alongside.Host.Consent;
using Alongside.Host.Inject;
using Alongside.Host.Inject.Linux;
using Alongside.Host.Native;

namespace Alongside.Host.Tests.Linux;

[Collection(XServer.Tests)]
public sealed class InjectTests : IDisposable
{
    private const string Mixed = "Hello, World! {[]}\\|@~^`´ äöüÄÖÜß éèçñ €ж€Жд 日本 😀🎉 x\tz";
    private readonly XServer server = XServer.Start();

    public void Dispose() => server.Dispose();

    [Theory]
    [InlineData("us")]
    [InlineData("de")]
    [InlineData("fr")]
    [InlineData("ru")]
    [InlineData("us,ru")]
    [InlineData("gr,us")]
    public async Task Text_arrives_as_it_was_meant_on_any_layout(string layout)
    {
        server.Run("setxkbmap", layout);
        using var typist = new XTypist(server.Display);
        using var inject = new LinuxInject(server.Display);
        await Until.True(() => typist.IsReady, "the window");
        inject.Text(Mixed);
        await Arrives(typist, Mixed);
    }

    [Theory]
    [InlineData("us")]
    [InlineData("de")]
    [InlineData("fr")]
    [InlineData("ru")]
    public async Task A_terminal_reads_what_was_typed(string layout)
    {
        server.Run("setxkbmap", layout);
        string path = Path.GetTempFileName();
        using var terminal = server.Launch("env", "LC_ALL=C.UTF-8", "xterm", "-u8", "-geometry", "80x20+0+0", "-e", $"sh -c 'echo > {path}.ready; cat > {path}'");
        try
        {
            await Until.True(() => File.Exists(path + ".ready"), "the terminal");
            using var inject = new LinuxInject(server.Display);
            inject.Pointer(100, 100, 0);
            const string Line = "Grüße, élan: 5 € für ж & 😀 [a] {b} ~@|\\";
            inject.Text(Line + "\n");
            Control(inject, 'd', 0x07);
            await Until.True(() => terminal.HasExited, "the terminal ends at Ctrl+D");
            Assert.Equal(Line + "\n", await File.ReadAllTextAsync(path, Encoding.UTF8));
        }
        finally
        {
            if (!terminal.HasExited)
            {
                terminal.Kill(true);
            }

            File.Delete(path);
            File.Delete(path + ".ready");
        }
    }

    [Fact]
    public async Task More_strange_characters_than_spare_keys_arrive_in_order()
    {
        using var typist = new XTypist(server.Display);
        using var inject = new LinuxInject(server.Display);
        await Until.True(() => typist.IsReady, "the window");
        string text = string.Concat(Enumerable.Range(0x4e00, 150).Select(c => (char)c));
        inject.Text(text);
        await Arrives(typist, text);
    }

    [Fact]
    public async Task Keys_held_with_shift_give_the_viewers_character_not_the_hosts()
    {
        server.Run("setxkbmap", "fr");
        using var typist = new XTypist(server.Display);
        using var inject = new LinuxInject(server.Display);
        await Until.True(() => typist.IsReady, "the window");

        // On a US keyboard: Shift+2 is @, 1 is plain. On a French one the digits need Shift and @ needs AltGr.
        inject.Key(true, Keysyms.ShiftLeft, 0xe1);
        inject.Key(true, '@', 0x1f);
        inject.Key(false, '@', 0x1f);
        inject.Key(true, 'A', 0x04);
        inject.Key(false, 'A', 0x04);
        inject.Key(false, Keysyms.ShiftLeft, 0xe1);
        inject.Key(true, '1', 0x1e);
        inject.Key(false, '1', 0x1e);
        await Arrives(typist, "@A1");
        await Until.True(() => Down(typist).Count == 0, "all keys are up");
    }

    [Fact]
    public async Task Caps_lock_of_the_host_changes_nothing()
    {
        using var typist = new XTypist(server.Display);
        using var inject = new LinuxInject(server.Display);
        await Until.True(() => typist.IsReady, "the window");
        server.Run("xdotool", "key", "Caps_Lock");
        inject.Text("aBcéÉ1!");
        inject.Key(true, Keysyms.CapsLock, Usages.CapsLock);
        inject.Key(false, Keysyms.CapsLock, Usages.CapsLock);
        inject.Text("x");
        await Arrives(typist, "aBcéÉ1!x");
    }

    [Theory]
    [InlineData("us", 'z', 0x1d, 'z')]
    [InlineData("de", 'z', 0x1c, 'z')]
    [InlineData("de", 'z', 0x1d, 'z')]
    [InlineData("ru", 'z', 0x1d, 'z')]
    [InlineData("ru,us", 'z', 0x1d, 'z')]
    [InlineData("ru", 0x6d1, 0x1d, 0x6d1)]
    [InlineData("us", 0x6d1, 0x1d, 'z')]
    [InlineData("fr", '1', 0x1e, '&')]
    public async Task Shortcuts_arrive_as_the_letter_meant_or_by_place_where_there_is_no_such_letter(string layout, uint keysym, ushort usage, uint expected)
    {
        server.Run("setxkbmap", layout);
        using var typist = new XTypist(server.Display);
        using var inject = new LinuxInject(server.Display);
        await Until.True(() => typist.IsReady, "the window");
        inject.Key(true, Keysyms.ControlLeft, 0xe0);
        inject.Key(true, keysym, usage);
        inject.Key(false, keysym, usage);
        inject.Key(false, Keysyms.ControlLeft, 0xe0);
        await Until.True(() => typist.Pressed.Any(), "the key");
        var press = typist.Keys.First(key => key.Down && key.Keysym != Keysyms.ControlLeft);
        Assert.Equal(4u, press.State & 0xff);
        Assert.Equal(expected, press.Keysym);
    }

    [Fact]
    public async Task A_repeated_down_is_a_repeat_and_a_held_key_does_not_repeat_by_itself()
    {
        using var typist = new XTypist(server.Display);
        using var inject = new LinuxInject(server.Display);
        await Until.True(() => typist.IsReady, "the window");
        for (int i = 0; i < 3; i++)
        {
            inject.Key(true, 'a', 0x04);
        }

        inject.Key(true, Keysyms.ShiftLeft, 0xe1);
        inject.Key(true, Keysyms.ShiftLeft, 0xe1);
        await Until.True(() => typist.Keys.Any(key => key.Keysym == Keysyms.ShiftLeft), "all of it");

        // X repeats after 660 ms at the latest; a second passes on the server's own clock.
        await Task.Delay(1000);
        inject.Key(false, 'a', 0x04);
        inject.Key(false, Keysyms.ShiftLeft, 0xe1);
        await Until.True(() => Down(typist).Count == 0, "all keys are up");
        Assert.Equal(3, typist.Keys.Count(key => key is { Down: true, Keycode: 38 }));
        Assert.Equal(1, typist.Keys.Count(key => key is { Down: true, Keycode: 50 }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Release_all_and_the_end_let_go_of_every_key_and_button(bool end)
    {
        using var typist = new XTypist(server.Display);
        var inject = new LinuxInject(server.Display);
        await Until.True(() => typist.IsReady, "the window");
        inject.Key(true, Keysyms.ControlLeft, 0xe0);
        inject.Key(true, 'a', 0x04);
        inject.Key(true, 0x10020ac, 0);
        inject.Pointer(50, 60, 0b10101);
        await Until.True(() => Down(typist).Count == 3 && typist.Buttons.Count == 3, "all is down");
        if (end)
        {
            inject.Dispose();
        }
        else
        {
            inject.ReleaseAll();
        }

        await Until.True(() => Down(typist).Count == 0 && typist.Buttons.Count == 6, "all is up");
        Assert.Equal([(true, 1u, 50, 60), (true, 3u, 50, 60), (true, 9u, 50, 60)], typist.Buttons.Take(3));
        inject.Dispose();
        using var display = XDisplay.TryOpen(server.Display)!;
        Assert.DoesNotContain(Keymap.TryRead(display)!.Find(0x10020ac), place => place.Level == 0);
    }

    [Fact]
    public async Task Wheel_remainders_add_up_to_notches()
    {
        using var typist = new XTypist(server.Display);
        using var inject = new LinuxInject(server.Display);
        await Until.True(() => typist.IsReady, "the window");
        inject.Pointer(10, 10, 0);
        for (int i = 0; i < 5; i++)
        {
            inject.Wheel(0, 50);
        }

        inject.Wheel(-240, -30);
        inject.Wheel(120, -90);
        await Until.True(() => typist.Buttons.Count == 12, "six notches");
        Assert.Equal([5, 5, 6, 6, 4, 7], typist.Buttons.Where(button => button.Down).Select(button => (int)button.Button));
    }

    [Fact]
    public async Task A_left_handed_mouse_still_clicks_left()
    {
        server.Run("xmodmap", "-e", "pointer = 3 2 1 4 5 6 7 8 9");
        using var typist = new XTypist(server.Display);
        using var inject = new LinuxInject(server.Display);
        await Until.True(() => typist.IsReady, "the window");
        inject.Pointer(10, 10, 1);
        await Until.True(() => !typist.Buttons.IsEmpty, "the click");
        Assert.Equal(1u, typist.Buttons.First().Button);
    }

    [Fact]
    public async Task Nothing_reaches_the_desktop_while_a_question_is_open_or_where_our_windows_lie()
    {
        using var typist = new XTypist(server.Display);
        var consent = new Guarding();
        using var inject = new LinuxInject(server.Display, consent);
        await Until.True(() => typist.IsReady, "the window");
        consent.Covered = true;
        inject.Pointer(10, 10, 1);
        inject.Pointer(10, 10, 0);
        inject.Wheel(0, 120);
        await Until.True(() => consent.Asked == 3, "the clicks were judged");
        consent.Covered = false;
        consent.IsAsking = true;
        inject.Text("no");
        inject.Key(true, Keysyms.Return, 0x28);
        await Until.True(() => consent.Asked == 5, "the keys were judged");
        consent.IsAsking = false;
        inject.Text("y");
        await Arrives(typist, "y");
        Assert.Empty(typist.Buttons);
    }

    [Fact]
    public void Every_hid_usage_has_the_key_linux_gives_it()
    {
        Assert.Equal(30, Usages.ToEvdev(0x04));
        Assert.Equal(44, Usages.ToEvdev(0x1d));
        Assert.Equal(11, Usages.ToEvdev(0x27));
        Assert.Equal(28, Usages.ToEvdev(0x28));
        Assert.Equal(88, Usages.ToEvdev(0x45));
        Assert.Equal(103, Usages.ToEvdev(0x52));
        Assert.Equal(96, Usages.ToEvdev(0x58));
        Assert.Equal(83, Usages.ToEvdev(0x63));
        Assert.Equal(127, Usages.ToEvdev(0x65));
        Assert.Equal(194, Usages.ToEvdev(0x73));
        Assert.Equal(113, Usages.ToEvdev(0x7f));
        Assert.Equal(89, Usages.ToEvdev(0x87));
        Assert.Equal(85, Usages.ToEvdev(0x94));
        Assert.Equal(100, Usages.ToEvdev(0xe6));
        Assert.Equal(0, Usages.ToEvdev(0xffff));
    }

    private static void Control(LinuxInject inject, uint keysym, ushort usage)
    {
        inject.Key(true, Keysyms.ControlLeft, 0xe0);
        inject.Key(true, keysym, usage);
        inject.Key(false, keysym, usage);
        inject.Key(false, Keysyms.ControlLeft, 0xe0);
    }

    private static HashSet<uint> Down(XTypist typist)
    {
        var down = new HashSet<uint>();
        foreach (var key in typist.Keys)
        {
            _ = key.Down ? down.Add(key.Keycode) : down.Remove(key.Keycode);
        }

        return down;
    }

    private static async Task Arrives(XTypist typist, string text)
    {
        uint[] expected = [.. text.EnumerateRunes().Select(rune => Keysyms.FromCharacter((uint)rune.Value))];
        string Seen() => string.Join(' ', typist.Pressed.Select(keysym => Keysyms.Character(keysym) is > 0 and var c ? char.ConvertFromUtf32((int)c) : $"{keysym:x}"));
        await Until.True(() => typist.Pressed.Count() >= expected.Length, () => $"all of the text ({expected.Length}); seen: {Seen()} ({typist.Pressed.Count()}, and {typist.Keys.Count(key => key.Down && key.Keysym == 0)} keys without a meaning)");
        Assert.Equal(expected, typist.Pressed.Select(Keysyms.Canonical));
    }

    private sealed class Guarding : IConsent
    {
        private volatile bool asking;
        private volatile int asked;

#pragma warning disable CS0067 // never raised here
        public event Action? StopPressed;

        public event Action<int, Grant>? Narrowed;
#pragma warning restore CS0067

        public bool Covered { get; set; }

        public int Asked => asked;

        public bool IsAsking
        {
            get
            {
                Interlocked.Increment(ref asked);
                return asking;
            }
            set => asking = value;
        }

        public Task<Grant> AskAsync(ConsentQuestion question, CancellationToken cancel) => Task.FromResult(Grant.None);

        public void ShowGuests(IReadOnlyList<ConsentGuest> guests)
        {
        }

        public void ShowCode(ShownCode? code)
        {
        }

        public void Say(string text)
        {
        }

        public bool Covers(int x, int y) => Covered;

        public void Dispose()
        {
        }
    }
}
