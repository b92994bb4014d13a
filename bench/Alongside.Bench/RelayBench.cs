using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Alongside.Bench.Screens;
using Alongside.Core.Relay;
using Alongside.Net.Relay;

namespace Alongside.Bench;

/// <summary>
/// The relay against its numbers: <c>relay [--sessions 200] [--idle 1000] [--megabytes 1000]</c>. The server is a process of its own; all
/// clients are in this one, so the delays have both clients' work in them as well.
/// </summary>
public static class RelayBench
{
    private const int PayloadSize = 1_200;
    private const int PerSecond = 20;
    private const int Seconds = 15;

    public static int Run(string[] args)
    {
        using var programs = new Programs();
        RunAsync(programs, NumberOption.Of(args, "--sessions", 200), NumberOption.Of(args, "--idle", 1_000), NumberOption.Of(args, "--megabytes", 1_000)).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task RunAsync(Programs programs, int sessions, int idle, int megabytes)
    {
        string[] limits = ["--rooms-per-source", "100000", "--joins-per-source", "100000", "--sockets-per-source", "100000"];
        Console.WriteLine($"  {"",-44} {"measured",14} {"aim",12}");

        var (url, id) = programs.StartServer(limits);
        var atStart = ResidentMemory.BytesOf(id) / 1e6;
        var hosts = new List<RelayClient>();
        for (var i = 0; i < idle; i += 50)
        {
            hosts.AddRange(await Task.WhenAll(Enumerable.Range(0, Math.Min(50, idle - i)).Select(_ => OpenAsync(url, new Room()))));
        }

        await Task.Delay(TimeSpan.FromSeconds(20));
        Row("server just started", $"{atStart:0} MB", "");
        Row($"server with {idle:N0} idle hosts", $"{ResidentMemory.BytesOf(id) / 1e6:0} MB", "< 150 MB");
        await Task.WhenAll(hosts.Select(host => host.DisposeAsync().AsTask()));

        (url, id) = programs.StartServer(limits);
        var delays = await DelaysAsync(url, sessions);
        Row($"delay through the relay, {sessions} sessions, p50", $"{delays[delays.Length / 2]:0.00} ms", "");
        Row($"delay through the relay, {sessions} sessions, p99", $"{delays[delays.Length * 99 / 100]:0.00} ms", "< 2 ms");
        Row($"delay through the relay, {sessions} sessions, most", $"{delays[^1]:0.00} ms", "");

        var (rate, same) = await MuchAsync(url, megabytes * 1_000_000L);
        Row($"{megabytes:N0} MB through one session", $"{rate:0} MB/s", "");
        Row("every bit the same (SHA-256)", same ? "yes" : "NO", "yes");
        Row("server after all that", $"{ResidentMemory.BytesOf(id) / 1e6:0} MB", "");
    }

    private static async Task<double[]> DelaysAsync(Uri url, int count)
    {
        var all = new List<double>(count * PerSecond * Seconds);
        var sessions = new List<(RelayClient Host, RelayClient Viewer)>();
        for (var i = 0; i < count; i++)
        {
            var room = new Room();
            var host = await OpenAsync(url, room);
            var viewer = new RelayClient(url, new RelayClientOptions(), new Room
            {
                Hear = payload =>
                {
                    var delay = Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(payload)).TotalMilliseconds;
                    lock (all)
                    {
                        all.Add(delay);
                    }
                },
            });
            await viewer.JoinAsync(MemberRole.Viewer, room.Id);
            await room.Met.Task;
            sessions.Add((host, viewer));
        }

        await SendEvenlyAsync(sessions, seconds: 3);
        lock (all)
        {
            all.Clear();
        }

        await SendEvenlyAsync(sessions, Seconds);
        await Task.Delay(500);
        foreach (var (host, viewer) in sessions)
        {
            await viewer.DisposeAsync();
            await host.DisposeAsync();
        }

        lock (all)
        {
            if (all.Count < count * PerSecond * Seconds)
            {
                throw new InvalidOperationException($"{all.Count} of {count * PerSecond * Seconds} messages arrived.");
            }

            all.Sort();
            return [.. all];
        }
    }

    /// <summary>Each session's messages evenly in time, the sessions one after the other. What is due is sent every millisecond; a message's
    /// clock starts when it is sent.</summary>
    private static async Task SendEvenlyAsync(List<(RelayClient Host, RelayClient Viewer)> sessions, int seconds)
    {
        var payload = new byte[PayloadSize];
        ushort[] to = [2];
        var start = Stopwatch.GetTimestamp();
        var total = sessions.Count * PerSecond * seconds;
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var n = 0; n < total; await ticks.WaitForNextTickAsync())
        {
            for (var due = Math.Min(total, Stopwatch.GetElapsedTime(start).TotalSeconds * total / seconds); n < due; n++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(payload, Stopwatch.GetTimestamp());
                if (!sessions[n % sessions.Count].Host.TrySend(to, payload))
                {
                    throw new InvalidOperationException("A window was exhausted: the relay does not keep up.");
                }
            }
        }
    }

    private static async Task<(double Rate, bool Same)> MuchAsync(Uri url, long total)
    {
        var room = new Room();
        await using var host = await OpenAsync(url, room);
        using var came = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var went = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var received = 0L;
        var done = new TaskCompletionSource();
        var there = new Room
        {
            Hear = payload =>
            {
                came.AppendData(payload);
                received += payload.Length;
                if (received >= total)
                {
                    done.TrySetResult();
                }
            },
        };
        await using var viewer = new RelayClient(url, new RelayClientOptions(), there);
        await viewer.JoinAsync(MemberRole.Viewer, room.Id);
        await room.Met.Task;
        var payload = new byte[RelayLimits.Payload];
        RandomNumberGenerator.Fill(payload);
        ushort[] to = [2];
        var start = Stopwatch.GetTimestamp();
        for (var sent = 0L; sent < total;)
        {
            var length = (int)Math.Min(payload.Length, total - sent);
            BinaryPrimitives.WriteInt64LittleEndian(payload, sent);
            while (!host.TrySend(to, payload.AsSpan(0, length)))
            {
                await await Task.WhenAny(room.Opened.WaitAsync().AsTask(), room.Lost.Task);
            }

            went.AppendData(payload, 0, length);
            sent += length;
        }

        await await Task.WhenAny(done.Task, room.Lost.Task, there.Lost.Task);
        var rate = total / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (rate, came.GetHashAndReset().AsSpan().SequenceEqual(went.GetHashAndReset()));
    }

    private static async Task<RelayClient> OpenAsync(Uri url, Room room)
    {
        var client = new RelayClient(url, new RelayClientOptions(), room);
        await client.OpenAsync(MemberRole.Host, withNumber: false);
        return client;
    }

    private static void Row(string what, string measured, string aim) => Console.WriteLine($"  {what,-44} {measured,14} {aim,12}");

    private sealed class Room : IRelaySink
    {
        public delegate void Hears(ReadOnlySpan<byte> payload);

        public string Id { get; private set; } = "";

        public Hears? Hear { get; init; }

        public TaskCompletionSource Met { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Doorbell Opened { get; } = new();

        /// <summary>Ends, in words, when the connection breaks: what was underway is lost, and nobody should wait for it.</summary>
        public TaskCompletionSource Lost { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        void IRelaySink.Opened(string room, ushort member, string? number, int seconds) => Id = room;

        void IRelaySink.Joined(string room, ushort member) => Id = room;

        void IRelaySink.Number(string number, int seconds)
        {
        }

        void IRelaySink.NumberExpired()
        {
        }

        void IRelaySink.Arrived(ushort member, MemberRole role) => Met.TrySetResult();

        void IRelaySink.Left(ushort member, bool gone)
        {
        }

        void IRelaySink.Payload(ushort from, ReadOnlySpan<byte> payload) => Hear?.Invoke(payload);

        void IRelaySink.WindowOpened(ushort member) => Opened.Ring();

        void IRelaySink.Broken() => Lost.TrySetException(new InvalidOperationException("The connection broke during the measurement."));

        void IRelaySink.Back()
        {
        }

        void IRelaySink.Ended(int code, string reason)
        {
        }
    }
}
