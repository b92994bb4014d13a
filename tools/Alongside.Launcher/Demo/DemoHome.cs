using System.Globalization;
using System.Reflection;

namespace Alongside.Launcher.Demo;

/// <summary>The demo's home folder: made anew at each start from the files under <c>Demo/Look</c> and <c>Demo/Folder</c>.</summary>
public static class DemoHome
{
    private const string Look = "Demo/Look/";
    private const string Folder = "Demo/Folder/";

    public static string? Chromium { get; } = ((string[])["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"])
        .FirstOrDefault(File.Exists);

    public static void Prepare(string home, DemoArrangement arrangement)
    {
        if (Directory.Exists(home))
        {
            Directory.Delete(home, recursive: true);
        }

        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames())
        {
            using var resource = assembly.GetManifestResourceStream(name)!;
            if (name.StartsWith(Folder, StringComparison.Ordinal))
            {
                using var file = File.Create(Place(home, "Documents/" + name[Folder.Length..]));
                resource.CopyTo(file);
            }
            else if (name.StartsWith(Look, StringComparison.Ordinal))
            {
                using var reader = new StreamReader(resource);
                File.WriteAllText(Place(home, Target(name[Look.Length..])), Fill(reader.ReadToEnd(), home, arrangement));
            }
        }

        Directory.CreateDirectory(Path.Combine(home, "run"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static Dictionary<string, string?> Environment(string home, string display) => new()
    {
        ["HOME"] = home,
        ["DISPLAY"] = display,
        ["WAYLAND_DISPLAY"] = null,
        ["XAUTHORITY"] = null,
        ["LANG"] = "C.UTF-8",
        ["LC_ALL"] = "C.UTF-8",
        ["XDG_CONFIG_HOME"] = Path.Combine(home, ".config"),
        ["XDG_DATA_HOME"] = Path.Combine(home, ".local", "share"),
        ["XDG_CACHE_HOME"] = Path.Combine(home, ".cache"),
        ["XDG_RUNTIME_DIR"] = Path.Combine(home, "run"),
        ["XDG_CURRENT_DESKTOP"] = "Openbox",
        ["XENVIRONMENT"] = Path.Combine(home, ".Xresources"),
        ["GSETTINGS_BACKEND"] = "keyfile",
        ["GIO_USE_VFS"] = "local",
        ["GTK_OVERLAY_SCROLLING"] = "0",
        ["NO_AT_BRIDGE"] = "1",
        ["SHELL"] = "/bin/bash",
    };

    public static string[] ChromiumArguments(string home) =>
    [
        $"--app=file://{Path.Combine(home, "page.html")}",
        $"--user-data-dir={Path.Combine(home, ".chromium")}",
        "--class=page", "--test-type", "--no-first-run", "--no-default-browser-check", "--disable-gpu", "--disable-quic",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--password-store=basic",
        "--disable-features=Translate,MediaRouter",
        // Chromium's sandbox refuses to work for root; the page is a local file of ours.
        .. System.Environment.UserName == "root" ? (string[])["--no-sandbox"] : [],
    ];

    private static string Target(string name) => name switch
    {
        "openbox.xml" => ".config/openbox/rc.xml",
        "menu.xml" => ".config/openbox/menu.xml",
        "themerc" => ".local/share/themes/Alongside/openbox-3/themerc",
        "tint2rc" => ".config/tint2/tint2rc",
        "bus.conf" => ".config/bus.conf",
        "gtk3.ini" => ".config/gtk-3.0/settings.ini",
        "gtk.css" => ".config/gtk-3.0/gtk.css",
        "gtk2rc" => ".gtkrc-2.0",
        "pcmanfm.conf" => ".config/pcmanfm/default/pcmanfm.conf",
        "libfm.conf" => ".config/libfm/libfm.conf",
        "settings.ini" => ".config/glib-2.0/settings/keyfile",
        "Xresources" => ".Xresources",
        "bashrc" => ".bashrc",
        "welcome.txt" => ".welcome",
        "page.html" => "page.html",
        _ => throw new InvalidOperationException($"Demo/Look/{name} has no place in the demo's home."),
    };

    private static string Place(string home, string name)
    {
        string path = Path.Combine(home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private static string Fill(string text, string home, DemoArrangement arrangement) => text
        .Replace("{home}", home, StringComparison.Ordinal)
        .Replace("{panel}", DemoArrangement.Panel.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{terminal}", Rule(arrangement.Terminal), StringComparison.Ordinal)
        .Replace("{page}", Rule(arrangement.Page), StringComparison.Ordinal)
        .Replace("{editor}", Rule(arrangement.Editor), StringComparison.Ordinal)
        .Replace("{files}", Rule(arrangement.Files), StringComparison.Ordinal);

    private static string Rule(DemoArrangement.Place place) => string.Create(
        CultureInfo.InvariantCulture,
        $"<position force=\"yes\"><x>{place.X}</x><y>{place.Y}</y></position><size><width>{place.Width}</width><height>{place.Height}</height></size>");
}
