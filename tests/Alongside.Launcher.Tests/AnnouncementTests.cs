using Alongside.Launcher.Up;

namespace Alongside.Launcher.Tests;

public sealed class AnnouncementTests
{
    [Fact]
    public void The_json_line_is_the_contract_byte_for_byte() => Assert.Equal(
        """{"ready":true,"server":"http://localhost:7700","join":"http://localhost:7700/join#room.secret+&<","code":"123 456 789","display":":4"}""",
        Announcement.Line("http://localhost:7700", new Opened("123 456 789", "http://localhost:7700/join#room.secret+&<"), ":4"));

    [Fact]
    public void Without_a_display_of_this_machine_the_line_has_none_and_VNC_viewers_are_told_where_to_come() => Assert.Equal(
        """{"ready":true,"server":"http://localhost:7700","join":"http://localhost:7700/join#a","code":"123 456 789","vnc":{"address":"127.0.0.1:5900","password":"abc"}}""",
        Announcement.Line("http://localhost:7700", new Opened("123 456 789", "http://localhost:7700/join#a") { Vnc = HostProcess.TryReadVnc("""{"vnc":{"address":"127.0.0.1:5900","password":"abc"}}""") }, null));

    [Theory]
    [InlineData("""{"t":"code","code":"123 456 789","join":"http://x/#a"}""", true)]
    [InlineData("""{"t":"guests","guests":[]}""", false)]
    [InlineData("""{"code":1,"join":2}""", false)]
    [InlineData("[]", false)]
    [InlineData("not json", false)]
    [InlineData("", false)]
    public void Only_a_line_with_code_and_link_is_a_room(string line, bool opened) =>
        Assert.Equal(opened ? new Opened("123 456 789", "http://x/#a") : null, HostProcess.TryRead(line));
}
