using Alongside.Core.Relay;
using Alongside.Net.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Relay;

/// <summary>A host that stays while others come and go.</summary>
public sealed class ManyVisitors
{
    [Fact]
    public async Task Nothing_is_kept_of_those_it_has_sent_to_and_who_have_left()
    {
        await using var server = await TestServer.StartAsync();
        var hostSink = new RecordingSink();
        await using var host = new RelayClient(server.Url, new RelayClientOptions(), hostSink);
        await host.OpenAsync(MemberRole.Host, withNumber: true);
        for (int member = 2; member < 12; member++)
        {
            var sink = new HearingSink();
            await using (var visitor = new RelayClient(server.Url, new RelayClientOptions(), sink))
            {
                await visitor.JoinAsync(MemberRole.Viewer, hostSink.Digits!);
                await hostSink.HearsAsync($"arrived {member} Viewer");
                Assert.True(host.TrySend([(ushort)member], [1, 2, 3]));
                await sink.Heard.Task.WaitAsync(TimeSpan.FromSeconds(30));
            }

            await Eventually.TrueAsync(() => server.Relay.Memory.Sockets.Count() == 1, "It is still there.");
        }

        // The last one is forgotten when there is another.
        Assert.Equal(1, Assert.Single(server.Relay.Memory.Sockets).Receivers);
    }

    private sealed class HearingSink : RecordingSink
    {
        public TaskCompletionSource Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Payload(ushort from, ReadOnlySpan<byte> payload) => Heard.TrySetResult();
    }
}
