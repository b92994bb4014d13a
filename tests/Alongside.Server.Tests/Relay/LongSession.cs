using System.Security.Cryptography;
using Alongside.Core.Relay;
using Alongside.Net.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Relay;

/// <summary>64 MB through one session, and what a frame costs once it runs.</summary>
[Collection("alone")]
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

    [Fact]
    public async Task A_relayed_frame_allocates_nothing_once_running()
    {
        await using var server = await TestServer.StartAsync();
        var hostSink = new EchoSink();
        await using var host = new RelayClient(server.Url, new RelayClientOptions(), hostSink);
        hostSink.Client = host;
        await host.OpenAsync(MemberRole.Host, withNumber: false);
        var viewerSink = new EchoSink();
        await using var viewer = new RelayClient(server.Url, new RelayClientOptions(), viewerSink);
        viewerSink.Client = viewer;
        await viewer.JoinAsync(MemberRole.Viewer, hostSink.Room);
        await hostSink.HearsAsync("arrived 2 Viewer");

        // A ball between the two, all in this process: both clients, the server, the sockets.
        Assert.True(viewer.TrySend([1], new byte[900]));
        await Eventually.TrueAsync(() => hostSink.Count > 2_000);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var first = hostSink.Count;
        await Eventually.TrueAsync(() => hostSink.Count > first + 10_000);
        var frames = 2.0 * (hostSink.Count - first);
        var perFrame = (GC.GetTotalAllocatedBytes(precise: true) - before) / frames;

        // Timers of the test's own waiting are in the figure: a few hundred bytes a tick, over thousands of frames.
        Assert.True(perFrame < 8, $"{perFrame:0.0} bytes were allocated for each frame.");
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

    /// <summary>Sends back what comes.</summary>
    private sealed class EchoSink : RecordingSink
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public RelayClient? Client { get; set; }

        public override void Payload(ushort from, ReadOnlySpan<byte> payload)
        {
            Interlocked.Increment(ref count);
            Client!.TrySend([from], payload);
        }
    }
}
