using Alongside.Core.Codec.Ops;
using Alongside.Core.Codec.Zstd;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec;

/// <summary>
/// Applies the updates of one stream to a picture. Not thread-safe. After a <see cref="ProtocolException"/> the picture may be half
/// painted and the decoder is of no more use, until an update that is full and reset.
/// </summary>
public sealed class UpdateDecoder : IDisposable
{
    private const int MaxOperations = 65536;

    /// <summary>Each costs a browser's decoder a start.</summary>
    internal const int MaxDeferred = 1024;

    private readonly Op?[] ops = new Op?[256];
    private readonly DeferredOp[] deferredOps = OpTable.CreateDeferred();
    private readonly List<Deferred> deferred = [];
    private readonly ZstdDecompressor decompressor = new();
    private readonly ByteBuffer packed = new();
    private readonly DamageRegion dirty = new();
    private Frame? picture;
    private UpdateHeader before;
    private bool isBroken = true;

    public UpdateDecoder()
    {
        foreach (var op in OpTable.CreateAll())
        {
            ops[op.Code] = op;
        }
    }

    /// <summary>The picture after the last update, X of its pixels 0; another object after a change of size.</summary>
    /// <exception cref="InvalidOperationException">No update has been applied yet.</exception>
    public Frame Picture => picture ?? throw new InvalidOperationException("No update has been applied yet.");

    /// <summary>What the last update painted, perhaps merged with a little around it; valid until the next.</summary>
    public ReadOnlySpan<PixelRect> Dirty => dirty.Rects;

    /// <summary>Applies one update whole.</summary>
    /// <exception cref="ProtocolException">The update is malformed, out of order or over a budget.</exception>
    public void Apply(ReadOnlySpan<byte> update, out UpdateResult result)
    {
        var reader = new WireReader(update);
        var header = UpdateHeader.Read(ref reader, before);
        bool startsAnew = header.IsReset && header.IsFull;
        if (!startsAnew)
        {
            RequireContinuation(header);
        }

        isBroken = true;
        dirty.Clear();
        var target = Prepare(header);
        if (header.IsReset)
        {
            Forget();
        }

        if (header.IsFull)
        {
            BeginPicture();
        }

        packed.Clear();
        decompressor.Decompress(reader.Take(header.PackedLength), packed, PackedBudget(target));
        var parts = new UpdatePartsReader(packed.Written, reader.Rest, target.Bounds, dirty);
        ReadDeferred(header, update.Length, ref parts);
        int shown = 0;
        for (int count = 0; parts.Packed.Remaining > 0; count++)
        {
            if (count == MaxOperations)
            {
                throw new ProtocolException("An update has too many operations.");
            }

            byte code = parts.Packed.ReadU8();
            if (code == OpTable.Show)
            {
                var next = shown < deferred.Count ? deferred[shown++] : throw new ProtocolException("An update shows a picture that it does not have.");
                next.Op.Show(next.Area, next.Argument, update.Slice(next.DataAt, next.DataLength), target);
                continue;
            }

            var op = ops[code] ?? throw new ProtocolException($"An update has the unknown operation {code}.");
            op.Decode(ref parts, target);
        }

        if (shown != deferred.Count)
        {
            throw new ProtocolException("An update has a picture that it does not show.");
        }

        parts.Loose.End();
        before = header;
        isBroken = false;
        result = new(header.Sequence, header.IsFull, header.IsFull ? target.Bounds : dirty.Bounds);
    }

    public void Dispose()
    {
        decompressor.Dispose();
        foreach (var op in deferredOps)
        {
            op.Dispose();
        }
    }

    // Four bytes a pixel hold any operation of an honest encoder with its arguments; the rest is for small pictures.
    private static int PackedBudget(Frame target) => (target.Pixels.Length * 4) + 65536;

    private void ReadDeferred(UpdateHeader header, int updateLength, ref UpdatePartsReader parts)
    {
        deferred.Clear();
        int count = header.HasDeferred ? parts.Loose.ReadU16() : 0;
        if (count > MaxDeferred)
        {
            throw new ProtocolException("An update has too many pictures.");
        }

        for (int i = 0; i < count; i++)
        {
            byte code = parts.Loose.ReadU8();
            var op = FindDeferred(code);
            var area = parts.ReadDeferredArea();
            byte argument = parts.Loose.ReadU8();
            uint length = parts.Loose.ReadU32();
            int at = updateLength - parts.Loose.Remaining;
            parts.Loose.Take((int)Math.Min(length, int.MaxValue));
            deferred.Add(new(op, area, argument, at, (int)length));
        }
    }

    private DeferredOp FindDeferred(byte code)
    {
        foreach (var op in deferredOps)
        {
            if (op.Code == code)
            {
                return op;
            }
        }

        throw new ProtocolException($"An update has the unknown operation {code}.");
    }

    private void RequireContinuation(UpdateHeader header)
    {
        if (isBroken)
        {
            throw new ProtocolException("An update continues a picture that is not there.");
        }

        if (before.IsSnapshot && !header.IsReset)
        {
            throw new ProtocolException("A snapshot was continued without a reset.");
        }

        if (!header.IsReset && header.Sequence != before.Sequence + 1)
        {
            throw new ProtocolException($"Update {header.Sequence} came after {before.Sequence}.");
        }
    }

    private Frame Prepare(UpdateHeader header)
    {
        if (!Frame.IsValidSize(header.Width, header.Height))
        {
            throw new ProtocolException($"An update's picture of {header.Width} x {header.Height} pixels is out of range.");
        }

        bool sameSize = picture is not null && picture.Width == header.Width && picture.Height == header.Height;
        if (!header.IsFull)
        {
            return sameSize ? picture! : throw new ProtocolException("An update changes the picture's size without being full.");
        }

        if (sameSize)
        {
            picture!.Pixels.Clear();
        }
        else
        {
            picture = new(header.Width, header.Height);
        }

        dirty.Add(picture!.Bounds);
        return picture;
    }

    private void Forget()
    {
        foreach (var op in deferredOps)
        {
            op.Forget();
        }

        decompressor.Reset();
        foreach (var op in ops)
        {
            op?.Forget();
        }
    }

    private void BeginPicture()
    {
        foreach (var op in deferredOps)
        {
            op.Forget();
        }

        foreach (var op in ops)
        {
            op?.BeginPicture();
        }
    }

    /// <summary>A deferred operation, and where its data lies in the update.</summary>
    private readonly record struct Deferred(DeferredOp Op, PixelRect Area, byte Argument, int DataAt, int DataLength);
}
