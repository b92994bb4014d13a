using Alongside.Launcher.Up;

namespace Alongside.Launcher.Tests;

public sealed class UpOptionsTests
{
    [Fact]
    public void Nothing_typed_is_this_desktop_on_the_default_port_with_consent_asked()
    {
        var options = UpOptions.Parse([]);

        Assert.Equal(new UpOptions(), options);
        Assert.False(options.Demo);
        Assert.Null(options.Allow);
        Assert.Equal(0, options.Port);
    }

    [Fact]
    public void Every_option_is_understood_in_both_spellings()
    {
        var spaced = UpOptions.Parse(["--demo", "--size", "1600x900", "--port", "7710", "--data", "/d", "--allow", "view,control", "--vnc", "5901", "--tls", "--no-browser", "--yes", "--json"]);
        var joined = UpOptions.Parse(["--demo", "--size=1600x900", "--port=7710", "--data=/d", "--allow=view,control", "--vnc=5901", "--tls", "--no-browser", "--yes", "--json"]);

        Assert.Equal(spaced, joined);
        Assert.Equal(
            new UpOptions { Demo = true, Width = 1600, Height = 900, Port = 7710, Data = "/d", Allow = "view,control", Vnc = "5901", Tls = true, Browser = false, Json = true },
            spaced);
    }

    [Fact]
    public void A_source_takes_the_place_of_the_demo()
    {
        Assert.Equal("vnc://10.0.0.5", UpOptions.Parse(["--source", "vnc://10.0.0.5"]).Source);
        Assert.Throws<UsageException>(() => UpOptions.Parse(["--source", "vnc://10.0.0.5", "--demo"]));
    }

    [Theory]
    [InlineData("--size", "big")]
    [InlineData("--size", "1920")]
    [InlineData("--size", "0x0")]
    [InlineData("--size", "-5x900")]
    [InlineData("--size", "99999x900")]
    [InlineData("--port", "0")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "http")]
    [InlineData("--allow", "everything")]
    [InlineData("--allow", "control")]
    [InlineData("--allow", "")]
    [InlineData("--colour", "blue")]
    [InlineData("demo", "")]
    public void A_mistake_is_named(string option, string value)
    {
        var mistake = Assert.Throws<UsageException>(() => UpOptions.Parse([option, value]));

        Assert.Contains(option, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--size")]
    [InlineData("--port")]
    [InlineData("--allow")]
    public void A_missing_value_is_named(string option)
    {
        var mistake = Assert.Throws<UsageException>(() => UpOptions.Parse([option, "--json"]));

        Assert.Contains(option, mistake.Message, StringComparison.Ordinal);
    }
}
