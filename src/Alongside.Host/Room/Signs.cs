using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Alongside.Host.Consent;
using Alongside.Host.Vnc;

namespace Alongside.Host.Room;

/// <summary>
/// Shows room and code: in the consent's windows, and on the terminal or, with `--json`, as lines for the program that started this one.
/// Standard error is the log. It never holds a secret: code and link go to standard output, and to a window when nobody else shows them.
/// </summary>
/// <param name="inTerminal">The consent writes to the same terminal: what is written here is not said there again.</param>
internal sealed class Signs(
    IConsent consent, TextWriter output, TextWriter log, bool json, bool inTerminal, string? display, Action<ExitCode> over) : IRoomSigns
{
    private ShownCode? shown;
    private bool ready;
    private bool somebodyIsIn;

    public void Code(string? digits, string? link, TimeSpan lifetime)
    {
        shown = digits is null || link is null ? null : new(digits, link, lifetime);
        ShowInWindow();
        if (shown is null)
        {
            return;
        }

        if (json)
        {
            // Ready is said once, with the display; later lines are new codes.
            var line = new SignLine(ready ? null : true, link!, digits!, ready ? null : display);
            output.WriteLine(JsonSerializer.Serialize(line, SignJson.Default.SignLine));
        }
        else
        {
            output.WriteLine($"""

                  Your code

                      {digits}

                  Read it to your helper, or send them this link:
                  {link}

                  They see nothing until you allow it. Ctrl-C ends it.

                """);
        }

        output.Flush();
        ready = true;
    }

    /// <summary>Where VNC viewers come in. What nobody knows yet is shown where the code is: not in the log.</summary>
    public void Vnc(IPEndPoint address, string? password, string? fingerprint) => VncSigns.Write(output, json, address, password, fingerprint);

    public void Say(string text)
    {
        if (!inTerminal)
        {
            consent.Say(text);
        }

        Log(text);
    }

    public void Log(string text) => log.WriteLine(text);

    /// <summary>While somebody is in, the banner is there and the code is not: nobody else is expected.</summary>
    public void Guests(int count)
    {
        somebodyIsIn = count > 0;
        ShowInWindow();
    }

    public void Over(ExitCode code, string text)
    {
        Say(text);
        over(code);
    }

    private void ShowInWindow()
    {
        if (!json && !inTerminal)
        {
            consent.ShowCode(somebodyIsIn ? null : shown);
        }
    }
}

/// <summary>A line of `--json`.</summary>
internal sealed record SignLine(bool? Ready, string Join, string Code, string? Display);

/// <summary>The line of `--json` that says where VNC viewers come in.</summary>
internal sealed record VncLine(VncSign Vnc);

internal sealed record VncSign(string Address, string? Password, string? Fingerprint);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SignLine))]
[JsonSerializable(typeof(VncLine))]
internal sealed partial class SignJson : JsonSerializerContext;
