using System.Buffers.Binary;
using Alongside.Core.Codec;
using Alongside.Core.Codec.Kernels;
using Alongside.Core.Codec.Motions;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Encodings;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Server;

/// <summary>
/// What the viewer shows and what it is owed. Its picture is kept here, pixel by pixel as it was sent, so that only what differs is sent, and
/// what can be copied within it is. Damage is state: what was not sent is skipped, the newest pixels win.
/// <code>
/// unknown (asked for anew) ─┐
/// pending (perhaps changed) ┼─> Update: size, pointer | copies | pixels ─> output
/// lossy (JPEG so far)      ─┘
/// </code>
/// </summary>
public sealed partial class ServerSession
{
    /// <summary>Pixels that were sent as JPEG are sent exactly after this long without more of them, in microseconds.</summary>
    private const long RefreshTime = 300_000;

    /// <summary>Of the squares that are made exact, a side; not more pixels than Tight takes at once.</summary>
    private const int RefreshSide = 256;

    /// <summary>Pixels made exact at once; more would be in the way of what changes next.</summary>
    private const int RefreshArea = 256 * 1024;

    /// <summary>Whole pictures asked for anew: so many at once, then one each <see cref="WholeTime"/> microseconds.</summary>
    private const int WholeBurst = 4;
    private const long WholeTime = 250_000;

    /// <summary>Continuous updates go on while this little waits at the socket, in bytes.</summary>
    private const int SocketRoom = 64 * 1024;

    private readonly EncoderSet encoders = new();
    private readonly FrameDifference difference = new();
    private readonly RectList rects = new();
    private readonly DamageRegion pending = new();
    private readonly DamageRegion compared = new();
    private readonly UnknownRegion unknown = new();
    private DesktopLayout? layout;
    private Frame? picture;
    private ExactnessMap? exactness;
    private PixelRect? wanted;
    private PixelRect? continuous;
    private CursorImage cursor = CursorImage.Hidden;
    private (int X, int Y) pointer;
    private bool owesSize;
    private SizeAnswer? owesAnswer;
    private (int Width, int Height)? wantedSize;
    private bool owesCursor;
    private bool owesPointer;
    private bool owesAcks;
    private bool formatChanged;
    private long lossyAt;
    private long wholeAt;
    private long updatedAt;

    /// <summary>The version of the desktop that the viewer's picture equals, pixel by pixel; 0: none.</summary>
    private long pictureIs;

    /// <summary>Bytes of updates written so far, and updates.</summary>
    public (long Bytes, long Updates) Sent { get; private set; }

    /// <summary>Whether new pixels could be sent now; without damage there may be none.</summary>
    public bool IsReady => phase == ServerPhase.Normal && picture is not null && layout is not null
        && (continuous is not null ? unsent < SocketRoom && (!wishes.Fence || pacing.IsOpen) : wanted is not null && unsent == 0);

    private PixelRect Area => continuous is { } always ? wanted is { } once ? always.Union(once) : always : wanted ?? default;

    /// <summary>When <see cref="Update"/> is due without anything happening; null: not.</summary>
    public long? NextDeadline
    {
        get
        {
            long? due = !IsReady ? null : !unknown.IsEmpty ? wholeAt : exactness!.Debt == 0 ? null : lossyAt + RefreshTime;

            // What was due and did not come waits for something else than time.
            return due > updatedAt ? due : null;
        }
    }

    /// <summary>The desktop is like this now; null: it is away, and the last picture stays.</summary>
    public void SetDesktop(long now, DesktopLayout? changed)
    {
        layout = changed;
        if (changed is null)
        {
            return;
        }

        pending.Clear();
        if (phase == ServerPhase.ClientInit)
        {
            Handle(now, []);
        }

        if (picture is not null)
        {
            owesSize |= wishes.ExtendedDesktopSize || IsOtherSize;
            unknown.Add(picture.Bounds, picture.Bounds);
        }
    }

    /// <summary>Something may have changed here, in pixels of the desktop.</summary>
    public void Damaged(PixelRect area)
    {
        if (picture is not null)
        {
            pending.Add(area.Intersect(picture.Bounds));
        }
    }

    /// <summary>The pointer has this picture; a viewer that knows how draws it.</summary>
    public void CursorChanged(CursorImage image)
    {
        cursor = image;
        owesCursor = wishes.Cursor || wishes.CursorWithAlpha;
    }

    /// <summary>Somebody else moved the pointer there, in pixels of the desktop.</summary>
    public void PointerMoved(int x, int y)
    {
        pointer = (x, y);
        owesPointer = wishes.PointerPosition || wishes.VmwarePointer;
    }

    /// <summary>Sends what can be sent now.</summary>
    /// <param name="newest">The desktop's pixels, of its layout's size; null while there are none.</param>
    /// <param name="version">Another number whenever the pixels are others, the same for all sessions with one <see cref="SharedMotion"/>; 0: not known.</param>
    public void Update(long now, Frame? newest, long version = 0)
    {
        updatedAt = heardAt = now;
        if (!IsReady || (!unknown.IsEmpty && now < wholeAt))
        {
            return;
        }

        int start = output.Length;
        if (formatChanged)
        {
            formatChanged = false;
            WriteColourMap();
        }

        var update = new UpdateWriter(output);
        if (TryWriteSize(update))
        {
            return;
        }

        update.Begin();
        WriteState(update);
        if (newest is not null && newest.Width == layout!.Width && newest.Height == layout.Height)
        {
            WritePixels(now, update, newest, version);
        }

        if (update.Rects == 0)
        {
            WriteRefresh(now, update);
        }

        if (!update.End())
        {
            return;
        }

        wanted = null;
        int bytes = output.Length - start;
        Sent = (Sent.Bytes + bytes, Sent.Updates + 1);
        if (continuous is not null && wishes.Fence && pacing.HasSent(now, bytes, out uint number))
        {
            Span<byte> payload = stackalloc byte[UpdatePacing.PayloadLength];
            BinaryPrimitives.WriteUInt32BigEndian(payload, number);
            WriteFence(FenceRequest | 1, payload);
        }
    }

    private bool IsOtherSize => layout!.Width != picture!.Width || layout.Height != picture.Height;

    private void NewPicture(DesktopLayout of)
    {
        picture = new Frame(of.Width, of.Height);
        exactness = new ExactnessMap(of.Width, of.Height);
        unknown.Clear();
        unknown.Add(picture.Bounds, picture.Bounds);
        pending.Clear();
        pictureIs = 0;
    }

    private void WritePixels(long now, UpdateWriter update, Frame newest, long version)
    {
        var encoder = encoders.For(wishes, format);
        var area = Area.Intersect(picture!.Bounds);
        rects.Clear();
        if (!unknown.IsEmpty)
        {
            long anew = 0;
            for (int i = unknown.Pieces.Count - 1; i >= 0; i--)
            {
                var piece = unknown.Pieces[i].Intersect(area);
                if (!piece.IsEmpty)
                {
                    anew += piece.Area;
                    rects.Cut(piece, 256, encoder.MaxArea);
                }
            }

            unknown.Remove(area);

            // A bucket that refills in time: `wholeAt` lies in the past by as much as may be asked for at once.
            wholeAt = anew > picture.Bounds.Area / 8 ? Math.Max(wholeAt, now - (WholeBurst * WholeTime)) + WholeTime : wholeAt;
            for (int i = 0; i < rects.Count; i++)
            {
                Take(newest, rects[i]);
            }
        }

        FindChanges(newest, area, encoder, update, version);
        int sent = 0;
        for (; sent < rects.Count && update.Rects < UpdateWriter.MaxRects; sent++)
        {
            encoder.Write(update, picture, rects[sent]);
            if (encoder.IsLossy)
            {
                exactness!.MarkInexact(rects[sent]);
                lossyAt = now;
            }
            else
            {
                exactness!.MarkExact(rects[sent]);
            }
        }

        for (; sent < rects.Count; sent++)
        {
            unknown.Add(rects[sent], picture.Bounds);
        }

        pictureIs = unknown.IsEmpty && pending.IsEmpty && !IsOtherSize ? version : 0;
    }

    /// <summary>Adds what differs within the pending damage, and takes it into the picture.</summary>
    private void FindChanges(Frame newest, PixelRect area, RectEncoder encoder, UpdateWriter update, long version)
    {
        compared.Clear();
        compared.Add(pending);
        pending.Clear();
        foreach (var rect in compared.Rects)
        {
            if (rect.Intersect(area) != rect)
            {
                // What lies outside waits; comparing the rest again costs little.
                pending.Add(rect);
            }
        }

        if (compared.IsEmpty)
        {
            return;
        }

        int first = rects.Count;
        if (newest.Width == picture!.Width && newest.Height == picture.Height)
        {
            difference.Compare(picture, newest, compared);
            if (wishes.CopyRect && first == 0 && unknown.IsEmpty && update.Rects < UpdateWriter.MaxRects - MotionSearch.MaxCopies)
            {
                Copy(newest, area, update, version);
            }

            foreach (var rect in difference.Rects)
            {
                var inside = rect.Intersect(area);
                if (!inside.IsEmpty)
                {
                    rects.Join(inside, encoder.MaxArea);
                }
            }
        }
        else
        {
            foreach (var rect in compared.Rects)
            {
                if (rect.Intersect(area) is { IsEmpty: false } inside)
                {
                    rects.Cut(inside, 256, encoder.MaxArea);
                }
            }
        }

        for (int i = first; i < rects.Count; i++)
        {
            Take(newest, rects[i]);
        }
    }

    /// <summary>
    /// What has moved is copied by the viewer (CopyRect, RFB 7.7.2); what differs still is left in the difference. Only while every pixel of the viewer's picture is
    /// known: then a copy there is a copy here, and what was only nearly right is so where it goes as well.
    /// </summary>
    private void Copy(Frame newest, PixelRect area, UpdateWriter update, long version)
    {
        bool any = false;
        foreach (var copy in motion.Find(pictureIs, version, picture!, newest, difference.Rects))
        {
            // Each reads what was before all of them, so that one that lies outside what was asked for can be left out.
            if (copy.To.Intersect(area) != copy.To)
            {
                continue;
            }

            any = true;
            update.Rect(copy.To, EncodingNumber.CopyRect);
            update.Output.WriteU16(copy.From.X);
            update.Output.WriteU16(copy.From.Y);
            copy.Apply(picture!);
            exactness!.Copy(copy);
            compared.Add(copy.To);
        }

        if (any)
        {
            difference.Compare(picture!, newest, compared);
        }
    }

    /// <summary>The viewer will have these pixels. Where its picture is larger than the desktop, it is black.</summary>
    private void Take(Frame newest, PixelRect rect)
    {
        for (int y = rect.Y; y < rect.Bottom; y++)
        {
            var row = picture!.Row(y, rect.X, rect.Width);
            int there = y < newest.Height ? Math.Clamp(newest.Width - rect.X, 0, rect.Width) : 0;
            if (there > 0)
            {
                ColourKernel.CopyMasked(newest.Row(y, rect.X, there), row);
            }

            row[there..].Clear();
        }
    }

    /// <summary>Makes exact what was sent as JPEG, from the top, when nothing else is to be sent.</summary>
    private void WriteRefresh(long now, UpdateWriter update)
    {
        if (exactness!.Debt == 0 || now - lossyAt < RefreshTime || encoders.For(wishes, format) is not TightEncoder tight)
        {
            return;
        }

        tight.Exact = true;
        long area = 0;
        for (int y = 0; y < picture!.Height; y += RefreshSide)
        {
            for (int x = 0; x < picture.Width && area < RefreshArea; x += RefreshSide)
            {
                var nearly = exactness.InexactWithin(new(x, y, RefreshSide, RefreshSide));
                if (!nearly.IsEmpty)
                {
                    tight.Write(update, picture, nearly);
                    exactness.MarkExact(nearly);
                    area += nearly.Area;
                }
            }
        }

        tight.Exact = false;
    }
}
