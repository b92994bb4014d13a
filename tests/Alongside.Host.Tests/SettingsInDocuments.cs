using System.Text.RegularExpressions;
using Alongside.Host.Doctor;
using Alongside.Net.Settings;
using Alongside.Server;

namespace Alongside.Host.Tests;

/// <summary>What units and docs/operate.md tell an operator to write is what the programs' tables of settings know.</summary>
public sealed class SettingsInDocuments
{
    private static readonly string Root = FindRoot();
    private static readonly SettingsTable[] Tables = [ServerSettings.Table, CommandLine.Table];
    private static readonly string Operate = File.ReadAllText(Path.Combine(Root, "docs", "operate.md"));

    [Theory]
    [InlineData("alongside-server")]
    [InlineData("alongside-host")]
    public void A_unit_starts_its_program_with_settings_it_has(string program)
    {
        var table = Tables.Single(table => table.Program == program);
        var unit = File.ReadAllText(Path.Combine(Root, "deploy", "systemd", program + ".service"));
        var start = Regex.Match(unit, @"^ExecStart=(\S+)(.*)$", RegexOptions.Multiline);
        Assert.Equal(program, Path.GetFileName(start.Groups[1].Value));
        var variables = Regex.Matches(unit, @"^Environment=""?(ALONGSIDE_\w+)=([^""\n]*)", RegexOptions.Multiline).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        Assert.Empty(variables.Keys.Except(table.All.Select(setting => setting.Variable)));

        // Throws what the program would say.
        Settings.Read(table, start.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries), variables.GetValueOrDefault, _ => null);
        Assert.All(Regex.Matches(unit, @"[\w~/.-]+\.conf\b").Select(match => match.Value), file => Assert.Equal(table.DefaultConfig, file));
    }

    /// <summary>The server ends when its database is away, and is started again each second: systemd gives up after five of these otherwise, for good.</summary>
    [Fact]
    public void A_server_whose_database_comes_up_late_is_started_until_it_is_there()
    {
        var unit = File.ReadAllText(Path.Combine(Root, "deploy", "systemd", "alongside-server.service"));
        Assert.Contains("\nStartLimitIntervalSec=0\n", unit[..unit.IndexOf("[Service]", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains("\nRestart=always\n", unit, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_that_operate_names_exists()
    {
        // Lines of a config file, in a block or within a sentence.
        var lines = Names(@"(?:^|`)([a-z][a-z-]*) = ");
        // Options and variables, but for those of other programs.
        var ours = string.Join('\n', Operate.Split('\n').Where(line => !Regex.IsMatch(line, @"systemctl (?!--user edit)|pg_restore|^sudo -u postgres")));
        var options = Regex.Matches(ours, @"(?<!systemctl )--([a-z][a-z-]*)").Select(match => match.Groups[1].Value).Except(["help", "version"]);
        var variables = Regex.Matches(Operate, @"\bALONGSIDE_([A-Z_]+)").Select(match => match.Groups[1].Value.ToLowerInvariant().Replace('_', '-'));
        Assert.True(lines.Length > 5);
        Assert.Empty(lines.Concat(options).Concat(variables).Where(name => Tables.Append(DoctorChoice.Table).All(table => table.Find(name) is null)).Distinct());
    }

    [Fact]
    public void The_limits_that_operate_lists_have_these_defaults()
    {
        var limits = Operate[Operate.IndexOf("## Limits", StringComparison.Ordinal)..];
        var rows = Regex.Matches(limits, @"^\| `([a-z-]+)` \| (\d+)", RegexOptions.Multiline).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
        Assert.True(rows.Count >= 10);
        Assert.All(rows, row => Assert.Equal(ServerSettings.Table.Find(row.Key)?.Default, row.Value));
    }

    private static string[] Names(string pattern) => [.. Regex.Matches(Operate, pattern, RegexOptions.Multiline).Select(match => match.Groups[1].Value)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Alongside.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Alongside.slnx was not found above the test's folder.");
        }

        return folder.FullName;
    }
}
