using System.Reflection;

namespace Alongside.Net.Settings;

/// <summary>
/// All settings of one program, in one table, from which command line, environment, config file and help are read.
/// </summary>
/// <param name="program">The name it is started by: `alongside-server`.</param>
/// <param name="summary">What the program does, in a sentence or two.</param>
/// <param name="examples">Whole command lines, each with what it does.</param>
public sealed class SettingsTable(string program, string summary, (string Command, string Does)[] examples, params Setting[] settings)
{
    /// <summary>The one setting every program has.</summary>
    private static readonly Setting Config = Setting.Text("config", "FILE", null, "read settings from this file: name = value on each line, # begins a comment");

    public string Program { get; } = program;

    public string Summary { get; } = summary;

    public IReadOnlyList<(string Command, string Does)> Examples { get; } = examples;

    public IReadOnlyList<Setting> All { get; } = [.. settings, Config];

    /// <summary>Where a config file is looked for when none is named.</summary>
    public string DefaultConfig => $"/etc/alongside/{Program}.conf";

    public Setting? Find(string name) => All.FirstOrDefault(setting => setting.Name == name);

    /// <summary>
    /// What a program's Main begins with. Answers `--help` and `--version`, and says what is wrong with the settings; the program then ends
    /// with <paramref name="exitCode"/> (0, or 2 when something was wrong).
    /// </summary>
    public bool TryRead(string[] args, out Settings settings, out int exitCode)
    {
        settings = null!;
        exitCode = 0;
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.Out.Write(SettingsHelp.Render(this));
            return false;
        }

        if (args.Contains("--version"))
        {
            Console.Out.WriteLine($"{Program} {Version}");
            return false;
        }

        try
        {
            settings = Settings.Read(this, args, Environment.GetEnvironmentVariable, path => File.Exists(path) ? File.ReadAllLines(path) : null);
            return true;
        }
        catch (Exception error) when (error is SettingsException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{Program}: {error.Message}");
            Console.Error.WriteLine($"{Program} --help lists all settings.");
            exitCode = 2;
            return false;
        }
    }

    /// <summary>The version of the running program.</summary>
    public static string Version { get; } =
        (typeof(SettingsTable).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];
}
