using Alongside.Host.Vnc.Source;
using Alongside.Net.Settings;

namespace Alongside.Host.Tests.Vnc;

/// <summary>What --source and its neighbours mean, and what they refuse.</summary>
public sealed class SourceSettings
{
    [Theory]
    [InlineData("vnc://10.0.0.5", "10.0.0.5:5900", null, null)]
    [InlineData("vnc://10.0.0.5:5901/", "10.0.0.5:5901", null, null)]
    [InlineData("vnc://[::1]:5901", "[::1]:5901", null, null)]
    [InlineData("vnc://anna@press", "press:5900", "anna", null)]
    [InlineData("vnc://:s%3Ae@press", "press:5900", null, "s:e")]
    [InlineData("vnc://anna:s:e%40@press:1", "press:1", "anna", "s:e@")]
    public void An_address_is_read_with_who_and_password(string url, string server, string? user, string? password)
    {
        var choice = Read("--source", url)!;
        Assert.Equal((server, user, password), (choice.Server.ToString(), choice.Server.Client.User, choice.Server.Client.Password));
    }

    [Fact]
    public void A_password_is_asked_for_or_read_from_a_file()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "sesame\nmore\n");
        Assert.Equal("sesame", Read("--source", "vnc://press", "--source-password-file", file)!.Server.Client.Password);
        Assert.Equal("typed", Read("--source", "vnc://press", "--source-password-file", "-")!.Server.Client.Password);
        File.Delete(file);
    }

    [Theory]
    [InlineData("press:5900")]
    [InlineData("http://press")]
    [InlineData("vnc://")]
    [InlineData("vnc://press/desktop")]
    [InlineData("vnc://press?shared=1")]
    [InlineData("vnc://press:99999")]
    public void What_is_no_address_is_refused_without_being_repeated(string url)
    {
        var wrong = Assert.Throws<SettingsException>(() => Read("--source", url));
        Assert.DoesNotContain("press", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--source-trust", "any")]
    [InlineData("--source", "vnc://press", "--display", ":0")]
    [InlineData("--source", "vnc://press", "--source-trust", "some")]
    [InlineData("--source", "vnc://press", "--source-fingerprint", "12:34")]
    [InlineData("--source", "vnc://:a@press", "--source-password-file", "-")]
    [InlineData("--source", "vnc://press", "--source-password-file", "/nowhere/at/all")]
    public void What_makes_no_sense_is_refused(params string[] args) => Assert.Throws<SettingsException>(() => Read(args));

    [Theory]
    [InlineData(true, true, "vnc://127.0.0.1")]
    [InlineData(false, false, "vnc://press")]
    [InlineData(false, true, "vnc://press", "--source-trust", "any")]
    public void A_password_is_said_to_an_unknown_server_here_or_where_every_one_is_trusted(bool clear, bool unknown, params string[] args)
    {
        var client = Read(["--source", .. args])!.Server.Client;
        Assert.Equal((clear, unknown), (client.AllowCleartextPassword, client.AllowUnverifiedServer));
    }

    [Fact]
    public void Consent_is_in_the_terminal_and_no_display_is_named()
    {
        var line = CommandLine.From(Given("--server", "http://localhost:1", "--source", "vnc://press"));
        Assert.Equal((ConsentStyle.Terminal, null, "press:5900"), (line.Consent, line.Display, line.Name));
        Assert.Throws<SettingsException>(() => CommandLine.From(Given("--server", "http://localhost:1", "--source", "vnc://press", "--consent", "dialog")));
    }

    private static SourceChoice? Read(params string[] args) => SourceChoice.From(Given(args), _ => "typed");

    private static Settings Given(params string[] args) => Settings.Read(CommandLine.Table, args, _ => null, _ => []);
}
