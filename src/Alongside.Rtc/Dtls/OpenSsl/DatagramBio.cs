using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Alongside.Rtc.Dtls.OpenSsl;

/// <summary>
/// What OpenSSL reads from and writes to: one datagram in, datagrams out, each kept apart (a memory BIO would run them together). The incoming one is
/// lent for the length of a call; an outgoing one goes to the caller's memory when it asked for a record, else to a queue for <see cref="Poll"/>.
/// </summary>
internal sealed unsafe class DatagramBio
{
    /// <summary>A handshake's flight is a few. What a peer provokes beyond that is dropped, as a full socket would.</summary>
    private const int MaxQueued = 32;

    private static readonly nint Method = CreateMethod();

    private readonly Queue<byte[]> queued = new();
    private readonly int mtu;
    private byte* incoming;
    private int incomingLength;
    private byte* target;
    private int targetRoom;
    private int targetLength;

    public DatagramBio(int mtu)
    {
        this.mtu = mtu;
        Handle = LibSsl.CreateBio(Method);
        LibSsl.SetBioData(Handle, GCHandle.ToIntPtr(GCHandle.Alloc(this, GCHandleType.Weak)));
        LibSsl.SetBioReady(Handle, 1);
    }

    /// <summary>BIO*; belongs to the session it is given to.</summary>
    public nint Handle { get; }

    public int Queued => queued.Count;

    /// <summary>Lends the datagram that OpenSSL reads next, until <see cref="EndIncoming"/>.</summary>
    public void BeginIncoming(byte* datagram, int length)
    {
        incoming = datagram;
        incomingLength = length;
    }

    public void EndIncoming() => incoming = null;

    /// <summary>Where the next written datagram goes, until <see cref="EndTarget"/>, which gives its length.</summary>
    public void BeginTarget(byte* place, int room)
    {
        target = place;
        targetRoom = room;
        targetLength = 0;
    }

    public int EndTarget()
    {
        target = null;
        return targetLength;
    }

    public int Poll(Span<byte> datagram)
    {
        if (!queued.TryDequeue(out byte[]? next))
        {
            return 0;
        }

        next.CopyTo(datagram);
        return next.Length;
    }

    private static nint CreateMethod()
    {
        nint method = LibSsl.CreateBioMethod(LibSsl.BioType, "datagrams");
        LibSsl.SetBioWrite(method, &OnWrite);
        LibSsl.SetBioRead(method, &OnRead);
        LibSsl.SetBioControl(method, &OnControl);
        LibSsl.SetBioDestroy(method, &OnDestroy);
        return method;
    }

    private static DatagramBio Of(nint bio) => Unsafe.As<DatagramBio>(GCHandle.FromIntPtr(LibSsl.GetBioData(bio)).Target!);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnWrite(nint bio, byte* data, int length)
    {
        Of(bio).Take(new ReadOnlySpan<byte>(data, length));
        return length;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnRead(nint bio, byte* buffer, int room)
    {
        var own = Of(bio);
        LibSsl.ClearBioFlags(bio, LibSsl.BioAllFlags);
        if (own.incoming is null)
        {
            LibSsl.SetBioFlags(bio, LibSsl.BioShouldRetryRead);
            return -1;
        }

        int length = Math.Min(room, own.incomingLength);
        new ReadOnlySpan<byte>(own.incoming, length).CopyTo(new Span<byte>(buffer, room));
        own.incoming = null;
        return length;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint OnControl(nint bio, int command, nint argument, nint pointer) => command switch
    {
        LibSsl.BioFlush => 1,
        LibSsl.BioQueryMtu or LibSsl.BioFallbackMtu => Of(bio).mtu,
        _ => 0,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnDestroy(nint bio)
    {
        GCHandle.FromIntPtr(LibSsl.GetBioData(bio)).Free();
        return 1;
    }

    private void Take(ReadOnlySpan<byte> datagram)
    {
        if (target is not null && targetLength == 0 && datagram.Length <= targetRoom)
        {
            datagram.CopyTo(new Span<byte>(target, targetRoom));
            targetLength = datagram.Length;
        }
        else if (queued.Count < MaxQueued)
        {
            queued.Enqueue(datagram.ToArray());
        }
    }
}
