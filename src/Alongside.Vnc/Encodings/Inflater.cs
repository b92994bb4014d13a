using System.IO.Compression;
using Alongside.Core.Wire;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// One of a connection's zlib streams, unpacked a rectangle at a time: <see cref="Begin"/> gives it the rectangle's bytes, then what is known to
/// come out is read, then <see cref="End"/> states that nothing else did. What comes out is never more than what was asked for, so a bomb ends at
/// the rectangle's last pixel. Its memory is zlib's window, a chunk of output, and the largest rectangle's packed bytes.
/// </summary>
internal sealed class Inflater : IDisposable
{
    /// <summary>The most that <see cref="Peek"/> can be asked for.</summary>
    public const int MaxPeek = 32 * 1024;

    private readonly byte[] unpacked = new byte[2 * MaxPeek];
    private readonly Packed packed = new();
    private ZLibStream stream;
    private int start;
    private int end;

    public Inflater() => stream = new(packed, CompressionMode.Decompress, leaveOpen: true);

    /// <summary>The server begins the stream anew.</summary>
    public void Reset()
    {
        stream.Dispose();
        stream = new(packed, CompressionMode.Decompress, leaveOpen: true);
    }

    public void Begin(ReadOnlySpan<byte> bytes)
    {
        packed.Set(bytes);
        start = end = 0;
    }

    /// <summary>Fills all of <paramref name="target"/>.</summary>
    public void Read(Span<byte> target)
    {
        int buffered = Math.Min(end - start, target.Length);
        unpacked.AsSpan(start, buffered).CopyTo(target);
        start += buffered;
        target = target[buffered..];
        while (!target.IsEmpty)
        {
            int got = Inflate(target);
            if (got == 0)
            {
                throw Short();
            }

            target = target[got..];
        }
    }

    /// <summary>At least <paramref name="count"/> bytes, fewer only where they end; they stay until <see cref="Skip"/> says how many were used.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (end - start < count)
        {
            unpacked.AsSpan(start, end - start).CopyTo(unpacked);
            (start, end) = (0, end - start);
            int got;
            while (end < count && (got = Inflate(unpacked.AsSpan(end))) > 0)
            {
                end += got;
            }
        }

        return unpacked.AsSpan(start, end - start);
    }

    public void Skip(int count) => start += count;

    /// <summary>The rectangle has been read; the stream must have nothing else in it.</summary>
    public void End()
    {
        if (start != end || Inflate(unpacked.AsSpan(0, 1)) > 0)
        {
            throw new ProtocolException("A VNC rectangle unpacks to more than its pixels.");
        }
    }

    public static ProtocolException Short() => new("A VNC rectangle unpacks to fewer bytes than its pixels need.");

    public void Dispose()
    {
        stream.Dispose();
        packed.Dispose();
    }

    private int Inflate(Span<byte> target)
    {
        try
        {
            return stream.Read(target);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            // The second for a stream that wants a dictionary.
            throw new ProtocolException("A VNC rectangle does not unpack.");
        }
    }

    /// <summary>The packed bytes of the rectangle at hand. At their end it says "no more", and goes on with the next rectangle's.</summary>
    private sealed class Packed : Stream
    {
        private byte[] bytes = [];
        private int at;
        private int length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Set(ReadOnlySpan<byte> given)
        {
            if (bytes.Length < given.Length)
            {
                bytes = new byte[Math.Max(given.Length, bytes.Length + (bytes.Length / 2))];
            }

            given.CopyTo(bytes);
            (at, length) = (0, given.Length);
        }

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(buffer.Length, length - at);
            bytes.AsSpan(at, count).CopyTo(buffer);
            at += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
