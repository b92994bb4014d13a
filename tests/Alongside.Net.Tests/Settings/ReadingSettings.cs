using Alongside.Net.Settings;

namespace Alongside.Net.Tests.Settings;

/// <summary>Precedence, words for what is wrong, and the help.</summary>
public sealed class ReadingSettings
{
    private static readonly SettingsTable Table = new(
        "alongside-test",
        "A program for tests.",
        [("alongside-test --port 1", "Do something.")],
        Setting.Number("port", 8080, 0, 65535, "where to listen", "443"),
        Setting.Text("data-dir", "DIR", null, "where things are kept", "/var/lib/x"),
        Setting.Flag("json", "print JSON"));

    [Fact]
    public void The_command_line_comes_before_the_environment_before_the_file_before_the_default()
    {
        string[] file = ["# a comment", "", "port = 3", " data-dir=/file ", "json"];
        Assert.Equal("1", Read(["--port", "1"], new() { ["ALONGSIDE_PORT"] = "2" }, file)["port"]);
        Assert.Equal("1", Read(["--port=1"], new() { ["ALONGSIDE_PORT"] = "2" }, file)["port"]);
        Assert.Equal("2", Read([], new() { ["ALONGSIDE_PORT"] = "2" }, file)["port"]);
        Assert.Equal(3, Read([], [], file).Number("port"));
        Assert.Equal(8080, Read([], [], null).Number("port"));
        Assert.Equal("/file", Read([], [], file)["data-dir"]);
        Assert.Equal("/env", Read([], new() { ["ALONGSIDE_DATA_DIR"] = "/env" }, file)["data-dir"]);
        Assert.True(Read([], [], file).Flag("json"));
        Assert.False(Read(["--json=no"], [], file).Flag("json"));
        Assert.False(Read([], [], null).Flag("json"));
        Assert.Null(Read([], [], null)["data-dir"]);
        Assert.False(Read([], [], null).IsGiven("port"));
        Assert.True(Read([], [], file).IsGiven("port"));
    }

    [Theory]
    [InlineData("--prot 1", "There is no setting --prot. Was --port meant?")]
    [InlineData("--data /x", "There is no setting --data. Was --data-dir meant?")]
    [InlineData("--completely-different", "There is no setting --completely-different.")]
    [InlineData("--port", "--port needs a value: --port 443.")]
    [InlineData("--port --json", "--port needs a value: --port 443.")]
    [InlineData("--port 70000", "--port is a number from 0 to 65535, not \"70000\".")]
    [InlineData("--port eighty", "--port is a number from 0 to 65535, not \"eighty\".")]
    [InlineData("--port 1 --port 2", "--port is given twice.")]
    [InlineData("--json=maybe", "--json is on or off, not \"maybe\".")]
    [InlineData("8080", "\"8080\" stands alone. Every setting has a name, as in --port 443.")]
    [InlineData("--config /nowhere", "There is no config file /nowhere.")]
    public void What_is_wrong_on_the_command_line_is_said_in_words(string line, string words) =>
        Assert.Equal(words, Assert.Throws<SettingsException>(() => Read(line.Split(' '), [], null)).Message);

    [Theory]
    [InlineData("prot = 1", "/etc/alongside/alongside-test.conf, line 2: there is no setting prot. Was port meant?")]
    [InlineData("port", "/etc/alongside/alongside-test.conf, line 2: port needs a value: port = 443.")]
    [InlineData("port = x", "/etc/alongside/alongside-test.conf, line 2: port is a number from 0 to 65535, not \"x\".")]
    public void What_is_wrong_in_the_file_is_said_with_its_line(string line, string words) =>
        Assert.Equal(words, Assert.Throws<SettingsException>(() => Read([], [], ["# first", line])).Message);

    [Fact]
    public void The_environment_is_checked_as_well() =>
        Assert.Equal("ALONGSIDE_PORT is a number from 0 to 65535, not \"x\".",
            Assert.Throws<SettingsException>(() => Read([], new() { ["ALONGSIDE_PORT"] = "x" }, null)).Message);

    [Fact]
    public void A_named_file_is_read_instead_of_the_default_one()
    {
        var settings = Alongside.Net.Settings.Settings.Read(Table, ["--config", "/my.conf"], _ => null, path => path == "/my.conf" ? ["port = 9"] : ["port = 1"]);
        Assert.Equal(9, settings.Number("port"));
    }

    [Fact]
    public void The_help_has_every_setting_its_default_and_the_examples()
    {
        var help = SettingsHelp.Render(Table);
        foreach (var setting in Table.All)
        {
            Assert.Contains("--" + setting.Name, help, StringComparison.Ordinal);
        }

        Assert.Contains("alongside-test --port 1", help, StringComparison.Ordinal);
        Assert.Contains("(default: 8080)", help, StringComparison.Ordinal);
        Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 110, line));
    }

    private static Alongside.Net.Settings.Settings Read(string[] args, Dictionary<string, string> environment, string[]? file) =>
        Alongside.Net.Settings.Settings.Read(Table, args, environment.GetValueOrDefault, path => path == Table.DefaultConfig ? file : null);
}
