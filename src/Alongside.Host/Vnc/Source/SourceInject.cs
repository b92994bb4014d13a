using Alongside.Host.Inject;
using Alongside.Net.Vnc;

namespace Alongside.Host.Vnc.Source;

/// <summary>Mouse and keyboard towards a VNC server. While it is away nothing is held: it lets go of everything itself when a client is gone.</summary>
internal sealed class SourceInject(VncSource source, InjectedPositions positions) : IInject
{
    public void Pointer(int x, int y, int buttons)
    {
        positions.Add(x, y);
        source.Use((x, y, buttons), static (client, at) =>
        {
            client.Pointer(at.x, at.y, at.buttons);
            return true;
        });
    }

    public void Wheel(int dx, int dy) => source.Use((dx, dy), static (client, turn) =>
    {
        client.Wheel(turn.dx, turn.dy);
        return true;
    });

    public void Key(bool down, uint keysym, ushort usage) => source.Use((down, keysym, usage), static (client, key) =>
    {
        client.Key(key.down, key.keysym, key.usage);
        return true;
    });

    public void Text(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            uint keysym = Keysyms.FromCharacter((uint)rune.Value);
            if (keysym != 0)
            {
                Key(true, keysym, 0);
                Key(false, keysym, 0);
            }
        }
    }

    public void ReleaseAll() => source.Use(0, static (client, _) =>
    {
        client.ReleaseAll();
        return true;
    });

    public void Dispose() => ReleaseAll();
}
