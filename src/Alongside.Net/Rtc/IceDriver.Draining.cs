using Alongside.Rtc.Ice;
using Alongside.Rtc.Wire;

namespace Alongside.Net.Rtc;

/// <summary>Under the lock: what the machines want done, until they want nothing more.</summary>
public sealed partial class IceDriver
{
    /// <summary>Under the lock: everything the machines want done is done. Callbacks that come back in here are served by the round that is under way.</summary>
    private void Drain()
    {
        if (isDraining || hasFailed)
        {
            return;
        }

        isDraining = true;
        try
        {
            long now;
            do
            {
                now = Now;
                DrainTransport();
                above.Tell(now);
            }
            while (PollAbove(now));

            DrainTransport();
            Arm();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Fail();
        }
        finally
        {
            isDraining = false;
        }
    }

    /// <summary>The timer rings when the next of them is due.</summary>
    private void Arm()
    {
        long due = Math.Min(transport.NextTimeout, transport.Agent.HasPath ? above.NextTimeout : long.MaxValue);
        if (due != timerAt)
        {
            timerAt = due;

            // A timer drops what is less than a millisecond, and would fire again and again until the time has come.
            timer.Change(due == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Ceiling(Math.Clamp(due - Now, 0, 60_000_000) / 1000.0)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Under the lock. Nobody knows what was done and what was not: whoever uses this goes another way.</summary>
    private void Fail()
    {
        if (hasFailed)
        {
            return;
        }

        hasFailed = true;
        _ = stopping.CancelAsync();
        try
        {
            happened(new IceEvent.StateChanged(IceState.Failed));
        }
        catch (Exception again) when (again is not OutOfMemoryException)
        {
            // It was the telling that failed.
        }
    }

    /// <summary>Without a path nothing is asked for: what left now would be lost.</summary>
    private bool PollAbove(long now)
    {
        int polled = 0;
        while (transport.Agent.HasPath && above.Poll(now, datagram) is > 0 and var length)
        {
            transport.Send(now, datagram.AsSpan(0, length));
            if (++polled % Together == 0)
            {
                DrainTransport();
            }
        }

        return polled > 0;
    }

    private void DrainTransport()
    {
        while (transport.TryPollRun(Together, out int socket, out var to, out var packets, out int each))
        {
            if (legs.TryGetValue(socket, out var leg) && !leg.TrySend(to, packets, each))
            {
                transport.Unreachable(Now, socket, to);
            }
        }

        while (transport.TryTakeData(out var data))
        {
            above.Handle(Now, data);
        }

        while (transport.TryPollEvent(out var e))
        {
            switch (e)
            {
                case IceEvent.Connect connect:
                    Run(() => ConnectAsync(connect.Server));
                    break;
                case IceEvent.Resolve resolve:
                    Run(() => ResolveAsync(resolve.HostName));
                    break;
                default:
                    happened(e);
                    break;
            }
        }
    }
}
