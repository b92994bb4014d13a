using System.Text;
using Alongside.Bench.Screens;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Record;

/// <summary>Ten characters a second in a terminal, with two other windows beside it.</summary>
internal sealed class TypingScene : Scene
{
    private const string Text = "for name in alpha beta gamma; do\n  echo \"$name: $(wc -l < /etc/services) lines\"\ndone\nls -l --sort=size /usr/share/doc | head\n";

    private const int LineHeight = 22;

    public override string Name => "typing";

    /// <summary>The first line of the terminal, where the letters appear, once it has been prepared.</summary>
    public PixelRect Line { get; private set; }

    public override void Prepare(Stage stage)
    {
        stage.StartXterm("notes", new(1100, 560, 700, 420), "-e", "sh", "-c", "ls -la /usr/share/doc | sed -n 1,40p; cat");
        nuint window = stage.StartXterm("work", new(120, 90, 1000, 620), "-e", "bash", "--norc", "-i");
        stage.Settle();
        var area = stage.Screen.Area(window);
        Line = new(area.X, area.Y, area.Width, LineHeight);
        stage.Screen.MoveTo(1890, 1060);
        stage.Settle(600);
    }

    public override void Step(Stage stage, int frame)
    {
        if (frame % 3 == 0)
        {
            stage.Screen.Type(Text[frame / 3 % Text.Length]);
        }
    }
}

/// <summary>A coloured listing runs through a large terminal, three lines at a time.</summary>
internal sealed class TerminalScrollScene : Scene
{
    private const int LinesPerStep = 3;
    private string[] lines = [];
    private FileStream? terminal;

    public override string Name => "terminal-scroll";

    public override void Prepare(Stage stage)
    {
        lines = [.. Programs.Run("ls", "-la", "--color=always", "/usr/bin").Split('\n').Where(line => line.Length > 20)];
        terminal = stage.StartTerminal("listing", new(200, 60, 1440, 900));
        for (int i = 0; i < 60; i++)
        {
            Write(i);
        }

        stage.Screen.MoveTo(1890, 1060);
        stage.Settle();
    }

    public override void Step(Stage stage, int frame)
    {
        for (int i = 0; i < LinesPerStep; i++)
        {
            Write(60 + (frame * LinesPerStep) + i);
        }
    }

    private void Write(int line)
    {
        terminal!.Write(Encoding.UTF8.GetBytes(lines[line % lines.Length] + "\r\n"));
        terminal.Flush();
    }
}
