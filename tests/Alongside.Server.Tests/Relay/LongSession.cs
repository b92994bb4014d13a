using System.Security.Cryptography;
using Alongside.Core.Relay;
using Alongside.Net.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Relay;

/// <summary>64 MB through one session.</summary>
public sealed class LongSession
{
    [Fact]
    public async Task Sixty_four_megabytes_arrive_bit_for_bit()
    {
        const long Total = 64_000_000;
        await using var server = await TestServer.StartAsync();
        var hostSink = new RecordingSink();
        await using var host = new RelayClient(server.Url, new RelayClientOptions(), hostSink);
        await host.OpenAsync(MemberRole.Host, withNumber: true);
        using var viewerSink = new HashingSink();
        await using var viewer = new RelayClient(server.Url, new RelayClientOptions(), viewerSink);
        await viewer.JoinAsync(MemberRole.Viewer, hostSink.Digits!);
        await hostSink.HearsAsync("arrived 2 Viewer");

        var random = new SeededRandomSource(20);
        var payload = new byte[RelayLimits.Payload];
        random.Fill(payload);
        using var expected = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var sent = 0L;
        while (sent < Total)
        {
            // All sizes from a byte to a whole payload, content that differs from frame to frame.
            var length = random.Next(8) == 0 ? RelayLimits.Payload : 1 + random.Next(RelayLimits.Payload);
            payload[random.Next(length)]++;
            while (!host.TrySend([viewerSink.Self], payload.AsSpan(0, length)))
            {
                await Task.Yield();
            }

            expected.AppendData(payload, 0, length);
            sent += length;
        }

        await Eventually.TrueAsync(() => viewerSink.Bytes == sent, $"{viewerSink.Bytes} of {sent} bytes arrived.");
        Assert.Equal(expected.GetHashAndReset(), viewerSink.Hash());
    }

    private sealed class HashingSink : RecordingSink, IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long bytes;

        public long Bytes => Volatile.Read(ref bytes);

        public byte[] Hash() => hash.GetHashAndReset();

        public override void Payload(ushort from, ReadOnlySpan<byte> payload)
        {
            hash.AppendData(payload);
            Interlocked.Add(ref bytes, payload.Length);
        }

        public void Dispose() => hash.Dispose();
    }
}
