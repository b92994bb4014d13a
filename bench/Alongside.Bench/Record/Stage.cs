using Alongside.Bench.Props;
using Alongside.Bench.Screens;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Record;

/// <summary>A display with a window manager and a wallpaper, on which a scene sets up its programs.</summary>
internal sealed class Stage(Programs programs, string display, Screen screen, PropFolder props)
{
    public Screen Screen => screen;

    public PropFolder Props => props;

    public static Stage Open(Programs programs, string size, PropFolder props)
    {
        string display = programs.StartScreen(size);
        var screen = new Screen(display);
        programs.Start("openbox", ["--sm-disable"], display);
        screen.WaitForManager();
        screen.SetWallpaper(Photo.Draw(screen.Width, screen.Height, 77));
        return new(programs, display, screen, props);
    }

    /// <summary>The same display for a scene whose programs end with it.</summary>
    public Stage With(Programs own) => new(own, display, screen, props);

    public void Start(string program, params string[] arguments) => programs.Start(program, arguments, display);

    /// <summary>A terminal that shows what is written into the returned stream.</summary>
    public FileStream StartTerminal(string name, PixelRect area)
    {
        string pipe = Path.Combine(programs.Folder, name);
        Programs.Run("mkfifo", pipe);
        StartXterm(name, area, "-e", "cat", pipe);
        var stream = new FileStream(pipe, FileMode.Open, FileAccess.Write);
        Screen.WaitFor(name);
        return stream;
    }

    public nuint StartXterm(string name, PixelRect area, params string[] more)
    {
        Start("xterm", ["-T", name, "-fa", "DejaVu Sans Mono", "-fs", "11", "-bg", "#1c1c1c", "-fg", "#d8d8d8", "-b", "6",
            "-geometry", $"{area.Width / 9}x{area.Height / 18}+{area.X}+{area.Y}", .. more]);
        return screen.WaitFor(name);
    }

    /// <summary>Chromium as a window of its own without tabs, or over the whole display when the area is that.</summary>
    public nuint StartPage(string page, string title, PixelRect area, bool smooth = true)
    {
        programs.StartBrowser("file://" + props.At(page), display, area, area.Width == screen.Width, smooth ? [] : ["--disable-smooth-scrolling"]);
        nuint window = screen.WaitFor(title);
        screen.MoveTo(area.X + (area.Width / 2), area.Y + (area.Height / 2));
        return window;
    }

    public void Settle(int milliseconds = 1200) => Thread.Sleep(milliseconds);
}
