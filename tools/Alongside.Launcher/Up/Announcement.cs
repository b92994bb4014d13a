using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Alongside.Launcher.Up;

/// <summary>Tells where to go: once as JSON for a program, or each time the code is new for a person.</summary>
public sealed class Announcement(Terminal terminal, string server, string? display, bool demo, bool openBrowser)
{
    // The link's fragment and the spaces of the code stay readable.
    private static readonly JsonSerializerOptions Readable = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private Opened? last;

    public void Show(Opened opened)
    {
        bool first = last is null;
        bool sameLink = last?.Link == opened.Link;
        last = opened;
        if (terminal.Json)
        {
            if (first)
            {
                terminal.Result(Line(server, opened, display));
            }
            else
            {
                terminal.Say($"New code: {opened.Code}{(sameLink ? "" : $"   New link: {opened.Link}")}");
            }

            return;
        }

        terminal.Result(first || !sameLink ? Page(opened) : $"\n  New code   {Terminal.Strong(opened.Code)}\n");
        if (first && openBrowser)
        {
            OpenBrowser(opened.Link);
        }
    }

    internal static string Line(string server, Opened opened, string? display) =>
        JsonSerializer.Serialize(new { ready = true, server, join = opened.Link, code = opened.Code, display, vnc = opened.Vnc }, Readable);

    private string Page(Opened opened) => $"""

          {(demo ? "A demo desktop is ready." : display is null ? "The VNC server's desktop is ready to be shared." : "This desktop is ready to be shared.")}

          Link       {Terminal.Strong(opened.Link)}
          Code       {Terminal.Strong(opened.Code)}   {Terminal.Quiet($"typed at {server}")}{(opened.Vnc is { } vnc ? $"\n  VNC        {vnc.Address}{(vnc.Password is null ? "" : $"   password {Terminal.Strong(vnc.Password)}")}" : "")}

          {Terminal.Quiet(demo ? $"Whoever has the link sees and controls the demo desktop. Its programs run as {Environment.UserName}." : display is null ? "Whoever has the link sees and controls it, unless --allow says less." : "Whoever comes is asked for a name, and you are asked before they see anything.")}
          {Terminal.Quiet("Ctrl-C ends it.")}

        """;

    /// <summary>The person's browser is theirs: it isn't ended with us. Root has none, and a machine without a desktop neither.</summary>
    private void OpenBrowser(string link)
    {
        bool desktop = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY"))
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("WAYLAND_DISPLAY"));
        if (!desktop || Environment.UserName == "root")
        {
            return;
        }

        try
        {
            using var opener = Process.Start(new ProcessStartInfo("setsid") { ArgumentList = { "xdg-open", demo ? link : server }, RedirectStandardError = true, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            terminal.Say("No browser could be opened. Open the link yourself.");
        }
    }
}
