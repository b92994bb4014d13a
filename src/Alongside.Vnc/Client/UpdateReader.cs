using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Encodings;
using Alongside.Vnc.Extensions;
using Alongside.Vnc.Pixels;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Client;

/// <summary>
/// One update after another (RFB 7.6.1): rectangles of pixels for the decoders, and the pseudo-encodings that come among them.
/// <code>
/// u8 0 | u8 | u16 count | ( u16 x | u16 y | u16 width | u16 height | s32 encoding | data ) * count       count 65535: until LastRect
/// </code>
/// What an update did is told when it is whole. Updates that never end, and desktops that change their size all the time, are refused.
/// </summary>
internal sealed class UpdateReader : IDisposable
{
    private const int Header = 4;
    private const int RectangleHeader = 12;
    private const int ScreenLength = 16;
    private const int MaxName = 64 * 1024;

    /// <summary>Motions told of one update; others are damage alone.</summary>
    private const int MaxMotions = 64;

    /// <summary>A rectangle costs time even without pixels: so many in one update are no desktop.</summary>
    private const int MaxRectangles = 1_000_000;

    /// <summary>An update may paint each pixel so often; a rectangle of a few bytes that fills an 8K picture costs as long as a frame.</summary>
    private const int MaxCover = 16;

    /// <summary>Changes of size within <see cref="SizePeriod"/>; a window that is dragged makes a few a second.</summary>
    private const int MaxSizes = 200;

    /// <summary>Pixels of all sizes within <see cref="SizePeriod"/>: each is a new picture, and sixteen of the largest are enough.</summary>
    private const long MaxSizePixels = 16L * Frame.MaxPixels;
    private const long SizePeriod = 10_000_000;

    private readonly Queue<RfbClientEvent> events;
    private readonly Dictionary<int, IRectangleDecoder> decoders;
    private readonly CopyRectDecoder copies = new();
    private readonly DamageRegion damage = new();
    private readonly List<Motion> motions = [];
    private readonly Demand demand;
    private readonly ClientInput input;
    private readonly IBufferWriter<byte> output;
    private IRectangleDecoder? decoder;
    private PixelRect area;
    private int encoding;
    private int left;
    private int seen;
    private bool endless;
    private long sizesSince;
    private int sizes;
    private long sizePixels;
    private long painted;

    public UpdateReader(IBufferWriter<byte> output, Queue<RfbClientEvent> events, Demand demand, ClientInput input)
    {
        this.output = output;
        this.events = events;
        this.demand = demand;
        this.input = input;
        decoders = new()
        {
            [EncodingNumber.Raw] = new RawDecoder(),
            [EncodingNumber.CopyRect] = copies,
            [EncodingNumber.Rre] = new RreDecoder(),
            [EncodingNumber.Hextile] = new HextileDecoder(),
            [EncodingNumber.Zlib] = new ZlibDecoder(),
            [EncodingNumber.Tight] = new TightDecoder(),
            [EncodingNumber.Zrle] = new ZrleDecoder(),
        };
    }

    private enum Step
    {
        Rectangle = 0,
        Pixels,
        Other,
    }

    /// <summary>The desktop as far as it has come.</summary>
    public Frame Picture { get; private set; } = null!;

    public IReadOnlyList<RfbScreen> Screens { get; private set; } = [];

    public string Name { get; set; } = "";

    /// <summary>The server can be asked for a size.</summary>
    public bool HasSizes { get; private set; }

    /// <summary>Pixels of all rectangles so far.</summary>
    public long Painted { get; private set; }

    /// <summary>An update has begun and is not whole.</summary>
    public bool IsWithin { get; private set; }

    private Step step;

    /// <exception cref="ProtocolException">A desktop of this size cannot be.</exception>
    public void Resize(long now, int width, int height)
    {
        if (!Frame.IsValidSize(width, height))
        {
            throw new ProtocolException(
                width == 0 || height == 0 ? "The VNC server's desktop has no pixels." : $"The VNC server's desktop is too large: {width} x {height}.");
        }

        if (Picture is { } same && same.Width == width && same.Height == height)
        {
            return;
        }

        if (now - sizesSince > SizePeriod)
        {
            (sizesSince, sizes, sizePixels) = (now, 0, 0);
        }

        sizePixels += (long)width * height;
        if (++sizes > MaxSizes || sizePixels > MaxSizePixels)
        {
            throw new ProtocolException("The VNC server changes the size of its desktop all the time.");
        }

        Picture = new Frame(width, height);
        Screens = [new(0, Picture.Bounds, 0)];
        damage.Clear();
        motions.Clear();
        demand.Resized(width, height);
    }

    /// <summary>One step of an update; false when more bytes are needed. <see cref="IsWithin"/> says whether it goes on.</summary>
    public bool TryStep(long now, ReadOnlySpan<byte> bytes, out int consumed, out int needed)
    {
        consumed = 0;
        if (!IsWithin)
        {
            needed = Header;
            return bytes.Length >= Header && Begin(bytes, out consumed);
        }

        switch (step)
        {
            case Step.Rectangle:
                needed = RectangleHeader;
                if (bytes.Length < RectangleHeader)
                {
                    return false;
                }

                consumed = RectangleHeader;
                ReadHeader(now, bytes);
                return true;
            case Step.Pixels:
                if (!decoder!.TryDecode(bytes, out consumed, out needed))
                {
                    return false;
                }

                HasPainted();
                Next();
                return true;
            default:
                needed = Length(bytes);
                if (bytes.Length < needed)
                {
                    return false;
                }

                consumed = needed;
                ReadOther(now, bytes[..needed]);
                Next();
                return true;
        }
    }

    public void Dispose()
    {
        foreach (var each in decoders.Values)
        {
            each.Dispose();
        }
    }

    private bool Begin(ReadOnlySpan<byte> bytes, out int consumed)
    {
        left = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        endless = left == 0xffff;
        seen = 0;
        painted = 0;
        consumed = Header;
        IsWithin = true;
        step = Step.Rectangle;
        demand.UpdateBegins();
        if (left == 0)
        {
            End();
        }

        return true;
    }

    private void ReadHeader(long now, ReadOnlySpan<byte> bytes)
    {
        area = new(
            BinaryPrimitives.ReadUInt16BigEndian(bytes),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]));
        encoding = BinaryPrimitives.ReadInt32BigEndian(bytes[8..]);
        if (decoders.TryGetValue(encoding, out decoder))
        {
            if (area.Right > Picture.Width || area.Bottom > Picture.Height)
            {
                throw new ProtocolException("A VNC rectangle lies outside the picture.");
            }

            painted += area.Area;
            Painted += area.Area;
            if (painted > MaxCover * Picture.Bounds.Area)
            {
                throw new ProtocolException("The VNC server paints the same pixels over and over.");
            }

            decoder.Begin(Picture, area);
            step = Step.Pixels;
            return;
        }

        switch (encoding)
        {
            case EncodingNumber.LastRect:
                left = 1;
                endless = false;
                break;
            case EncodingNumber.DesktopSize:
                Resize(now, area.Width, area.Height);
                events.Enqueue(new(RfbClientEventKind.Resized));
                break;
            case EncodingNumber.PointerPosition or EncodingNumber.VmwarePointerPosition:
                events.Enqueue(new(RfbClientEventKind.PointerMoved, Area: area));
                break;
            case EncodingNumber.QemuExtendedKey:
                input.HasScanCodes = true;
                break;
            case EncodingNumber.ExtendedMouseButtons:
                input.HasMoreButtons = true;
                break;
            case EncodingNumber.Cursor or EncodingNumber.CursorWithAlpha or EncodingNumber.DesktopName or EncodingNumber.ExtendedDesktopSize:
                step = Step.Other;
                return;
            default:
                throw new ProtocolException($"The VNC server used encoding {encoding}, which was not asked for.");
        }

        Next();
    }

    private void Next()
    {
        step = Step.Rectangle;
        decoder = null;
        if (++seen > MaxRectangles)
        {
            throw new ProtocolException("The VNC server sent an update that does not end.");
        }

        if (!endless && --left == 0)
        {
            End();
        }
    }

    private void End()
    {
        IsWithin = false;
        foreach (var motion in motions)
        {
            events.Enqueue(new(RfbClientEventKind.Moved, Motion: motion));
        }

        foreach (var rect in damage.Rects)
        {
            events.Enqueue(new(RfbClientEventKind.Damaged, Area: rect));
        }

        // What a server can do it says before the first pixels, or with them.
        input.HasShownButtons |= !damage.IsEmpty;

        motions.Clear();
        damage.Clear();
        demand.UpdateEnds();
    }

    private void HasPainted()
    {
        if (area.IsEmpty)
        {
            return;
        }

        damage.Add(area);
        if (encoding == EncodingNumber.CopyRect && motions.Count < MaxMotions)
        {
            motions.Add(new(area, area.X - copies.Source.X, area.Y - copies.Source.Y));
        }
    }

    /// <summary>How long the data of a pseudo-encoding is, as far as its first bytes tell.</summary>
    private int Length(ReadOnlySpan<byte> bytes)
    {
        switch (encoding)
        {
            case EncodingNumber.Cursor or EncodingNumber.CursorWithAlpha:
                return CursorReader.Length(area.Width, area.Height, encoding == EncodingNumber.CursorWithAlpha);
            case EncodingNumber.ExtendedDesktopSize:
                return 4 + (bytes.IsEmpty ? 0 : bytes[0] * ScreenLength);
            default:
                if (bytes.Length < 4)
                {
                    return 4;
                }

                uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes);
                return length <= MaxName ? 4 + (int)length : throw new ProtocolException("The VNC server's desktop has a name that is too long.");
        }
    }

    private void ReadOther(long now, ReadOnlySpan<byte> data)
    {
        switch (encoding)
        {
            case EncodingNumber.Cursor:
                events.Enqueue(new(RfbClientEventKind.Cursor, Cursor: CursorReader.Read(data, area.Width, area.Height, area.X, area.Y)));
                break;
            case EncodingNumber.CursorWithAlpha:
                events.Enqueue(new(RfbClientEventKind.Cursor, Cursor: CursorReader.ReadAlpha(data, area.Width, area.Height, area.X, area.Y)));
                break;
            case EncodingNumber.DesktopName:
                Name = Encoding.UTF8.GetString(data[4..]).Trim();
                events.Enqueue(new(RfbClientEventKind.Renamed));
                break;
            default:
                ReadScreens(now, data);
                break;
        }
    }

    /// <summary>
    /// The desktop's size and screens; why they come is in the rectangle's x (0 the server, 1 we asked, 2 another asked), and what came of it in y.
    /// <code>
    /// u8 count | 3 x 0 | ( u32 id | u16 x | u16 y | u16 width | u16 height | u32 flags ) * count
    /// </code>
    /// </summary>
    private void ReadScreens(long now, ReadOnlySpan<byte> data)
    {
        HasSizes = true;
        if (area is { X: DesktopRect.ByViewer, Y: not (int)SizeAnswer.Done })
        {
            if (area.Y != DesktopRect.Later)
            {
                events.Enqueue(new(RfbClientEventKind.SizeAnswered, Answer: area.Y is (int)SizeAnswer.Prohibited or (int)SizeAnswer.NoMeans ? (SizeAnswer)area.Y : SizeAnswer.Invalid));
            }

            return;
        }

        Resize(now, area.Width, area.Height);
        var screens = new List<RfbScreen>();
        for (var entry = data[4..]; !entry.IsEmpty; entry = entry[ScreenLength..])
        {
            var screen = new PixelRect(
                BinaryPrimitives.ReadUInt16BigEndian(entry[4..]),
                BinaryPrimitives.ReadUInt16BigEndian(entry[6..]),
                BinaryPrimitives.ReadUInt16BigEndian(entry[8..]),
                BinaryPrimitives.ReadUInt16BigEndian(entry[10..]));

            // A screen that reaches outside, or has nothing, is no place to look at.
            screen = screen.Intersect(Picture.Bounds);
            if (!screen.IsEmpty)
            {
                screens.Add(new(BinaryPrimitives.ReadUInt32BigEndian(entry), screen, BinaryPrimitives.ReadUInt32BigEndian(entry[12..])));
            }
        }

        Screens = screens.Count > 0 ? screens : [new(0, Picture.Bounds, 0)];
        events.Enqueue(new(RfbClientEventKind.Resized));
        if (area.X == DesktopRect.ByViewer)
        {
            events.Enqueue(new(RfbClientEventKind.SizeAnswered, Answer: SizeAnswer.Done));
        }
    }
}
