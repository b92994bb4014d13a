using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Alongside.Core.Tests.Structure;

/// <summary>What must never depend on what, with the reason. The map is in ARCHITECTURE.md.</summary>
public sealed class ForbiddenEdges
{
    private static readonly string Root = RepositoryRoot.Find();

    public static TheoryData<string, string, string> Projects => new()
    {
        { "Alongside.Core", "Alongside.Net", "the core has no sockets and no timers: it runs under a simulator as it does in production" },
        { "Alongside.Core", "Alongside.Host", "the core knows no system" },
        { "Alongside.Core", "Alongside.Server", "the core is what two people share; the server is not one of them" },
        { "Alongside.Core", "Alongside.Vnc", "the room and its codec know nothing of another protocol's viewers" },
        { "Alongside.Core", "Alongside.Rtc", "the session runs over any path: it does not know what carries it" },
        { "Alongside.Rtc", "Alongside.Net", "the transport is pure: sockets and timers are the driver's" },
        { "Alongside.Vnc", "Alongside.Net", "RFB is pure: sockets and TLS are the driver's" },
        { "Alongside.Vnc", "Alongside.Host", "RFB serves any source and any sink of pixels" },
        { "Alongside.Vnc", "Alongside.Server", "VNC ends at the host; the server never sees it" },
        { "Alongside.Server", "Alongside.Vnc", "VNC ends at the host; the server never sees it" },
        { "Alongside.Net", "Alongside.Host", "drivers serve every program" },
        { "Alongside.Net", "Alongside.Server", "drivers serve every program" },
        { "Alongside.Host", "Alongside.Server", "they meet on the wire only" },
        { "Alongside.Server", "Alongside.Host", "they meet on the wire only" },
        { "Alongside.Rtc", "Alongside.Vnc", "a transport and a source of pixels know nothing of each other" },
        { "Alongside.Vnc", "Alongside.Rtc", "a transport and a source of pixels know nothing of each other" },
    };

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_does_not_reference(string project, string forbidden, string reason)
    {
        var file = Path.Combine(Root, "src", project, project + ".csproj");
        if (!File.Exists(file))
        {
            return;
        }

        var references = XDocument.Load(file).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.False(references.Contains(forbidden), $"{project} must not use {forbidden}: {reason}.");
    }

    public static TheoryData<string, string, string> Folders => new()
    {
        { "src/Alongside.Server", @"Alongside\.Core\.(Secure|Session|Codec|Pixels|Input)\b", "the server has no key and reads no record" },
        { "src/Alongside.Core/Codec", @"Alongside\.Core\.(Secure|Session|Relay)\b", "the codec turns frames into updates, whoever carries them" },
        { "src/Alongside.Core/Secure", @"Alongside\.Core\.(Codec|Pixels|Relay)\b", "the secure channel knows neither what it carries nor what carries it" },
        { "src/Alongside.Core/Relay", @"Alongside\.Core\.(Secure|Session|Codec|Pixels)\b", "the relay layer carries opaque payloads" },
        { "src/Alongside.Core", @"Alongside\.Vnc\b|\bRFB\b", "nothing of VNC leaks into the codec or the session" },
        { "src/Alongside.Vnc", @"Alongside\.Core\.(Secure|Session|Relay)\b", "RFB is a library of pixels and input: no room, no keys of ours" },
        { "src/Alongside.Host/Loop", @"Alongside\.Vnc\b|\bVnc", "the loop knows viewers by what they want, not by the protocol they speak" },
        { "src/Alongside.Host/Pipeline.cs", @"\.Linux\b|\.Windows\b|\bX11\b", "the pipeline knows the four seams, not the systems behind them" },
        { "web/src/core", @"from '[./]*(\.\./)+(browser|ui)/", "the core is compiled without the DOM" },
        { "web/src/browser", @"from '[./]*(\.\./)+ui/", "devices and workers serve any page" },
        { "web/src/ui", @"core/(secure/(?!room-code)|relay|codec|wire)", "pages see snapshots, never keys or records" },
    };

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_does_not_mention(string place, string pattern, string reason)
    {
        var path = Path.Combine(Root, place);
        var files = File.Exists(path) ? [path]
            : Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(file => Regex.IsMatch(file, @"\.(cs|tsx?)$") && !Regex.IsMatch(file, @"/(bin|obj)/"))
            : [];
        var found = files.Where(file => Regex.IsMatch(File.ReadAllText(file), pattern))
            .Select(file => Path.GetRelativePath(Root, file));
        Assert.True(!found.Any(), $"{string.Join(", ", found)}: {reason}.");
    }
}
