using System.Text;
using Alongside.Host.Native;

namespace Alongside.Host.Clipboard.Linux;

/// <summary>
/// Owns a selection and gives its text to whoever asks (ICCCM 2.6): at once, or in pieces when it is long. Askers that stop
/// fetching are forgotten.
/// </summary>
internal sealed unsafe class SelectionWriter(XDisplay display, nuint window, ClipboardAtoms atoms, ClipboardSelection selection)
{
    private const long PatienceMilliseconds = 10000;
    private const int MaxTransfers = 32;
    private const int MaxPairs = 64;

    /// <summary>What every server takes in one request, and a bit less.</summary>
    private const int PieceBytes = 240 * 1024;

    private readonly List<Transfer> transfers = [];
    private byte[]? claimed;
    private byte[]? text;
    private nuint since;

    /// <summary>Wants the selection; it is taken as soon as the server says what time it is.</summary>
    public void Claim(string wanted)
    {
        claimed = Encoding.UTF8.GetBytes(ClipboardText.Normalise(wanted));
        byte none = 0;
        _ = LibX11.XChangeProperty(display, window, atoms.Clock, LibX11.AtomString, 8, 2, &none, 0);
    }

    public bool TryTake(nuint time)
    {
        if (claimed is null)
        {
            return false;
        }

        (text, claimed, since) = (claimed, null, time);
        _ = LibX11.XSetSelectionOwner(display, atoms.Of(selection), window, time);
        if (LibX11.XGetSelectionOwner(display, atoms.Of(selection)) != window)
        {
            text = null;
        }

        return text is not null;
    }

    /// <summary>Somebody else owns it now.</summary>
    public void Lose() => text = null;

    public void Answer(in XEvent request, long now)
    {
        // An asker of long ago names no property and means the target's name.
        nuint property = request.RequestProperty == LibX11.None ? request.RequestTarget : request.RequestProperty;
        bool given = text is not null
            && (request.RequestTime == LibX11.CurrentTime || request.RequestTime >= since)
            && (request.RequestTarget == atoms.Multiple
                ? TryGiveSeveral(request.RequestRequestor, property, now)
                : TryGive(request.RequestRequestor, request.RequestTarget, property, now));
        var answer = new XEvent
        {
            Type = XEvent.SelectionNotify,
            Window = request.RequestRequestor,
            NotifySelection = request.RequestSelection,
            NotifyTarget = request.RequestTarget,
            NotifyProperty = given ? property : LibX11.None,
            NotifyTime = request.RequestTime,
        };
        _ = LibX11.XSendEvent(display, request.RequestRequestor, 0, 0, ref answer);
    }

    /// <summary>An asker took a piece: the next one follows, and an empty one after the last.</summary>
    public void Taken(nuint requestor, nuint property, long now)
    {
        int index = transfers.FindIndex(transfer => transfer.Requestor == requestor && transfer.Property == property);
        if (index < 0)
        {
            return;
        }

        var transfer = transfers[index];
        var piece = transfer.Data.AsSpan(transfer.Offset, Math.Min(PieceBytes, transfer.Data.Length - transfer.Offset));
        Put(requestor, property, transfer.Type, piece);
        transfers[index] = transfer with { Offset = transfer.Offset + piece.Length, Due = now + PatienceMilliseconds };
        if (piece.IsEmpty)
        {
            Forget(index);
        }
    }

    public int Turn(long now)
    {
        long due = long.MaxValue;
        for (int i = transfers.Count - 1; i >= 0; i--)
        {
            if (transfers[i].Due <= now)
            {
                Forget(i);
            }
            else
            {
                due = Math.Min(due, transfers[i].Due);
            }
        }

        return due == long.MaxValue ? -1 : (int)(due - now);
    }

    private bool TryGive(nuint requestor, nuint target, nuint property, long now)
    {
        if (target == atoms.Targets)
        {
            PutLongs(requestor, property, LibX11.AtomAtom,
                [atoms.Targets, atoms.Timestamp, atoms.Multiple, atoms.Utf8, atoms.PlainUtf8, atoms.Plain, atoms.Text, LibX11.AtomString]);
            return true;
        }

        if (target == atoms.Timestamp)
        {
            PutLongs(requestor, property, LibX11.AtomInteger, [since]);
            return true;
        }

        bool latin = target == LibX11.AtomString;
        if (!latin && target != atoms.Utf8 && target != atoms.PlainUtf8 && target != atoms.Plain && target != atoms.Text)
        {
            return false;
        }

        byte[] data = latin ? Encoding.Convert(Encoding.UTF8, Encoding.Latin1, text!) : text!;
        nuint type = target == atoms.Text ? atoms.Utf8 : target;
        if (data.Length <= PieceBytes)
        {
            Put(requestor, property, type, data);
            return true;
        }

        if (transfers.Count >= MaxTransfers || requestor == window)
        {
            return false;
        }

        _ = LibX11.XSelectInput(display, requestor, LibX11.PropertyChangeMask);
        transfers.Add(new(requestor, property, type, data, 0, now + PatienceMilliseconds));
        PutLongs(requestor, property, atoms.Incremental, [(nuint)data.Length]);
        return true;
    }

    private bool TryGiveSeveral(nuint requestor, nuint property, long now)
    {
        _ = LibX11.XGetWindowProperty(
            display, requestor, property, 0, MaxPairs * 2, 0, atoms.AtomPair, out nuint type, out int format, out nuint items, out _, out nint data);
        bool readable = type == atoms.AtomPair && format == 32 && items % 2 == 0;
        if (readable)
        {
            var pairs = new Span<nuint>((void*)data, (int)items);
            for (int i = 0; i < pairs.Length; i += 2)
            {
                if (pairs[i] == atoms.Multiple || pairs[i + 1] == LibX11.None || !TryGive(requestor, pairs[i], pairs[i + 1], now))
                {
                    pairs[i + 1] = LibX11.None;
                }
            }

            PutLongs(requestor, property, atoms.AtomPair, pairs);
        }

        if (data != 0)
        {
            _ = LibX11.XFree(data);
        }

        return readable;
    }

    private void Put(nuint requestor, nuint property, nuint type, ReadOnlySpan<byte> data)
    {
        byte none = 0;
        fixed (byte* start = data)
        {
            _ = LibX11.XChangeProperty(display, requestor, property, type, 8, 0, start is null ? &none : start, data.Length);
        }
    }

    private void PutLongs(nuint requestor, nuint property, nuint type, ReadOnlySpan<nuint> values)
    {
        fixed (nuint* start = values)
        {
            _ = LibX11.XChangeProperty(display, requestor, property, type, 32, 0, start, values.Length);
        }
    }

    private void Forget(int index)
    {
        nuint requestor = transfers[index].Requestor;
        transfers.RemoveAt(index);
        if (transfers.TrueForAll(transfer => transfer.Requestor != requestor))
        {
            _ = LibX11.XSelectInput(display, requestor, 0);
        }
    }

    private readonly record struct Transfer(nuint Requestor, nuint Property, nuint Type, byte[] Data, int Offset, long Due);
}
