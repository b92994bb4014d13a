using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Alongside.Rtc.Dtls.OpenSsl;

/// <summary>
/// DTLS 1.2 by OpenSSL. Certificates are not judged by who signed them but by the fingerprint that came through the secure channel, before any data.
/// </summary>
/// <remarks>
/// OpenSSL asks the system's clock when a flight is to be sent again; it cannot be told the time. So this is the one class here that a simulation
/// cannot run under virtual time (it runs a stand-in): the caller's clock decides when to look, OpenSSL's whether it is time.
/// </remarks>
public sealed unsafe class OpenSslDtls : IDtlsSession
{
    /// <summary>What fits where IPv6, a relay and a tunnel share 1280 bytes.</summary>
    public const int DefaultMtu = 1200;

    private const int RecordHeader = 13, Nonce = 8, Tag = 16;

    /// <summary>Record header, explicit nonce, tag: AES-GCM, the longest of the suites.</summary>
    private const int RecordOverhead = RecordHeader + Nonce + Tag;

    /// <summary>A session without a datagram for so long lets go of its buffers, which for DTLS OpenSSL keeps in any mode: 19 KB.</summary>
    private const long RestAfter = 1_000_000;

    private const uint FirstRepeat = 200_000, LastRepeat = 2_000_000;

    private const string Ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

    /// <summary>Named though no media pass: werift speaks to nobody who has no profile.</summary>
    private const string SrtpProfiles = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";

    private static readonly Lazy<ContextHandle> Context = new(CreateContext);

    private readonly SessionHandle session;
    private readonly DatagramBio bio;
    private readonly Fingerprint expected;
    private long timeoutAt = long.MaxValue;
    private long restAt = long.MaxValue;
    private bool isUsed = true;
    private bool isResting;

    /// <summary>Of an encrypted record, behind its header: one with nothing in it.</summary>
    private int shortest;

    /// <param name="identity">Not needed any longer when this returns.</param>
    /// <param name="expected">The certificate the peer must show.</param>
    /// <param name="mtu">The longest handshake datagram.</param>
    public OpenSslDtls(DtlsIdentity identity, Fingerprint expected, bool isClient, int mtu = DefaultMtu)
    {
        this.expected = expected;
        session = LibSsl.CreateSession(Context.Value);
        bio = new DatagramBio(mtu);
        LibSsl.SetBio(session, bio.Handle, bio.Handle);
        if (LibSsl.UseCertificate(session, identity.Certificate) != 1 || LibSsl.UseKey(session, identity.Key) != 1)
        {
            throw new InvalidOperationException($"OpenSSL did not take an identity: {LibSsl.TakeError()}.");
        }

        LibSsl.Control(session, LibSsl.ControlSetMtu, mtu, null);
        LibSsl.SetTimer(session, &NextRepeat);
        if (isClient)
        {
            LibSsl.SetClient(session);
        }
        else
        {
            LibSsl.SetServer(session);
        }
    }

    /// <summary>Whether this machine has the library.</summary>
    public static bool IsPresent => LibSsl.IsPresent;

    public DtlsState State { get; private set; }

    public string? EndReason { get; private set; }

    public long NextTimeout => State switch
    {
        DtlsState.Handshaking => timeoutAt,
        DtlsState.Connected => restAt,
        _ => long.MaxValue,
    };

    public int Overhead => RecordOverhead;

    public void Start(long now) => Advance(now);

    public int Receive(long now, ReadOnlySpan<byte> datagram, Span<byte> plaintext)
    {
        if (State == DtlsState.Ended)
        {
            return 0;
        }

        if (State == DtlsState.Connected)
        {
            datagram = datagram[..Sound(datagram)];
        }

        Wake();
        fixed (byte* data = datagram, place = plaintext)
        {
            bio.BeginIncoming(datagram.IsEmpty ? null : data, datagram.Length);
            try
            {
                if (State == DtlsState.Handshaking && !Advance(now))
                {
                    return 0;
                }

                LibSsl.ClearErrors();
                int length = LibSsl.Read(session, place, plaintext.Length);
                if (length <= 0)
                {
                    OnFailure(length);
                }

                return Math.Max(0, length);
            }
            finally
            {
                bio.EndIncoming();
            }
        }
    }

    public int Protect(ReadOnlySpan<byte> plaintext, Span<byte> datagram)
    {
        if (State != DtlsState.Connected)
        {
            return 0;
        }

        Wake();
        fixed (byte* data = plaintext, place = datagram)
        {
            LibSsl.ClearErrors();
            bio.BeginTarget(place, datagram.Length);
            int written = LibSsl.Write(session, data, plaintext.Length);
            int length = bio.EndTarget();
            if (written <= 0)
            {
                OnFailure(written);
            }

            return length;
        }
    }

    public int Poll(long now, Span<byte> datagram)
    {
        if (State == DtlsState.Handshaking && now >= timeoutAt)
        {
            if (LibSsl.Control(session, LibSsl.ControlHandleTimeout, 0, null) < 0)
            {
                End($"The peer did not answer the handshake: {LibSsl.TakeError()}.");
            }

            ReadTimeout(now);
        }

        if (State == DtlsState.Connected)
        {
            RestIfIdle(now);
        }

        return bio.Poll(datagram);
    }

    public void Close()
    {
        if (State == DtlsState.Connected)
        {
            Wake();
            LibSsl.Shutdown(session);
            LibSsl.ClearErrors();
        }

        End("Closed.");
    }

    public void Dispose() => session.Dispose();

    private static ContextHandle CreateContext()
    {
        var context = LibSsl.CreateContext(LibSsl.DtlsMethod());
        if (context.IsInvalid || LibSsl.SetCiphers(context, Ciphers) != 1 || LibSsl.SetSrtpProfiles(context, SrtpProfiles) != 0)
        {
            throw new InvalidOperationException($"OpenSSL has no DTLS 1.2: {LibSsl.TakeError()}.");
        }

        LibSsl.Control(context, LibSsl.ControlMinVersion, LibSsl.Dtls12, 0);
        LibSsl.Control(context, LibSsl.ControlMaxVersion, LibSsl.Dtls12, 0);
        LibSsl.Control(context, LibSsl.ControlSessionCache, 0, 0);
        LibSsl.Control(context, LibSsl.ControlMode, LibSsl.ReleaseBuffers, 0);

        // Its buffer for writing is as long as this; our records are shorter.
        LibSsl.Control(context, LibSsl.ControlMaxFragment, 2048, 0);
        LibSsl.SetOptions(context, LibSsl.NoQueryMtu | LibSsl.NoTicket | LibSsl.NoRenegotiation);
        LibSsl.SetVerify(context, LibSsl.VerifyPeer | LibSsl.FailWithoutCertificate, &AcceptForNow);
        return context;
    }

    /// <summary>Every chain is taken; <see cref="CheckPeer"/> decides.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AcceptForNow(int isGood, nint store) => 1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint NextRepeat(nint session, uint last) => last == 0 ? FirstRepeat : Math.Min(LastRepeat, last * 2);

    /// <summary>Goes on with the handshake. Whether it is over, and well.</summary>
    private bool Advance(long now)
    {
        LibSsl.ClearErrors();
        int result = LibSsl.Handshake(session);
        if (result == 1)
        {
            CheckPeer();
            return State == DtlsState.Connected;
        }

        OnFailure(result);
        ReadTimeout(now);
        return false;
    }

    private void CheckPeer()
    {
        using var certificate = LibSsl.PeerCertificate(session);
        if (certificate.IsInvalid || !Fingerprint.OfCertificate(Der(certificate)).Equals(expected))
        {
            LibSsl.Shutdown(session);
            LibSsl.ClearErrors();
            End("The peer showed another certificate than the one that was announced.");
            return;
        }

        // It has been shown, and is asked for no more: flights are repeated as they were.
        LibSsl.ClearCertificates(session);
        shortest = LibSsl.CipherName(LibSsl.CurrentCipher(session)) == LibSsl.ChaCha ? Tag : Nonce + Tag;
        State = DtlsState.Connected;
    }

    /// <summary>
    /// How much of a datagram OpenSSL may see: up to an encrypted record that is too short to be one. It ends the session on that, and anybody could send it.
    /// </summary>
    /// <remarks><code>type:u8  version:u16  epoch:u16  sequence:u48  length:u16</code></remarks>
    private int Sound(ReadOnlySpan<byte> datagram)
    {
        int at = 0;
        while (datagram.Length - at >= RecordHeader)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 11)..]);
            bool isEncrypted = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 3)..]) != 0;
            if ((isEncrypted && length < shortest) || datagram.Length - at - RecordHeader < length)
            {
                return at;
            }

            at += RecordHeader + length;
        }

        return at;
    }

    /// <summary>Looks once in <see cref="RestAfter"/>, so that not every datagram sets a timer.</summary>
    private void RestIfIdle(long now)
    {
        if (isUsed && (restAt == long.MaxValue || now >= restAt))
        {
            isUsed = false;
            restAt = now + RestAfter;
        }
        else if (now >= restAt)
        {
            restAt = long.MaxValue;
            isResting = LibSsl.FreeBuffers(session) == 1;
        }
    }

    private void Wake()
    {
        isUsed = true;
        if (isResting)
        {
            // Only reading makes new ones by itself.
            isResting = LibSsl.AllocateBuffers(session) != 1;
            if (isResting)
            {
                throw new InvalidOperationException($"OpenSSL found no room for a record: {LibSsl.TakeError()}.");
            }
        }
    }

    private static byte[] Der(CertificateHandle certificate)
    {
        byte[] der = new byte[Math.Max(0, LibSsl.WriteCertificate(certificate, null))];
        fixed (byte* start = der)
        {
            byte* at = start;
            LibSsl.WriteCertificate(certificate, &at);
        }

        return der;
    }

    private void OnFailure(int result)
    {
        switch (LibSsl.GetError(session, result))
        {
            case LibSsl.ErrorWantRead:
                LibSsl.ClearErrors();
                break;
            case LibSsl.ErrorZeroReturn:
                End("The peer said farewell.");
                break;
            default:
                End($"DTLS failed: {LibSsl.TakeError()}.");
                break;
        }
    }

    private void End(string reason)
    {
        State = DtlsState.Ended;
        EndReason ??= reason;
    }

    private void ReadTimeout(long now)
    {
        Timeval left;
        timeoutAt = LibSsl.Control(session, LibSsl.ControlGetTimeout, 0, &left) == 1 ? now + (left.Seconds * 1_000_000) + left.Microseconds : long.MaxValue;
    }

    private struct Timeval
    {
        public long Seconds;
        public long Microseconds;
    }
}
