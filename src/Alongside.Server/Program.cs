using Alongside.Net.Settings;

var table = new SettingsTable(
    "alongside-server",
    "Serves the pages of Alongside, and relays what two people's programs say to each other without being able to read it.",
    [("alongside-server --data /var/lib/alongside", "Serve on http://localhost:8080.")],
    Setting.Number("port", 8080, 0, 65535, "port to listen on; 0 takes a free one", "8080"));
return table.TryRead(args, out _, out var exitCode) ? 0 : exitCode;
