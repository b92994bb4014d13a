using System.Text.Json;
using Alongside.Core.Relay;
using Alongside.Net.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Tls;

/// <summary>`--tls`: a certificate made once, which clients pin by its fingerprint.</summary>
public sealed class SelfMadeCertificate : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("alongside-tls-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task It_is_made_once_kept_private_and_announced()
    {
        var first = await FingerprintAsync();
        Assert.Equal(43, first.Length);
        Assert.Equal(first, await FingerprintAsync());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data, "tls-key.pem")));
        }
    }

    [Fact]
    public async Task A_client_that_knows_the_fingerprint_enters_and_one_with_another_or_none_does_not()
    {
        await using var server = await TestServer.StartAsync(Use);
        using var facts = JsonDocument.Parse(await server.Http().GetStringAsync("/api/server"));
        var fingerprint = facts.RootElement.GetProperty("fingerprint").GetString()!;
        await using (var client = new RelayClient(server.Url, new RelayClientOptions { Fingerprint = fingerprint }, new RecordingSink()))
        {
            await client.OpenAsync(MemberRole.Host, withNumber: false);
        }

        foreach (var wrong in new[] { null, new string('A', 43), "not a fingerprint" })
        {
            var sink = new RecordingSink();
            await using var client = new RelayClient(server.Url, new RelayClientOptions { Fingerprint = wrong }, sink);
            var error = await Assert.ThrowsAsync<RelayException>(() => client.OpenAsync(MemberRole.Host, withNumber: false));
            Assert.Contains("certificate", error.Message, StringComparison.Ordinal);
            Assert.Single(sink.Events);
        }
    }

    private ServerSettings Use(ServerSettings settings) => settings with { Data = data, SelfMadeTls = true };

    private async Task<string> FingerprintAsync()
    {
        await using var server = await TestServer.StartAsync(Use);
        using var facts = JsonDocument.Parse(await server.Http().GetStringAsync("/api/server"));
        return facts.RootElement.GetProperty("fingerprint").GetString()!;
    }
}
