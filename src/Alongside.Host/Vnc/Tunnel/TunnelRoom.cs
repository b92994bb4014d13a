using Alongside.Core.Input;
using Alongside.Core.Pixels;
using Alongside.Core.Relay;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Host.Loop;
using Alongside.Net;
using Alongside.Net.Direct;
using Alongside.Net.Relay;
using Alongside.Net.Vnc;

namespace Alongside.Host.Vnc.Tunnel;

/// <summary>
/// The room, seen as its viewer, and the VNC viewers here that it is shown to. One thread; what comes from others goes through the inbox.
/// <code>
/// relay ─> ViewerSession ─> picture, pointer, clipboard ─> each TunnelViewer
///                        &lt;─ input, clipboard            &lt;─
/// </code>
/// </summary>
internal sealed partial class TunnelRoom : IRelaySink, IPath, IDirectSink
{
    private static readonly (ExitCode, string) RoomEnded = (ExitCode.Done, "The room has ended.");

    private readonly TunnelChoice choice;
    private readonly Inbox inbox;
    private readonly TaskCompletionSource<(ExitCode Code, string Why)> over;
    private readonly TaskCompletionSource<string> letIn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ViewerSession session;
    private readonly DirectWays? ways;
    private readonly List<TunnelViewer> viewers = [];
    private CursorImage cursor = CursorImage.Hidden;
    private DesktopLayout? layout;
    private bool asked;
    private bool isStopping;
    private bool isRoomLost;
    private int lastNumber;
    private long version = 1;

    public TunnelRoom(TunnelChoice choice, Inbox inbox, TaskCompletionSource<(ExitCode Code, string Why)> over)
    {
        this.choice = choice;
        this.inbox = inbox;
        this.over = over;
        ways = choice.Direct && DirectWays.ArePossible ? new(new() { Server = choice.Server, StunPort = () => Client?.StunPort }, TimeProvider.System, this) : null;
        session = new(choice.Join.Credential, this, SystemRandomSource.Instance, direct: ways);
    }

    /// <summary>The desktop's name, once the person there has said yes.</summary>
    public Task<string> LetIn => letIn.Task;

    public RelayClient? Client { get; set; }

    public Grant Grant => session.Grant;

    /// <summary>Runs until <see cref="StopAsync"/>.</summary>
    public void Run()
    {
        try
        {
            TakeTurns();
        }
        catch (Exception error)
        {
            over.TrySetResult((ExitCode.Failed, $"alongside-host: something went wrong in here, and it ends: {error}"));
        }
        finally
        {
            inbox.Close();
            stopped.TrySetResult();
        }
    }

    /// <summary>Everybody is told: the room that we leave, the viewers that it is over.</summary>
    public async Task StopAsync()
    {
        inbox.Post(now =>
        {
            foreach (var viewer in viewers.ToArray())
            {
                viewer.End(now, "The tunnel was closed.");
            }

            session.Leave(now);
            isStopping = true;
        });
        await stopped.Task;
        if (ways is not null)
        {
            await ways.DisposeAsync();
        }
    }

    /// <summary>A VNC viewer has come; on a thread of the pool.</summary>
    public void Arrived(VncConnection connection, string address)
    {
        var viewer = new TunnelViewer(this, connection);
        connection.Happened += viewer.Handle;
    }

    /// <summary>It has shown the password. The person has let this tunnel in, and what it shows is theirs to see.</summary>
    public void Enter(long now, TunnelViewer viewer)
    {
        viewer.Number = ++lastNumber;
        viewers.Add(viewer);
        viewer.TakesClipboard = session.Grant.Clipboard;
        viewer.Show(now, layout, cursor);
    }

    /// <summary>In a turn of its own: it may be said in the middle of telling all of them something.</summary>
    public void Leave(TunnelViewer viewer) => inbox.Post(now =>
    {
        if (viewers.Remove(viewer))
        {
            sizes.Forget(viewer.Number, out _);

            // What it held goes up. Another that holds something presses it again.
            Use(now, InputMessage.Release());
        }
    });

    public void Use(long now, InputMessage input)
    {
        if (session.IsLive && session.Grant.Control)
        {
            session.Send(now, input);
        }
    }

    public void Copied(long now, string text)
    {
        if (session.IsLive && session.Grant.Clipboard)
        {
            session.TryCopy(now, new(0, text));
        }
    }

    int IPath.Window(ushort member) => Client?.Window(member) ?? 0;

    bool IPath.TrySend(ReadOnlySpan<ushort> to, ReadOnlySpan<byte> payload) => Client?.TrySend(to, payload) ?? false;

    void IDirectSink.Say(ushort member, int way, ControlMessage signal) => inbox.Post(now => session.Signal(now, way, signal));

    void IDirectSink.Opened(ushort member, int way) => inbox.Post(now => session.WayOpened(now, way));

    bool IDirectSink.Received(ushort member, int way, ReadOnlySpan<byte> message) => inbox.TryPostDirect(member, way, message);

    void IDirectSink.Failed(ushort member, int way, string why) => inbox.Post(now => session.WayFailed(now, way, why));

    void IDirectSink.Wrong(ushort member, int way, string reason) => inbox.Post(now => session.WayWrong(now, way, reason));

    void IRelaySink.Opened(string id, ushort member, string? number, int seconds)
    {
    }

    void IRelaySink.Joined(string id, ushort member)
    {
    }

    void IRelaySink.Number(string number, int seconds)
    {
    }

    void IRelaySink.NumberExpired()
    {
    }

    void IRelaySink.Arrived(ushort member, MemberRole role)
    {
        if (role == MemberRole.Host)
        {
            inbox.Post(now => session.HostArrived(now, member));
        }
    }

    void IRelaySink.Left(ushort member, bool gone) => inbox.Post(now => session.Left(now, member));

    void IRelaySink.Payload(ushort from, ReadOnlySpan<byte> payload) => inbox.PostPayload(from, payload);

    void IRelaySink.WindowOpened(ushort member) => inbox.Post(_ => session.WindowOpened());

    void IRelaySink.Broken() => inbox.Post(session.HostLeft);

    void IRelaySink.Back()
    {
    }

    /// <summary>With a direct way alone it goes on until that dies, unless somebody has ended it.</summary>
    void IRelaySink.Ended(int code, string reason) => inbox.Post(now =>
    {
        session.HostLeft(now);
        isRoomLost = session.HoldsWithoutRelay && code is not ((int)RelayClose.Ended or (int)RelayClose.Removed or (int)RelayClose.Replaced);
        if (!isRoomLost)
        {
            over.TrySetResult(RoomEnded);
        }
    });

    private void TakeTurns()
    {
        long? deadline = null;
        while (!isStopping)
        {
            inbox.Wait(deadline is { } due ? due - MonotonicClock.Now : null);
            long now = MonotonicClock.Now;
            while (inbox.TryTake(out var item))
            {
                if (item.Act is { } act)
                {
                    act(now);
                }
                else
                {
                    Handle(now, item);
                }

                Drain(now);
            }

            session.Tick(now);
            TickSizes(now);
            Drain(now);
            deadline = sizes.NextDeadline is { } sizeDue && !(session.NextDeadline < sizeDue) ? sizeDue : session.NextDeadline;
            foreach (var viewer in viewers.ToArray())
            {
                viewer.Pump(now, session.Picture, version);
                deadline = viewer.NextDeadline is { } its && (deadline is null || its < deadline) ? its : deadline;
            }
        }
    }

    private void Handle(long now, Inbox.Item item)
    {
        var bytes = item.Buffer.AsSpan(0, item.Length);
        if (item.Way == 0)
        {
            session.Handle(now, item.Member, bytes);
        }
        else
        {
            session.HandleDirect(now, item.Way, bytes);
        }

        Inbox.Return(item);
    }

    private void Drain(long now)
    {
        while (session.TryPollEvent(out var e))
        {
            switch (e.Kind)
            {
                case ViewerEventKind.Secured when !asked:
                    asked = true;
                    session.Ask(now, choice.Name, choice.Asks);
                    break;
                case ViewerEventKind.Secured when !session.Grant.View:
                    session.Ask(now, choice.Name, choice.Asks);
                    break;
                case ViewerEventKind.WaySignal:
                    ways!.Hear(0, e.Way, e.Control!);
                    break;
                case ViewerEventKind.WayEnded:
                    ways!.End(e.Way);
                    break;
                case ViewerEventKind.Said:
                    Heard(now, e.Control!);
                    break;
                case ViewerEventKind.Updated:
                    Updated(now, e.Update.Bounds);
                    break;
                case ViewerEventKind.Cursor when e.Cursor is CursorMessage.Shape shape:
                    cursor = shape.Image;
                    viewers.ForEach(viewer => viewer.CursorChanged(cursor));
                    break;
                case ViewerEventKind.Cursor when e.Cursor is CursorMessage.Position at:
                    viewers.ForEach(viewer => viewer.PointerMoved(at.X, at.Y));
                    break;
                case ViewerEventKind.Clipboard when e.Clipboard.Selection == 0:
                    viewers.ForEach(viewer => viewer.Copied(now, e.Clipboard.Text));
                    break;
                case ViewerEventKind.Broken:
                    LoseSizes();
                    if (isRoomLost)
                    {
                        over.TrySetResult(RoomEnded);
                    }

                    break;
                case ViewerEventKind.Ended:
                    over.TrySetResult(Ending(e.Text ?? ""));
                    break;
            }
        }
    }

    private void Heard(long now, ControlMessage said)
    {
        if (said is ControlMessage.Granted granted)
        {
            viewers.ForEach(viewer => viewer.TakesClipboard = granted.Clipboard);
        }

        switch (said)
        {
            case ControlMessage.Granted { View: false } when asked:
                over.TrySetResult((ExitCode.Done, letIn.Task.IsCompleted ? "The person at the desktop stopped it." : "The person at the desktop said no."));
                break;
            case ControlMessage.Desktop desktop:
                letIn.TrySetResult(desktop.Name);
                break;
            case ControlMessage.Granted { Control: false }:
                RefuseSizes();
                break;
            case ControlMessage.Sized sized when SizeWords.TryRead(sized.Answer, out var answer):
                Sized(sized.Wish ?? 0, answer);
                break;
            case ControlMessage.Lost:
                layout = null;
                viewers.ForEach(viewer => viewer.Show(now, null, cursor));
                break;
        }
    }

    private void Updated(long now, PixelRect area)
    {
        var picture = session.Picture!;
        version++;
        if (layout is null || layout.Width != picture.Width || layout.Height != picture.Height)
        {
            layout = new(picture.Width, picture.Height, Monitors(picture));
            viewers.ForEach(viewer => viewer.Show(now, layout, cursor));
            SizeShown();
        }

        viewers.ForEach(viewer => viewer.Damaged(area));
    }

    private IReadOnlyList<DesktopMonitor> Monitors(Frame picture) =>
        session.Desktop is { Shows: 0 } desktop && desktop.Width == picture.Width && desktop.Height == picture.Height
            ? [.. desktop.Monitors.Select(m => new DesktopMonitor(m.Id, m.Name, new(m.X, m.Y, m.Width, m.Height), m.Primary))]
            : [];

    private static (ExitCode, string) Ending(string why) => why switch
    {
        ByeReason.Stopped => (ExitCode.Done, "The person at the desktop stopped it."),
        ByeReason.Refused => (ExitCode.Done, "The person at the desktop said no."),
        ByeReason.Closed => (ExitCode.Done, "The host was closed."),
        ByeReason.TooSlow => (ExitCode.Failed, "The connection was too slow for the host."),
        _ when why.Contains("refused the handshake", StringComparison.Ordinal) => (ExitCode.WrongCode, "The code did not match, or is used up. Ask for a new one."),
        _ => (ExitCode.Failed, why),
    };
}
