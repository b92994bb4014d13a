using System.Buffers;
using System.Text;
using Alongside.Host.Native;

namespace Alongside.Host.Clipboard.Linux;

/// <summary>
/// Asks the owner of one selection for its text: as UTF-8, else as Latin-1; whole or in pieces (ICCCM 2.7.2, INCR). What is too
/// big is not read: its pieces are deleted unread for a while, so that an owner that serves one asker at a time is not left
/// waiting. An owner that never answers is given up.
/// </summary>
internal sealed unsafe class SelectionReader(
    XDisplay display, nuint window, ClipboardAtoms atoms, ClipboardSelection selection, Action<ClipboardSelection, string> copied, Action<long> tooBig)
{
    private const long PatienceMilliseconds = 5000;
    private const long DrainMilliseconds = 10000;

    /// <summary>A person marking text changes PRIMARY many times in a row: only the last counts.</summary>
    private const long PrimarySettleMilliseconds = 150;

    private readonly nuint[] targets = [atoms.Utf8, atoms.PlainUtf8, LibX11.AtomString];
    private readonly nuint[] properties = [.. Enumerable.Range(0, 4).Select(n => display.Atom($"ALONGSIDE_{selection}_{n}"))];
    private readonly ArrayBufferWriter<byte> pieces = new();
    private State state;
    private int target;
    private int generation;
    private nuint time;
    private long due;

    private enum State
    {
        Idle = 0,
        Settling,
        Asked,
        Receiving,
        Draining,
    }

    /// <summary>A new property for each question keeps late answers apart.</summary>
    private nuint Property => properties[generation & 3];

    /// <summary>Somebody else owns the selection now.</summary>
    public void Begin(nuint ownedSince, long now)
    {
        Stop();
        time = ownedSince;
        target = 0;
        state = State.Settling;
        due = now + (selection == ClipboardSelection.Primary ? PrimarySettleMilliseconds : 0);
    }

    public void Stop()
    {
        state = State.Idle;
        pieces.ResetWrittenCount();
        generation++;
    }

    /// <summary>Milliseconds until something is due; -1 for nothing.</summary>
    public int Turn(long now)
    {
        if (state == State.Idle)
        {
            return -1;
        }

        if (now >= due)
        {
            if (state != State.Settling)
            {
                Stop();
                return -1;
            }

            Ask(now);
        }

        return (int)Math.Max(1, due - now);
    }

    /// <summary>The owner answered, or refused.</summary>
    public void Answered(nuint property, long now)
    {
        if (state != State.Asked || (property != LibX11.None && property != Property))
        {
            return;
        }

        if (property == LibX11.None)
        {
            if (++target < targets.Length)
            {
                Ask(now);
            }
            else
            {
                Stop();
            }

            return;
        }

        long size = Measure(out nuint type);
        if (type == atoms.Incremental)
        {
            long announced = ReadAnnouncement();
            state = State.Receiving;
            due = now + PatienceMilliseconds;
            if (announced > ClipboardText.MaxBytes)
            {
                Refuse(announced, now);
            }

            _ = LibX11.XDeleteProperty(display, window, Property);
        }
        else if (size > ClipboardText.MaxBytes)
        {
            _ = LibX11.XDeleteProperty(display, window, Property);
            Stop();
            tooBig(size);
        }
        else
        {
            Take(size);
            Finish();
        }
    }

    /// <summary>The next piece has come.</summary>
    public void Arrived(nuint property, long now)
    {
        if (property != Property || state is not (State.Receiving or State.Draining))
        {
            return;
        }

        long size = Measure(out nuint type);
        if (type == LibX11.None)
        {
            return;
        }

        if (state == State.Receiving && size > 0)
        {
            due = now + PatienceMilliseconds;
            if (pieces.WrittenCount + size <= ClipboardText.MaxBytes)
            {
                Take(size);
                return;
            }

            Refuse(0, now);
        }

        _ = LibX11.XDeleteProperty(display, window, Property);
        if (size == 0)
        {
            if (state == State.Receiving)
            {
                Finish();
            }
            else
            {
                Stop();
            }
        }
    }

    private void Ask(long now)
    {
        generation++;
        state = State.Asked;
        due = now + PatienceMilliseconds;
        _ = LibX11.XDeleteProperty(display, window, Property);
        _ = LibX11.XConvertSelection(display, atoms.Of(selection), targets[target], Property, window, time);
    }

    private void Refuse(long size, long now)
    {
        state = State.Draining;
        due = now + DrainMilliseconds;
        pieces.Clear();
        tooBig(size);
    }

    /// <summary>The size of what lies in the property, without reading it.</summary>
    private long Measure(out nuint type)
    {
        _ = LibX11.XGetWindowProperty(display, window, Property, 0, 0, 0, 0, out type, out _, out _, out nuint after, out nint data);
        Free(data);
        return (long)after;
    }

    private long ReadAnnouncement()
    {
        _ = LibX11.XGetWindowProperty(display, window, Property, 0, 1, 0, 0, out _, out int format, out nuint items, out _, out nint data);
        long size = format == 32 && items > 0 ? *(uint*)data : 0;
        Free(data);
        return size;
    }

    private void Take(long size)
    {
        _ = LibX11.XGetWindowProperty(
            display, window, Property, 0, (nint)((size + 3) / 4), 1, 0, out _, out int format, out nuint items, out _, out nint data);
        if (format == 8)
        {
            pieces.Write(new ReadOnlySpan<byte>((void*)data, (int)items));
        }

        Free(data);
    }

    private void Finish()
    {
        var encoding = targets[target] == LibX11.AtomString ? Encoding.Latin1 : Encoding.UTF8;
        string text = ClipboardText.Normalise(encoding.GetString(pieces.WrittenSpan));
        if (pieces.Capacity > 64 * 1024)
        {
            pieces.Clear();
        }

        Stop();
        if (!ClipboardText.Fits(text))
        {
            tooBig(Encoding.UTF8.GetByteCount(text));
        }
        else if (text.Length > 0)
        {
            copied(selection, text);
        }
    }

    private static void Free(nint data)
    {
        if (data != 0)
        {
            _ = LibX11.XFree(data);
        }
    }
}
