using Alongside.Core.Codec.Kernels;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Video.Regions;

/// <summary>A part of the picture that is sent as video: its encoder, and what of it stands still.</summary>
internal sealed class VideoRegion(int number, byte operation, PixelRect area, VideoEncoder encoder, long now) : IDisposable
{
    /// <summary>Of the pixels of luma one in so many each way is looked at to tell scenes and places apart.</summary>
    private const int Stride = 8;

    /// <summary>Two and a half times what lies between two frames is a pause, but no less and no more than this, in microseconds.</summary>
    private const long LeastPause = 60_000, LongestPause = 150_000;

    private readonly YuvPicture picture = new(area.Width, area.Height);
    private readonly VideoRate rate = new(area.Width, area.Height);
    private readonly StillParts still = new(area.Width, area.Height, now);
    private readonly ByteBuffer data = new();

    public int Number { get; } = number;

    public byte Operation { get; } = operation;

    public PixelRect Area { get; private set; } = area;

    /// <summary>When it became a region, in microseconds.</summary>
    public long Began { get; } = now;

    /// <summary>When a frame of it was last sent.</summary>
    public long ChangedAt { get; private set; } = now;

    /// <summary>If no frame comes until then it has stopped, and is made exact.</summary>
    public long PlaysUntil { get; private set; } = now + LongestPause;

    /// <summary>Decoders have a frame of it.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>In how many updates, the last among them, most of what changed in it was copied: what moves exactly is no film.</summary>
    public int Copied { get; set; }

    /// <summary>How often in a row it has been found to lie elsewhere, and where.</summary>
    public int Doubts { get; set; }

    public PixelRect Elsewhere { get; set; }

    /// <summary>For measurements: what its last frame cost, in bytes, and how coarse it was.</summary>
    public int LastBytes { get; private set; }

    public int LastQuality { get; private set; }

    /// <summary>The same film in another place.</summary>
    public void MoveTo(int x, int y) => Area = Area with { X = x, Y = y };

    /// <summary>How far the picture at some place is from the last frame: steps of luma, the mean of some pixels; -1 if it does not lie within the picture.</summary>
    public int DistanceAt(Frame source, int x, int y)
    {
        if (x < 0 || y < 0 || x + Area.Width > source.Width || y + Area.Height > source.Height)
        {
            return -1;
        }

        long sum = 0, count = 0;
        for (int row = Stride / 2; row < Area.Height; row += Stride)
        {
            var pixels = source.Row(y + row, x, Area.Width);
            var luma = picture.Luma.Slice(row * picture.Width, Area.Width);
            for (int i = Stride / 2; i < pixels.Length; i += Stride, count++)
            {
                sum += Math.Abs(YuvKernel.LumaOf(pixels[i]) - luma[i]);
            }
        }

        return (int)(sum / Math.Max(1, count));
    }

    /// <summary>Writes the next frame in about <paramref name="target"/> bytes; it leaves as it is what stands still.</summary>
    /// <param name="interval">From one time that the film is drawn to the next, in microseconds, if that is known.</param>
    public void Show(Frame source, Frame reference, int target, long? interval, long now, UpdateDraft draft)
    {
        bool isFirst = !IsRunning, isLikeFirst = isFirst || DistanceAt(source, Area.X, Area.Y) >= VideoRate.Cut;
        still.Update(source, reference, Area, now);
        bool hasHoles = !still.Holes.Items.IsEmpty;
        data.Clear();
        if (hasHoles)
        {
            still.Holes.Write(data);
        }

        int before = data.Length, quality = rate.Choose(target, isLikeFirst);
        picture.Load(source, Area);
        encoder.Encode(picture, quality, data);
        rate.Learn(data.Length - before, quality, isLikeFirst);
        (IsRunning, ChangedAt, LastBytes, LastQuality) = (true, now, data.Length, quality);
        PlaysUntil = now + (interval is { } drawn ? Math.Clamp(drawn * 5 / 2, LeastPause, LongestPause) : LongestPause);
        draft.Defer(Operation, Area, VideoArgument.Of(Number, isFirst, hasHoles), data.Written);
        var at = (0, 0);
        while (still.Holes.NextRest(Area.Width, Area.Height, ref at) is { IsEmpty: false } rest)
        {
            draft.HasInexact(rest with { X = rest.X + Area.X, Y = rest.Y + Area.Y });
        }
    }

    /// <summary>Makes exact what stands still in it and costs little, as a menu over a film does, as far as it fits.</summary>
    public void RefineStill(ExactnessMap exactness, UpdateDraft draft)
    {
        for (int i = still.Holes.Items.Length - 1; i >= 0; i--)
        {
            var hole = still.Holes.Items[i];
            for (int y = 0, isPlain = 1; y < hole.Height && isPlain == 1; y += FrameDifference.CellHeight)
            {
                for (int x = 0; x < hole.Width && isPlain == 1; x += FrameDifference.CellWidth)
                {
                    var piece = new PixelRect(Area.X + hole.X + x, Area.Y + hole.Y + y, Math.Min(FrameDifference.CellWidth, hole.Width - x), Math.Min(FrameDifference.CellHeight, hole.Height - y));
                    piece = exactness.InexactWithin(piece);
                    if (!piece.IsEmpty && !draft.HasRoom(1))
                    {
                        return;
                    }

                    isPlain = piece.IsEmpty || draft.TryWritePlain(piece) ? 1 : 0;
                }

                if (isPlain == 0)
                {
                    still.Leave(i);
                }
            }
        }
    }

    public void Dispose() => encoder.Dispose();
}
