using System.Diagnostics;
using Alongside.Core.Relay;
using Alongside.Net.Relay;

namespace Alongside.Net.Doctor;

/// <summary>What a session over the relay gets from here.</summary>
/// <param name="RoundTrip">Milliseconds to the server and back, the middle one of several.</param>
/// <param name="Rate">Bits a second to the server and back, when both go at once.</param>
public sealed record RelayMeasure(double RoundTrip, double Rate);

/// <summary>
/// A room of its own with both members here, so that each payload goes to the server and comes back: small ones one after another, then as many large ones as the
/// window lets through, for a second or 4 MB.
/// </summary>
internal sealed class RelayTrial : IRelaySink
{
    private const int Small = 64, Large = 16 * 1024, Trips = 9, MostBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Long = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim came = new(0), opened = new(0);
    private string room = "";
    private ushort[] self = [];
    private long bytes;

    /// <summary>Null: the room could not be made, or nothing came back.</summary>
    public static async Task<RelayMeasure?> RunAsync(Uri server, string? fingerprint, CancellationToken cancel)
    {
        var options = new RelayClientOptions { Fingerprint = fingerprint };
        RelayTrial sending = new(), hearing = new();
        await using var sender = new RelayClient(server, options, sending);
        await using var receiver = new RelayClient(server, options, hearing);
        try
        {
            await sender.OpenAsync(MemberRole.Host, withNumber: false).WaitAsync(Patience, cancel);
            await receiver.JoinAsync(MemberRole.Viewer, sending.room).WaitAsync(Patience, cancel);
            await sending.met.Task.WaitAsync(Patience, cancel);
            double roundTrip = await MeasureTripsAsync(sender, hearing, cancel);
            return new(roundTrip, await MeasureRateAsync(sender, sending, hearing, cancel));
        }
        catch (Exception silent) when (silent is RelayException or TimeoutException)
        {
            return null;
        }
        finally
        {
            sender.CloseRoom();
        }
    }

    void IRelaySink.Opened(string room, ushort member, string? number, int seconds) => this.room = room;

    void IRelaySink.Joined(string room, ushort member) => self = [member];

    void IRelaySink.Number(string number, int seconds)
    {
    }

    void IRelaySink.NumberExpired()
    {
    }

    void IRelaySink.Arrived(ushort member, MemberRole role) => met.TrySetResult();

    void IRelaySink.Left(ushort member, bool gone)
    {
    }

    void IRelaySink.Payload(ushort from, ReadOnlySpan<byte> payload)
    {
        Interlocked.Add(ref bytes, payload.Length);
        came.Release();
    }

    void IRelaySink.WindowOpened(ushort member) => opened.Release();

    void IRelaySink.Broken()
    {
    }

    void IRelaySink.Back()
    {
    }

    void IRelaySink.Ended(int code, string reason)
    {
    }

    private static async Task<double> MeasureTripsAsync(RelayClient sender, RelayTrial hearing, CancellationToken cancel)
    {
        double[] trips = new double[Trips];
        for (int i = 0; i < trips.Length; i++)
        {
            long began = Stopwatch.GetTimestamp();
            sender.TrySend(hearing.self, new byte[Small]);
            await TakeAsync(hearing.came, cancel);
            trips[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        Array.Sort(trips);
        return trips[Trips / 2];
    }

    private static async Task<double> MeasureRateAsync(RelayClient sender, RelayTrial sending, RelayTrial hearing, CancellationToken cancel)
    {
        byte[] payload = new byte[Large];
        long before = Interlocked.Read(ref hearing.bytes), began = Stopwatch.GetTimestamp(), sent = 0;
        while (sent < MostBytes && Stopwatch.GetElapsedTime(began) < Long)
        {
            if (sender.TrySend(hearing.self, payload))
            {
                sent += Large;
            }
            else
            {
                await TakeAsync(sending.opened, cancel);
            }
        }

        for (long left = sent / Large; left > 0; left--)
        {
            await TakeAsync(hearing.came, cancel);
        }

        return (Interlocked.Read(ref hearing.bytes) - before) * 8 / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task TakeAsync(SemaphoreSlim what, CancellationToken cancel)
    {
        if (!await what.WaitAsync(Patience, cancel))
        {
            throw new TimeoutException();
        }
    }
}
