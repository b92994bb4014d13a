using Alongside.Server.Limits;

namespace Alongside.Server.Rooms;

/// <summary>Once a second: what has lapsed, lapses.</summary>
public sealed class Sweeper(RoomKeeper rooms, SourceLimits limits, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await ticks.WaitForNextTickAsync(stoppingToken))
            {
                rooms.Sweep();
                limits.Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }
}
