namespace Alongside.Net.Settings;

/// <summary>
/// The settings one start of a program was given. The command line (`--name value`, `--name=value`, `--flag`) comes before the
/// environment (`ALONGSIDE_NAME`), that before the config file, that before the default.
/// </summary>
public sealed class Settings
{
    private readonly SettingsTable table;
    private readonly Dictionary<string, string> values;

    private Settings(SettingsTable table, Dictionary<string, string> values)
    {
        this.table = table;
        this.values = values;
    }

    /// <summary>The value given, or the default, or null.</summary>
    public string? this[string name] => values.GetValueOrDefault(name, Known(name).Default!);

    /// <summary>Whether somebody gave it, be it the default.</summary>
    public bool IsGiven(string name) => values.ContainsKey(Known(name).Name);

    public bool Flag(string name) => this[name] is { } text && Setting.IsOn(text);

    /// <summary>A setting declared with <see cref="Setting.Number"/>; its range has been checked.</summary>
    public int Number(string name) => int.Parse(this[name]!);

    /// <param name="table">The program's settings.</param>
    /// <param name="args">The command line without the program's name.</param>
    /// <param name="environment">A variable's value, or null.</param>
    /// <param name="readFile">A file's lines, or null when there is no such file.</param>
    /// <exception cref="SettingsException">Something is unknown, missing its value, or out of its range.</exception>
    public static Settings Read(SettingsTable table, IReadOnlyList<string> args, Func<string, string?> environment, Func<string, string[]?> readFile)
    {
        var given = ReadCommandLine(table, args);
        foreach (var setting in table.All)
        {
            if (!given.ContainsKey(setting.Name) && environment(setting.Variable) is { Length: > 0 } text)
            {
                given[setting.Name] = Checked(setting, text, setting.Variable);
            }
        }

        var path = given.GetValueOrDefault("config");
        var lines = readFile(path ?? table.DefaultConfig);
        if (lines is null && path is not null)
        {
            throw new SettingsException($"There is no config file {path}.");
        }

        ReadFile(table, path ?? table.DefaultConfig, lines ?? [], given);
        return new Settings(table, given);
    }

    private static Dictionary<string, string> ReadCommandLine(SettingsTable table, IReadOnlyList<string> args)
    {
        var given = new Dictionary<string, string>();
        for (var i = 0; i < args.Count; i++)
        {
            var arg = args[i];
            if (!arg.StartsWith("--", StringComparison.Ordinal))
            {
                throw new SettingsException($"\"{arg}\" stands alone. Every setting has a name, as in {ExampleOf(table)}.");
            }

            var equals = arg.IndexOf('=');
            var name = equals < 0 ? arg[2..] : arg[2..equals];
            var setting = table.Find(name) ?? throw new SettingsException($"There is no setting --{name}.{NearMiss(table, name, "--")}");
            string text;
            if (equals >= 0)
            {
                text = arg[(equals + 1)..];
            }
            else if (setting.IsFlag)
            {
                text = "true";
            }
            else if (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                text = args[++i];
            }
            else
            {
                throw new SettingsException($"--{name} needs a value: --{name} {setting.Example ?? setting.Value}.");
            }

            if (!given.TryAdd(name, Checked(setting, text, "--" + name)))
            {
                throw new SettingsException($"--{name} is given twice.");
            }
        }

        return given;
    }

    private static void ReadFile(SettingsTable table, string path, string[] lines, Dictionary<string, string> given)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var where = $"{path}, line {i + 1}";
            var equals = line.IndexOf('=');
            var name = (equals < 0 ? line : line[..equals]).Trim();
            var setting = table.Find(name);
            if (setting is null || setting.Name == "config")
            {
                throw new SettingsException($"{where}: there is no setting {name}.{NearMiss(table, name, "")}");
            }

            if (equals < 0 && !setting.IsFlag)
            {
                throw new SettingsException($"{where}: {name} needs a value: {name} = {setting.Example ?? setting.Value}.");
            }

            if (!seen.Add(name))
            {
                throw new SettingsException($"{where}: {name} is given twice.");
            }

            given.TryAdd(name, Checked(setting, equals < 0 ? "true" : line[(equals + 1)..].Trim(), $"{where}: {name}"));
        }
    }

    private static string Checked(Setting setting, string text, string where) =>
        setting.Refusal(text) is { } refusal ? throw new SettingsException($"{where} {refusal}.") : text;

    private static string ExampleOf(SettingsTable table) =>
        table.All.FirstOrDefault(setting => setting.Example is not null) is { } setting ? $"--{setting.Name} {setting.Example}" : "--name value";

    /// <summary>Names one setting that may have been meant: at most two letters off, or begun the same way.</summary>
    private static string NearMiss(SettingsTable table, string name, string dashes)
    {
        var nearest = table.All.Select(setting => setting.Name).Concat(dashes.Length > 0 ? ["help", "version"] : [])
            .Select(known => (Known: known, Steps: known.StartsWith(name, StringComparison.Ordinal) && name.Length > 1 ? 1 : Distance(known, name)))
            .MinBy(pair => pair.Steps);
        return nearest.Steps <= Math.Min(2, name.Length / 2) ? $" Was {dashes}{nearest.Known} meant?" : "";
    }

    /// <summary>Insertions, removals and replacements from one word to the other (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }

    private Setting Known(string name) => table.Find(name) ?? throw new ArgumentException($"The table has no setting {name}.", nameof(name));
}
