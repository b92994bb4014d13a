using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json;
using Alongside.Core.Relay;
using Alongside.Net.Settings;
using Alongside.Server.Health;
using Alongside.Server.Tests.Running;
using Alongside.Server.Web;
using Alongside.Testing;

namespace Alongside.Server.Tests.Web;

/// <summary>What the server gives to browsers and shells.</summary>
public sealed class PagesAndDownloads
{
    [Theory]
    [InlineData("/")]
    [InlineData("/join")]
    [InlineData("/help")]
    [InlineData("/gallery")]
    public async Task Every_route_of_the_page_is_the_page_and_locks_itself_down(string path)
    {
        await using var server = await WithPagesAsync();
        using var answer = await server.Http().GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("<!doctype html>index", await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl!.NoCache);
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/../alongside.db")]
    [InlineData("/%2e%2e/alongside.db")]
    [InlineData("/..%2falongside.db")]
    [InlineData("/assets/..%5c..%5calongside.db")]
    [InlineData("/download/../alongside.db")]
    [InlineData("/download/..%2falongside.db")]
    [InlineData("/download/alongside.db")]
    public async Task Nothing_else_is_there(string path)
    {
        await using var server = await WithPagesAsync();
        using var answer = await server.Http().GetAsync(new Uri(server.Url, path));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/assets/main-abc.js")]
    [InlineData("/api/server")]
    [InlineData("/download/alongside-host-linux-x64")]
    [InlineData("/get")]
    [InlineData("/healthz")]
    [InlineData("/metrics")]
    public async Task Head_answers_as_get_does_without_the_body(string path)
    {
        await using var server = await WithPagesAsync();
        using var get = await server.Http().GetAsync(path);
        using var head = await server.Http().SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        if (path.StartsWith("/download/", StringComparison.Ordinal))
        {
            Assert.Equal((await get.Content.ReadAsByteArrayAsync()).Length, head.Content.Headers.ContentLength);
        }

        using var post = await server.Http().PostAsync(path, null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Fact]
    public async Task Hashed_assets_are_compressed_and_cached_for_long()
    {
        await using var server = await WithPagesAsync();
        var http = server.Http();
        http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        using var answer = await http.GetAsync("/assets/main-abc.js");
        Assert.Equal("br", answer.Content.Headers.ContentEncoding.Single());
        Assert.Contains("immutable", answer.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
        // The one beside the file is used as it is.
        Assert.Equal([1, 2, 3], await answer.Content.ReadAsByteArrayAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/assets/main-abc.js");
        request.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var second = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Downloads_are_listed_with_their_hash_and_come_in_ranges()
    {
        await using var server = await WithPagesAsync();
        var http = server.Http();
        using var facts = JsonDocument.Parse(await http.GetStringAsync("/api/server"));
        var download = facts.RootElement.GetProperty("downloads").EnumerateArray().Single();
        Assert.Equal("linux-x64", download.GetProperty("system").GetString());
        Assert.Equal(server.Url.ToString().TrimEnd('/'), facts.RootElement.GetProperty("url").GetString());
        var bytes = await http.GetByteArrayAsync("/download/" + download.GetProperty("file").GetString());
        Assert.Equal(bytes.Length, download.GetProperty("size").GetInt32());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), download.GetProperty("sha256").GetString());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/download/alongside-host-linux-x64") { Headers = { Range = new RangeHeaderValue(2, 5) } };
        using var part = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(bytes[2..6], await part.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_download_is_hashed_once_however_many_ask_until_it_changes()
    {
        var folder = Directory.CreateTempSubdirectory("alongside-downloads-").FullName;
        try
        {
            var file = Path.Combine(folder, "alongside-host-linux-x64");
            // Large enough that all ask while it is being read.
            await File.WriteAllBytesAsync(file, new byte[20_000_000]);
            var downloads = new Downloads(new ServerSettings { Downloads = folder });
            var lists = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(downloads.ListAsync)));
            Assert.All(lists, list => Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(new byte[20_000_000])), list.Single().Sha256));
            Assert.Equal(1, downloads.Hashed);

            await File.WriteAllBytesAsync(file, [1]);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([1])), (await downloads.ListAsync()).Single().Sha256);
            Assert.Equal(2, downloads.Hashed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("482190573", "--join\n482190573\n")]
    [InlineData("", "--open\n")]
    [InlineData("--open --name x", "--open\n--name\nx\n")]
    public async Task The_script_fetches_checks_and_starts_the_host(string args, string expected)
    {
        await using var server = await WithPagesAsync();
        var (code, output) = await RunScriptAsync(server, await server.Http().GetStringAsync("/get"), args);
        Assert.True(code == 0, output);
        Assert.EndsWith($"--server\n{server.Url.ToString().TrimEnd('/')}\n{expected}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_starts_nothing_that_is_not_what_was_announced()
    {
        await using var server = await WithPagesAsync();
        var script = await server.Http().GetStringAsync("/get");
        await File.AppendAllTextAsync(Path.Combine(server.Folder, "downloads", "alongside-host-linux-x64"), "echo evil\n");
        var (code, output) = await RunScriptAsync(server, script, "482190573");
        Assert.Equal(1, code);
        Assert.Contains("Nothing was started", output, StringComparison.Ordinal);
        Assert.DoesNotContain("--join", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_script_does_nothing_when_it_was_cut_off()
    {
        await using var server = await WithPagesAsync();
        var script = await server.Http().GetStringAsync("/get");
        for (var length = script.Length - 12; length > 0; length -= 97)
        {
            var (_, output) = await RunScriptAsync(server, script[..length], "482190573");
            Assert.DoesNotContain("--server", output.Replace("\"$program\" --server", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_host_header_with_shell_letters_gets_no_script()
    {
        await using var server = await WithPagesAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/get");
        Assert.True(request.Headers.TryAddWithoutValidation("Host", "a'$(id)"));
        using var answer = await server.Http().SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://hilfe.müller.example", "https://hilfe.xn--mller-kva.example")]
    [InlineData("https://help.example.org:8443/", "https://help.example.org:8443")]
    [InlineData("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080")]
    public async Task A_public_address_is_told_as_browsers_send_it(string given, string told)
    {
        var read = ServerSettings.From(Settings.Read(ServerSettings.Table, ["--public-url", given], _ => null, _ => null)).PublicUrl;
        Assert.Equal(told, read);
        await using var server = await TestServer.StartAsync(settings => settings with { PublicUrl = read });
        using var http = new HttpClient { BaseAddress = server.LocalUrl };
        using var facts = JsonDocument.Parse(await http.GetStringAsync("/api/server"));
        Assert.Equal(told, facts.RootElement.GetProperty("url").GetString());
        Assert.Contains($"server='{told}'", await http.GetStringAsync("/get"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("http://127.0.0.1:1", false)]
    [InlineData("https://help.example.org", true)]
    [InlineData("own", true)]
    [InlineData(null, true)]
    public async Task Only_own_pages_may_open_a_socket(string? origin, bool allowed)
    {
        await using var server = await TestServer.StartAsync(settings => settings with { PublicUrl = "https://help.example.org" });
        var address = server.LocalUrl;
        origin = origin == "own" ? address.ToString().TrimEnd('/') : origin;
        if (allowed)
        {
            await using var client = await RawClient.ConnectAsync(address, origin);
            await client.SayAsync(new ClientSignal.Open(1, MemberRole.Viewer));
            await client.HearAsync<ServerSignal.Opened>();
        }
        else
        {
            var error = await Assert.ThrowsAsync<WebSocketException>(() => RawClient.ConnectAsync(address, origin));
            Assert.Contains("403", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Forwarded_headers_count_only_from_a_named_proxy()
    {
        await using var trusting = await TestServer.StartAsync(settings => settings with { Proxies = [IPAddress.Loopback] });
        Assert.Equal("https://help.example.org", await UrlAsync(trusting));
        await using var other = await TestServer.StartAsync(settings => settings with { Proxies = [IPAddress.Parse("192.0.2.1")] });
        Assert.StartsWith("http://127.0.0.1:", await UrlAsync(other), StringComparison.Ordinal);
        await using var none = await TestServer.StartAsync();
        Assert.StartsWith("http://127.0.0.1:", await UrlAsync(none), StringComparison.Ordinal);

        static async Task<string> UrlAsync(TestServer server)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/server");
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-Host", "help.example.org");
            using var answer = await server.Http().SendAsync(request);
            using var facts = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return facts.RootElement.GetProperty("url").GetString()!;
        }
    }

    [Theory]
    [InlineData(null, "203.0.113.9", HttpStatusCode.Forbidden)]
    [InlineData(null, null, HttpStatusCode.OK)]
    [InlineData("203.0.113.9", "203.0.113.9", HttpStatusCode.OK)]
    [InlineData("203.0.113.8", "203.0.113.9", HttpStatusCode.Forbidden)]
    [InlineData("any", "203.0.113.9", HttpStatusCode.OK)]
    public async Task Figures_are_for_this_machine_and_for_whom_the_operator_names(string? named, string? from, HttpStatusCode status)
    {
        string[] args = ["--behind-proxy", "loopback", .. named is null ? (string[])[] : ["--metrics-from", named]];
        var read = ServerSettings.From(Settings.Read(ServerSettings.Table, args, _ => null, _ => null));
        await using var server = await TestServer.StartAsync(settings => settings with { Proxies = read.Proxies, MetricsFrom = read.MetricsFrom });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (from is not null)
        {
            request.Headers.Add("X-Forwarded-For", from);
        }

        using var answer = await server.Http().SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK, (await answer.Content.ReadAsStringAsync()).Contains("alongside_sockets", StringComparison.Ordinal));
    }

    [Fact]
    public async Task However_many_ask_for_its_health_the_database_is_asked_every_two_seconds()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(time: time);
        var http = server.Http();
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => http.GetStringAsync("/healthz"))), answer => Assert.Equal("ok\n", answer));
        Assert.Equal(1, server.Get<HealthCheck>().Asked);
        time.Advance(TimeSpan.FromSeconds(2));
        await http.GetStringAsync("/healthz");
        Assert.Equal(2, server.Get<HealthCheck>().Asked);
    }

    [Theory]
    [InlineData("https", false, true)]
    [InlineData("http", false, false)]
    [InlineData("https", true, false)]
    public async Task Browsers_are_told_to_come_by_https_alone_unless_the_certificate_is_self_made(string scheme, bool selfMade, bool told)
    {
        await using var server = await TestServer.StartAsync(settings => settings with { SelfMadeTls = selfMade, Proxies = [IPAddress.Loopback] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz") { Headers = { { "X-Forwarded-Proto", scheme } } };
        using var answer = await server.Http().SendAsync(request);
        Assert.Equal(told, answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/api/server")]
    [InlineData("/download/alongside-host-linux-x64")]
    [InlineData("/get")]
    public async Task What_is_offered_is_asked_for_anew_each_time(string path)
    {
        await using var server = await WithPagesAsync();
        using var answer = await server.Http().GetAsync(path);
        Assert.True(answer.Headers.CacheControl?.NoCache);
    }

    [Fact]
    public async Task Health_and_metrics_tell_what_is()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _2 = viewer;
        await host.SendAsync(joined.Member, new byte[1000]);
        await viewer.HearPayloadAsync();
        Assert.Equal("ok\n", await server.Http().GetStringAsync("/healthz"));
        var metrics = (await server.Http().GetStringAsync("/metrics")).Split('\n');
        Assert.Contains("alongside_sockets 2", metrics);
        Assert.Contains("alongside_members 2", metrics);
        Assert.Contains("alongside_rooms 1", metrics);
        Assert.Contains("alongside_relayed_bytes_total 1000", metrics);
        Assert.Contains("alongside_entered_total{how=\"open\"} 1", metrics);
        Assert.Contains("alongside_entered_total{how=\"join\"} 1", metrics);
        Assert.DoesNotContain(metrics, line => line.Contains(opened.Room, StringComparison.Ordinal) || line.Contains(opened.Token, StringComparison.Ordinal));
    }

    private static Task<TestServer> WithPagesAsync() => TestServer.StartAsync(settings =>
    {
        Directory.CreateDirectory(Path.Combine(settings.Web, "assets"));
        File.WriteAllText(Path.Combine(settings.Web, "index.html"), "<!doctype html>index");
        File.WriteAllText(Path.Combine(settings.Web, "assets", "main-abc.js"), "let x = 1;");
        File.WriteAllBytes(Path.Combine(settings.Web, "assets", "main-abc.js.br"), [1, 2, 3]);
        Directory.CreateDirectory(settings.Downloads);
        File.WriteAllText(Path.Combine(settings.Downloads, "alongside-host-linux-x64"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        File.WriteAllText(Path.Combine(settings.Downloads, "notes.txt"), "not a host");
        return settings;
    });

    /// <summary>As a shell gets it: through standard input, with a home directory of its own.</summary>
    private static async Task<(int Code, string Output)> RunScriptAsync(TestServer server, string script, string args)
    {
        var home = Path.Combine(server.Folder, "home-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(home);
        // setsid: without a terminal, so that the host's questions do not go to whoever runs the tests.
        var start = new ProcessStartInfo("setsid", ["sh", "-s", "--", .. args.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = home;
        start.Environment.Remove("XDG_CACHE_HOME");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(script);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The shell stopped at a script that was cut off in the middle of a word.
        }

        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await errors + await output);
    }
}
