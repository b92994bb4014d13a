using Alongside.Core.Codec;
using Alongside.Core.Pixels;

namespace Alongside.Testing.Simulation;

/// <summary>What happens on a simulated screen: text typed and scrolled, photographs, windows moved and uncovered, whole screens switched; from a seed.</summary>
internal sealed class ScreenPlay(SimulatedHost host, SeededRandomSource random)
{
    private uint[] earlier = [];

    public void Step()
    {
        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                host.PaintSome();
                break;
            case 3 or 4:
                host.Paint(Area(12, 16), 1);
                break;
            case 5 or 6:
                var scrolled = Area(host.Screen.Width, host.Screen.Height);
                host.Move(scrolled, 0, random.Next(2) == 0 ? 17 : -17);
                host.Paint(scrolled with { Height = Math.Min(17, scrolled.Height) }, 1);
                break;
            case 7:
                MoveWindow();
                break;
            case 8:
                host.PaintPhoto(Area(host.Screen.Width, host.Screen.Height));
                break;
            case 9:
                Film();
                break;
            case 10:
                Switch();
                break;
            default:
                host.Point(random.Next(host.Screen.Width), random.Next(host.Screen.Height));
                break;
        }
    }

    /// <summary>Some steps of one window. The window system says so, or says nothing, or is wrong.</summary>
    private void MoveWindow()
    {
        var window = Area(host.Screen.Width / 2, host.Screen.Height / 2);
        for (int steps = random.Next(5); steps >= 0; steps--)
        {
            int deltaX = random.Next(41) - 20, deltaY = random.Next(41) - 20;
            var to = window with { X = window.X + deltaX, Y = window.Y + deltaY };
            Motion? hint = random.Next(3) switch
            {
                0 => null,
                1 => new(to, deltaX, deltaY),
                _ => new(Area(host.Screen.Width, host.Screen.Height), random.Next(1_000) - 500, deltaY),
            };
            host.Move(window, deltaX, deltaY, hint);
            host.Run(random.Next(40_000));
            window = to.Intersect(host.Screen.Bounds);
        }
    }

    /// <summary>The same place again and again, as a film does.</summary>
    private void Film()
    {
        var area = Area(96, 64);
        for (int i = random.Next(12); i >= 0; i--)
        {
            host.PaintPhoto(area);
            host.Run(33_000);
            area = area.Intersect(host.Screen.Bounds);
        }
    }

    /// <summary>To another desktop, and back to what was there before.</summary>
    private void Switch()
    {
        var screen = host.Screen;
        uint[] now = screen.Pixels.ToArray();
        if (earlier.Length == now.Length)
        {
            earlier.CopyTo(screen.Pixels);
            host.Do(() => host.Room.Damaged(host.Net.Now, screen.Bounds));
        }
        else
        {
            host.Paint(screen.Bounds, random.Next(3));
        }

        earlier = now;
    }

    private PixelRect Area(int mostWidth, int mostHeight)
    {
        var screen = host.Screen;
        int width = 1 + random.Next(Math.Min(mostWidth, screen.Width)), height = 1 + random.Next(Math.Min(mostHeight, screen.Height));
        return new(random.Next(screen.Width - width + 1), random.Next(screen.Height - height + 1), width, height);
    }
}
