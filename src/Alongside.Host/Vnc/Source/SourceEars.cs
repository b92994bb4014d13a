using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Capture;
using Alongside.Host.Clipboard;
using Alongside.Host.Inject;
using Alongside.Net.Vnc;
using Alongside.Vnc.Client;

namespace Alongside.Host.Vnc.Source;

/// <summary>
/// Hears the VNC server for capture and clipboard; before those listen it remembers what is state. A new size is told with its first pixels, so that nobody is shown
/// the black of a picture that has not come yet.
/// </summary>
/// <param name="ours">Places of the pointer that are not worth telling.</param>
internal sealed class SourceEars(SourceChoice choice, InjectedPositions ours) : IVncSourceSink
{
    private readonly Lock gate = new();
    private readonly SizesAsked sizes = new();
    private ICaptureSink? capture;
    private Action<string>? copied;
    private Action<long>? tooBig;
    private CursorImage? cursor;
    private string? lost;
    private bool layoutChanged;
    private bool isFresh;
    private bool isUntaken;
    private int? owesDone;

    /// <summary>As told last; 1 x 1 while there is none.</summary>
    public DesktopLayout Layout { get; private set; } = new(1, 1, []);

    public DesktopSource Source { get; private set; } = new(choice.Name ?? choice.Server.ToString(), "VNC", false);

    public void Start(ICaptureSink sink)
    {
        lock (gate)
        {
            capture = sink;
            sink.SourceChanged(Source);
            if (cursor is not null)
            {
                sink.CursorChanged(cursor);
            }

            if (lost is not null)
            {
                sink.Lost(lost);
            }
            else if (Layout.Monitors.Count > 0)
            {
                sink.LayoutChanged(Layout);
                sink.Damaged(new(0, 0, Layout.Width, Layout.Height));
            }
        }
    }

    public void Start(Action<ClipboardSelection, string> onCopied, Action<long> onTooBig)
    {
        lock (gate)
        {
            copied = text => onCopied(ClipboardSelection.Clipboard, ClipboardText.Normalise(text));
            tooBig = onTooBig;
        }
    }

    /// <summary>Asks for a size, if the server can be asked; with the client locked.</summary>
    public bool TryAsk(RfbClient client, SizeWish wish)
    {
        if (!sizes.HasRoom || !client.TryAskForSize(wish.Width, wish.Height))
        {
            return false;
        }

        sizes.Add(wish);
        return true;
    }

    /// <summary>All that was damaged has been grabbed; with the client locked.</summary>
    public void HasTaken() => isUntaken = false;

    public void Happened(RfbClient client, in RfbClientEvent e)
    {
        lock (gate)
        {
            Hear(client, e);
        }
    }

    public void Handled(RfbClient client)
    {
        // What changed nothing that anybody has to take is taken already: the server is asked for the next.
        if (!isUntaken)
        {
            client.Taken();
        }
    }

    public void Lost(string reason)
    {
        lock (gate)
        {
            lost = reason;
            Layout = new(1, 1, []);
            isFresh = isUntaken = false;
            owesDone = null;
            sizes.Clear();
            capture?.Lost(reason);
        }
    }

    private void Hear(RfbClient client, in RfbClientEvent e)
    {
        switch (e.Kind)
        {
            case RfbClientEventKind.Ready:
                layoutChanged = isFresh = true;
                Named(client);
                break;
            case RfbClientEventKind.Resized:
                layoutChanged = true;
                isFresh |= client.Picture!.Width != Layout.Width || client.Picture.Height != Layout.Height;
                if (!isFresh)
                {
                    TellLayout(client);
                }

                break;
            case RfbClientEventKind.SizeAnswered when sizes.TryAnswer(e.Answer, client.Picture!.Width, client.Picture.Height, out int number):
                if (e.Answer == SizeAnswer.Done && layoutChanged)
                {
                    owesDone = number;
                }
                else
                {
                    capture?.SizeAnswered(number, e.Answer);
                }

                break;
            case RfbClientEventKind.Renamed:
                Named(client);
                break;
            case RfbClientEventKind.Moved when !layoutChanged:
                capture?.Moved(e.Motion);
                break;
            case RfbClientEventKind.Damaged:
                isUntaken = true;
                if (layoutChanged)
                {
                    isFresh = false;
                    TellLayout(client);
                    capture?.Damaged(client.Picture!.Bounds);
                }

                capture?.Damaged(e.Area);
                break;
            case RfbClientEventKind.Cursor:
                cursor = e.Cursor;
                capture?.CursorChanged(e.Cursor!);
                break;
            case RfbClientEventKind.PointerMoved when !ours.Contains(e.Area.X, e.Area.Y):
                capture?.CursorMoved(e.Area.X, e.Area.Y);
                break;
            case RfbClientEventKind.Clipboard:
                copied?.Invoke(e.Text!);
                break;
            case RfbClientEventKind.ClipboardTooBig:
                tooBig?.Invoke(e.Size);
                break;
        }
    }

    private void Named(RfbClient client)
    {
        string name = Label.Of(choice.Name ?? client.Name);
        Source = new(name.Length > 0 ? name : choice.Server.ToString(), "VNC", client.IsEncrypted);
        capture?.SourceChanged(Source);
    }

    private void TellLayout(RfbClient client)
    {
        layoutChanged = false;
        lost = null;
        var picture = client.Picture!;
        Layout = new(
            picture.Width,
            picture.Height,
            [.. client.Screens.Take(ControlJson.MaxMonitors).Select((screen, i) => new DesktopMonitor(i + 1, client.Screens.Count == 1 ? Source.Name : $"{i + 1}", screen.Area, i == 0))]);
        capture?.LayoutChanged(Layout);
        if (owesDone is { } number)
        {
            owesDone = null;
            capture?.SizeAnswered(number, SizeAnswer.Done);
        }
    }
}
