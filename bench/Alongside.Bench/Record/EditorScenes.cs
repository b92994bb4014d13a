using System.Text;

namespace Alongside.Bench.Record;

/// <summary>Typing in the middle of a long text in an editor with line wrapping.</summary>
internal sealed class EditorTypingScene : Scene
{
    private const string Text = "The second gate was open, and nobody had counted the boats since morning. ";

    public override string Name => "editor-typing";

    public override void Prepare(Stage stage) => Editor.Open(stage);

    public override void Step(Stage stage, int frame)
    {
        if (frame % 3 == 0)
        {
            stage.Screen.Type(Text[frame / 3 % Text.Length]);
        }
    }
}

/// <summary>The wheel in the same editor.</summary>
internal sealed class EditorScrollScene : Scene
{
    public override string Name => "editor-scroll";

    public override void Prepare(Stage stage)
    {
        Editor.Open(stage);
        stage.Screen.MoveTo(900, 500);
    }

    public override void Step(Stage stage, int frame) => stage.Screen.Click(frame / 60 % 2 == 0 ? 5u : 4u);
}

internal static class Editor
{
    public static void Open(Stage stage)
    {
        string file = stage.Props.At("long text.txt");
        var text = new StringBuilder();
        string[] words = "the garden has a wall of stone and behind it there is water where small boats wait for the evening tide".Split(' ');
        var random = new Random(5);
        for (int line = 0; line < 400; line++)
        {
            text.AppendJoin(' ', Enumerable.Range(0, random.Next(4, 16)).Select(_ => words[random.Next(words.Length)])).Append('\n');
        }

        File.WriteAllText(file, text.ToString());
        stage.Start("dbus-run-session", "--", "mousepad", "--disable-server", file);
        nuint window = stage.Screen.WaitFor("txt - Mousepad");
        stage.Screen.Place(window, new(260, 80, 1300, 880));
        stage.Settle();
        stage.Screen.ClickAt(500, 420);
        stage.Screen.MoveTo(1890, 1060);
        stage.Settle();
    }
}
