using System.Buffers;
using Alongside.Core.Codec.Kernels;
using Alongside.Core.Codec.Motions;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Codec.Pictures;
using Alongside.Core.Codec.Video.Aom;
using Alongside.Core.Codec.Video.OpenH264;
using Alongside.Core.Codec.Video.Regions;
using Alongside.Core.Codec.Zstd;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec;

/// <summary>
/// Turns frames into the updates of one stream. Owns the reference: the picture that decoders have after the last update, where the
/// exactness map does not say that they have it only nearly. Not thread-safe. What has been encoded must be delivered; a frame that was not encoded may be
/// skipped, its damage kept.
/// <code>
/// damage -> compare with the reference -> copy what has moved -> tight rectangles -> plan: what is exact, what is a picture, what waits -> write -> update
/// </code>
/// </summary>
public sealed class UpdateEncoder : IDisposable
{
    private readonly ushort[] capabilities;
    private readonly FrameDifference difference = new();
    private readonly DamageRegion whole = new();
    private readonly TileWriter tiles;
    private readonly MotionStage motion;
    private readonly ZstdCompressor compressor = new();
    private readonly UpdateDraft draft;
    private readonly UpdatePlan plan;
    private readonly VideoStage video;
    private Frame? reference;
    private ExactnessMap? exactness;
    private Stillness? stillness;
    private PixelRect[] inexact = [];
    private readonly bool isShort;
    private bool resetNext;

    /// <param name="capabilities">What every decoder of the stream names (docs/protocol/session.md); must hold 1, codec tiles.</param>
    /// <exception cref="ProtocolException">The decoders name no codec that this encoder speaks.</exception>
    public UpdateEncoder(ReadOnlySpan<ushort> capabilities)
    {
        this.capabilities = capabilities.ToArray();
        tiles = new(capabilities);
        isShort = capabilities.Contains(UpdateHeader.ShortForm);
        draft = new(tiles, compressor, isShort);
        motion = new(capabilities);
        video = new(capabilities);
        plan = new(capabilities.Contains(OpTable.Pictures) ? PictureWriter.TryCreate() : null);
    }

    /// <summary>What of a decoder's capabilities this encoder can use, ascending: viewers who agree in this can share a stream.</summary>
    public static ushort[] Shared(IEnumerable<ushort> decoder)
    {
        var known = OpTable.CreateAll().Select(op => op.Capability).Append(OpTable.Pictures).Append(OpTable.H264).Append(OpTable.Av1).Append(UpdateHeader.ShortForm);
        return [.. decoder.Intersect(known).Where(IsUsable).Order()];
    }

    /// <summary>What decoders have on their screens after the last update.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been encoded yet.</exception>
    public Frame Reference => reference ?? throw new InvalidOperationException("Nothing has been encoded yet.");

    /// <summary>What the last update copied, in order; valid until the next.</summary>
    public ReadOnlySpan<Motion> Motions => motion.Copies;

    /// <summary>Of the last update; 0 before the first.</summary>
    public uint Sequence { get; private set; }

    /// <summary>Whether decoders show something that is not exact yet: an update without damage then brings them nearer.</summary>
    public bool HasDebt => exactness is { Debt: > 0 };

    /// <summary>Photographs wait in the damage for the next update, not for room on the way (<see cref="EncodeTerms.Photographs"/>): it may follow at once.</summary>
    public bool HasHeldBack => plan.HasHeldBack;

    /// <summary>When an update without damage can bring decoders nearer again if nothing changes until then: not while what it would make exact moves. Null: all is exact.</summary>
    public long? RefinesAt
    {
        get
        {
            long? next = null;
            for (int cell = 0; HasDebt && cell < stillness!.Cells; cell++)
            {
                if (exactness!.InexactWithin(stillness.Cell(cell)) is { IsEmpty: false } area)
                {
                    long then = Math.Max(stillness.StillAt(cell), video.PlaysUntil(area));
                    next = next < then ? next : then;
                }
            }

            return next;
        }
    }

    /// <summary>For tests and measurements: where decoders have the reference only nearly.</summary>
    internal ExactnessMap? Exactness => exactness;

    /// <summary>Whether a part of the picture is sent as video now: a reset would cost all its decoders a key frame.</summary>
    public bool HasVideo => video.HasRegions;

    /// <summary>For tests and measurements.</summary>
    internal VideoStage Video => video;

    /// <summary>
    /// Compares the damaged parts of <paramref name="source"/> with the reference and writes one update with what differs. False, and
    /// nothing written, when nothing does. The first frame and one of another size are written whole. Takes out of <paramref name="damage"/>
    /// what needs no further look; what did not fit the budget stays in it. Does not read or change the frame after it returns.
    /// </summary>
    public bool TryEncode(Frame source, DamageRegion damage, in EncodeTerms terms, IBufferWriter<byte> output, out UpdateInfo info)
    {
        bool first = reference is null;
        bool full = reference is null || reference.Width != source.Width || reference.Height != source.Height;
        if (full)
        {
            // Black, as the decoders' picture becomes, so that black parts need no words.
            reference = new(source.Width, source.Height);
            exactness = new(source.Width, source.Height);
            stillness = new(source.Width, source.Height);
            video.Begin(source.Width, source.Height);
            damage.Clear();
            damage.Add(source.Bounds);
        }

        if (terms.IsFresh)
        {
            video.NoteLook(terms.Now);
        }

        difference.Compare(reference!, source, damage);
        damage.Clear();
        foreach (var area in difference.Rects)
        {
            stillness!.Changed(area, terms.Now);
        }

        var still = terms.Refines ? FindStill(terms) : [];
        if (difference.Rects.IsEmpty && still.IsEmpty && !full)
        {
            info = default;
            return false;
        }

        bool reset = first || resetNext;
        resetNext = false;
        if (reset)
        {
            compressor.Reset();
            video.Restart(terms.Now);
        }

        Sequence++;
        draft.Begin(source, reference, exactness, terms.Budget);
        motion.Clear();
        if (reset || full)
        {
            tiles.Forget(source.Bounds, reset, terms.Now);
        }
        else
        {
            tiles.Keep(source, reference!, exactness!, difference.Rects, terms.Now);
        }

        if (!full)
        {
            // What is left of a frame, so that somebody waits for less, has been searched for motion with the rest.
            if (terms.IsFresh || !plan.HasHeldBack)
            {
                motion.Move(reference!, source, difference, video.WhereToSearch(difference.Rects, terms), terms.Hints, draft);
            }

            video.Show(source, reference!, difference, motion.Copies, terms, draft);
        }

        plan.Write(source, difference.Rects, terms, draft, damage);
        video.RefineStill(exactness!, terms.Now, draft);
        if (damage.IsEmpty)
        {
            plan.Refine(source, still, terms, draft);
        }

        var flags = (reset ? UpdateFlags.Reset : 0) | (full ? UpdateFlags.Full : 0);
        info = draft.Finish(flags, Sequence, output);
        return true;
    }

    /// <summary>
    /// The next update forgets the window and the caches, so that a decoder with the same picture (from a snapshot) can join there.
    /// </summary>
    public void Reset() => resetNext = true;

    /// <summary>
    /// Writes the reference as one update that needs nothing before it, with the sequence of the last update: for a late joiner alone.
    /// The stream is not disturbed. The joiner continues at the next update that has the reset flag.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing has been encoded yet.</exception>
    public UpdateInfo Snapshot(IBufferWriter<byte> output)
    {
        var source = Reference;
        using var window = new ZstdCompressor();
        whole.Clear();
        whole.Add(source.Bounds);
        difference.Compare(new Frame(source.Width, source.Height), source, whole);
        var alone = new UpdateDraft(new TileWriter(capabilities), window, isShort);
        alone.Begin(source, null, null, int.MaxValue);
        plan.Write(source, difference.Rects, new(), alone, whole);
        return alone.Finish(UpdateFlags.Full | UpdateFlags.Reset | UpdateFlags.Snapshot, Sequence, output);
    }

    /// <summary>
    /// An encoder of its own for a decoder that has followed this one and is to go on alone: with the same reference and sequence; its first
    /// update has the reset flag.
    /// </summary>
    public UpdateEncoder Fork()
    {
        var fork = new UpdateEncoder(capabilities) { Sequence = Sequence, resetNext = true };
        if (reference is not null)
        {
            fork.reference = new(reference.Width, reference.Height);
            reference.Pixels.CopyTo(fork.reference.Pixels);
            fork.exactness = new(reference.Width, reference.Height);
            fork.stillness = new(reference.Width, reference.Height);
            fork.video.Begin(reference.Width, reference.Height);
            fork.AssumeDebtOf(this);
        }

        return fork;
    }

    /// <summary>
    /// A decoder that the other encoder has brought to this one's reference joins this stream: what is not exact there is not exact here from now on.
    /// </summary>
    public void AssumeDebtOf(UpdateEncoder other)
    {
        if (other.exactness is { Debt: > 0 } debt)
        {
            exactness!.Add(debt);
        }
    }

    public void Dispose()
    {
        compressor.Dispose();
        plan.Dispose();
        video.Dispose();
    }

    private static bool IsUsable(ushort capability) => capability switch
    {
        OpTable.Pictures => PictureWriter.IsUsable,
        OpTable.H264 => LibOpenH264.IsPresent,
        OpTable.Av1 => LibAom.IsPresent,
        _ => true,
    };

    // What is shown nearly in cells that have become still; with no budget to mind, in all.
    private ReadOnlySpan<PixelRect> FindStill(in EncodeTerms terms)
    {
        if (exactness!.Debt == 0)
        {
            return [];
        }

        int count = 0;
        if (inexact.Length < stillness!.Cells)
        {
            inexact = new PixelRect[stillness.Cells];
        }

        for (int cell = 0; cell < stillness.Cells; cell++)
        {
            if (terms.Budget == int.MaxValue || stillness.IsStill(cell, terms.Now))
            {
                var area = video.InexactWithin(exactness, stillness.Cell(cell), terms.Now);
                if (!area.IsEmpty)
                {
                    inexact[count++] = area;
                }
            }
        }

        return inexact.AsSpan(0, count);
    }
}
