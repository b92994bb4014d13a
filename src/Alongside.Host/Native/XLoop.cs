using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>What lives on one X connection. All calls come from the loop's thread, but for the first <see cref="Connected"/>.</summary>
internal interface IXClient
{
    /// <summary>The connection is up, for the first time or again: select events, make windows.</summary>
    /// <exception cref="DisplayException">This server can't do what is needed.</exception>
    void Connected(XDisplay display);

    void Handle(ref XEvent received);

    /// <summary>After every batch of events and every wake: do what is waiting.</summary>
    /// <returns>Milliseconds until it wants to be called again; -1 for not before something happens.</returns>
    int Turn();

    /// <summary>The server went away. The loop tries again each second.</summary>
    void Lost(string reason);

    /// <summary>Before the connection is closed, alive or dead: give back what hangs on it.</summary>
    void Disconnecting(XDisplay display);
}

/// <summary>
/// A thread that sleeps in poll() until the X server or <see cref="Wake"/> says something: no timers, no polling.
/// Opens the display again when the server went away.
/// </summary>
internal sealed unsafe class XLoop : IDisposable
{
    private const int RetryMilliseconds = 1000;

    private readonly string? name;
    private readonly IXClient client;
    private readonly Thread thread;
    private readonly int wake;
    private readonly Lock gate = new();
    private XDisplay? display;
    private volatile bool stopping;
    private bool started;
    private long wakeups;

    /// <summary>Opens the display and calls <see cref="IXClient.Connected"/> on the caller's thread.</summary>
    /// <exception cref="DisplayException">There is no such display, or it lacks what the client needs.</exception>
    public XLoop(string threadName, string? displayName, IXClient client)
    {
        name = displayName;
        this.client = client;
        display = XDisplay.TryOpen(displayName)
            ?? throw new DisplayException($"The display {displayName ?? Environment.GetEnvironmentVariable("DISPLAY") ?? "(none)"} can't be opened.");
        wake = LibC.EventFd(0, 0x80000 | 0x800);
        if (wake < 0)
        {
            display.Dispose();
            throw new DisplayException("The system gives no event descriptor: too many files are open.");
        }

        try
        {
            client.Connected(display);
        }
        catch (DisplayException)
        {
            client.Disconnecting(display);
            display.Dispose();
            _ = LibC.Close(wake);
            throw;
        }

        thread = new Thread(Run) { IsBackground = true, Name = threadName };
    }

    /// <summary>How often the thread left poll(): an idle one stays where it is.</summary>
    public long Wakeups => Interlocked.Read(ref wakeups);

    public void Start()
    {
        started = true;
        thread.Start();
    }

    /// <summary>Makes the loop take a turn soon. From any thread; allocates nothing.</summary>
    public void Wake()
    {
        ulong one = 1;
        _ = LibC.Write(wake, &one, 8);
    }

    /// <summary>
    /// Lends the connection to the caller's thread, if there is one; the loop can't close it meanwhile. Answers that the caller
    /// waits for bring events along, so the loop is woken when there are any.
    /// </summary>
    public bool TryUse<T>(T argument, Func<XDisplay, T, bool> use)
        where T : allows ref struct
    {
        lock (gate)
        {
            if (display is null || display.IsDead)
            {
                return false;
            }

            bool result = use(display, argument);
            if (display.IsDead || LibX11.XEventsQueued(display, 0) > 0)
            {
                Wake();
            }

            return result && !display.IsDead;
        }
    }

    public void Dispose()
    {
        if (stopping)
        {
            return;
        }

        stopping = true;
        if (started)
        {
            Wake();
            thread.Join();
        }

        Close();
        _ = LibC.Close(wake);
    }

    private void Run()
    {
        while (!stopping)
        {
            if (display is null && !TryReopen())
            {
                Wait(-1, RetryMilliseconds);
                continue;
            }

            while (!stopping && !display!.IsDead && LibX11.XPending(display) > 0)
            {
                _ = LibX11.XNextEvent(display, out var received);
                client.Handle(ref received);
            }

            int milliseconds = client.Turn();
            if (!display!.IsDead)
            {
                _ = LibX11.XFlush(display);
            }

            if (display.IsDead)
            {
                Close();
                client.Lost("The display went away.");
            }
            else if (!stopping && LibX11.XEventsQueued(display, 0) == 0 && Wait(display.Fd, milliseconds) && LibX11.XPending(display) == 0)
            {
                // The socket is closed and there is nothing left in it.
                display.MarkDead();
            }
        }
    }

    /// <summary>Sleeps; true when the connection hung up.</summary>
    private bool Wait(int fd, int milliseconds)
    {
        var fds = stackalloc LibC.PollFd[2];
        fds[0] = new() { Fd = wake, Events = LibC.PollIn };
        fds[1] = new() { Fd = fd, Events = LibC.PollIn };
        _ = LibC.Poll(fds, 2, milliseconds);
        Interlocked.Increment(ref wakeups);
        if ((fds[0].Returned & LibC.PollIn) != 0)
        {
            ulong count;
            _ = LibC.Read(wake, &count, 8);
        }

        lock (gate)
        {
            // What woke us may be the answer to whoever was lent the connection: theirs to read, and until they have, poll() would return at once, over and over.
        }

        return (fds[1].Returned & (LibC.PollHangUp | LibC.PollError)) != 0;
    }

    private bool TryReopen()
    {
        var opened = XDisplay.TryOpen(name);
        if (opened is null)
        {
            return false;
        }

        lock (gate)
        {
            display = opened;
        }

        try
        {
            client.Connected(opened);
            return true;
        }
        catch (DisplayException e)
        {
            Close();
            client.Lost(e.Message);
            return false;
        }
    }

    private void Close()
    {
        lock (gate)
        {
            if (display is not null)
            {
                client.Disconnecting(display);
                display.Dispose();
                display = null;
            }
        }
    }
}
