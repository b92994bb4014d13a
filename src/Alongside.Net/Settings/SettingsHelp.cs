using System.Text;

namespace Alongside.Net.Settings;

/// <summary>`--help`, from the same table as everything else.</summary>
public static class SettingsHelp
{
    private const int Width = 100;

    public static string Render(SettingsTable table)
    {
        var text = new StringBuilder();
        text.AppendLine(table.Summary).AppendLine();
        if (table.Examples.Count > 0)
        {
            text.AppendLine("Examples");
            foreach (var (command, does) in table.Examples)
            {
                text.AppendLine($"  {command}").AppendLine($"      {does}");
            }

            text.AppendLine();
        }

        text.AppendLine("Settings");
        foreach (var setting in table.All)
        {
            Entry(text, setting.IsFlag ? $"--{setting.Name}" : $"--{setting.Name} {setting.Value}", Describe(setting));
        }

        Entry(text, "--help", "show this");
        Entry(text, "--version", "show the version");
        text.AppendLine();
        text.AppendLine("Every setting can also be an environment variable (--port is ALONGSIDE_PORT) or a line of the config file");
        text.AppendLine($"(port = 8080). The command line comes first, then the environment, then the file. Without --config it is");
        text.AppendLine($"{table.DefaultConfig}, if that is there.");
        return text.ToString();
    }

    private static string Describe(Setting setting)
    {
        var text = setting.Help;
        if (setting.Default is { Length: > 0 } value)
        {
            text += $" (default: {value})";
        }

        return setting.Example is { } example ? text + $"; for example --{setting.Name} {example}" : text;
    }

    private static void Entry(StringBuilder text, string name, string help)
    {
        const int Indent = 30;
        var line = new StringBuilder($"  {name} ".PadRight(Indent));
        if (line.Length > Indent)
        {
            text.AppendLine(line.ToString().TrimEnd());
            line.Clear().Append(' ', Indent);
        }

        foreach (var word in help.Split(' '))
        {
            if (line.Length + word.Length > Width && line.Length > Indent)
            {
                text.AppendLine(line.ToString().TrimEnd());
                line.Clear().Append(' ', Indent);
            }

            line.Append(word).Append(' ');
        }

        text.AppendLine(line.ToString().TrimEnd());
    }
}
