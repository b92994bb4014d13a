using System.Runtime.InteropServices;
using Alongside.Host.Inject;
using Alongside.Host.Inject.Linux;
using Alongside.Host.Native;

namespace Alongside.Host.Tests.Linux;

/// <summary>Somebody ends the injector's connection on the X server (XKillClient), which leaves pressed what it pressed.</summary>
[Collection(XServer.Tests)]
public sealed partial class KilledInjectorTests : IDisposable
{
    /// <summary>Of a resource's number, what says whose it is: Xvfb counts clients in these bits.</summary>
    private const int ClientShift = 21;

    /// <summary>The first is the typist's, the second this test's own.</summary>
    private const int FirstOther = 3, MostClients = 32;

    private readonly XServer server = XServer.Start();
    private readonly XTypist typist;
    private readonly XDisplay killer;

    public KilledInjectorTests()
    {
        typist = new(server.Display);
        killer = XDisplay.TryOpen(server.Display)!;
    }

    public void Dispose()
    {
        killer.Dispose();
        typist.Dispose();
        server.Dispose();
    }

    [Fact]
    public async Task What_it_held_goes_up_at_once_and_what_comes_next_arrives()
    {
        using var inject = new LinuxInject(server.Display);
        await PressAsync(inject);
        Kill();
        await AllIsUpAsync();
        await Until.True(RepeatsA, "the key repeats as before");

        // The viewer still holds the button, and lets go of it, and of the keys.
        inject.Pointer(70, 80, 0b1);
        inject.Pointer(70, 80, 0);
        inject.Key(false, 'a', 0x04);
        inject.Key(false, Keysyms.ControlLeft, 0xe0);
        inject.Pointer(70, 80, 0b100);
        inject.Text("y");
        await Until.True(() => typist.Pressed.Contains('y') && typist.Buttons.Count == 3, "what was typed and clicked afterwards");
        Assert.Equal([(true, 1u), (false, 1u), (true, 3u)], typist.Buttons.Select(button => (button.Down, button.Button)));
        Assert.Equal(0u, typist.Keys.Last(key => key is { Down: true, Keysym: 'y' }).State & 4);
        inject.Pointer(70, 80, 0);
        await Until.True(() => typist.Buttons.Count == 4, "the button goes up");
    }

    [Fact]
    public async Task Killed_again_and_again_it_leaves_nothing_down()
    {
        using var inject = new LinuxInject(server.Display);
        for (int i = 0; i < 3; i++)
        {
            await PressAsync(inject);
            inject.Text("AbC\u20ac");
            Kill();
            await AllIsUpAsync();
            inject.ReleaseAll();
        }

        inject.Text("y");
        await Until.True(() => typist.Pressed.LastOrDefault() == 'y', "what was typed afterwards");
    }

    [Fact]
    public async Task An_end_that_comes_before_another_connection_leaves_nothing_down()
    {
        var inject = new LinuxInject(server.Display);
        await PressAsync(inject);
        inject.Key(true, 0x10020ac, 0);
        await Until.True(() => Down().Count == 3, "a key that was lent a meaning");
        Kill();
        inject.Dispose();
        await AllIsUpAsync();
        await Until.True(RepeatsA, "the key repeats as before");
        Assert.DoesNotContain(Keymap.TryRead(killer)!.Find(0x10020ac), place => place.Level == 0);
    }

    private async Task PressAsync(LinuxInject inject)
    {
        await Until.True(() => typist.IsReady, "the window");
        inject.Key(true, Keysyms.ControlLeft, 0xe0);
        inject.Key(true, 'a', 0x04);
        inject.Pointer(50, 60, 0b1);
        await Until.True(() => Down().Count == 2 && typist.Buttons.LastOrDefault().Down && !RepeatsA(), "all is down");
    }

    private Task AllIsUpAsync() => Until.True(() => Down().Count == 0 && !typist.Buttons.Last().Down, () => $"all is up: {string.Join(' ', Down())}");

    private HashSet<uint> Down()
    {
        var down = new HashSet<uint>();
        foreach (var key in typist.Keys)
        {
            _ = key.Down ? down.Add(key.Keycode) : down.Remove(key.Keycode);
        }

        return down;
    }

    private unsafe bool RepeatsA()
    {
        const int KeyA = 38;
        _ = LibX11.XGetKeyboardControl(killer, out var state);
        return (state.AutoRepeats[KeyA >> 3] & (1 << (KeyA & 7))) != 0;
    }

    /// <summary>Ends everybody who came after this test's own connections. The first resource of an Xlib connection is a graphics context.</summary>
    private void Kill()
    {
        for (int client = FirstOther; client < MostClients; client++)
        {
            _ = XKillClient(killer, (nuint)client << ClientShift);
        }

        _ = killer.TakeError();
    }

    [LibraryImport("libX11.so.6")]
    private static partial int XKillClient(XDisplay display, nuint resource);
}
