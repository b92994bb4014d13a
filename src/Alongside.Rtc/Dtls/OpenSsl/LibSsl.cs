using System.Runtime.InteropServices;

namespace Alongside.Rtc.Dtls.OpenSsl;

/// <summary>The few functions of OpenSSL 3 that a DTLS session needs. What has no function of its own goes through <c>SSL_ctrl</c> by number.</summary>
internal static unsafe partial class LibSsl
{
    public const int Dtls12 = 0xFEFD;
    public const int ControlSetMtu = 17, ControlMode = 33, ControlSessionCache = 44, ControlMaxFragment = 52, ControlGetTimeout = 73, ControlHandleTimeout = 74,
        ControlMinVersion = 123, ControlMaxVersion = 124;
    public const ulong NoQueryMtu = 1UL << 12, NoTicket = 1UL << 14, NoRenegotiation = 1UL << 30;
    public const nint ReleaseBuffers = 0x10;
    public const int VerifyPeer = 1, FailWithoutCertificate = 2;
    /// <summary>NID_chacha20_poly1305.</summary>
    public const int ChaCha = 1018;
    public const int ErrorWantRead = 2, ErrorZeroReturn = 6;

    /// <summary>BIO_TYPE_SOURCE_SINK, and a number of ours.</summary>
    public const int BioType = 0x0400 | 0x7F;
    public const int BioShouldRetryRead = 0x01 | 0x08, BioAllFlags = 0x0F;
    public const int BioFlush = 11, BioQueryMtu = 40, BioFallbackMtu = 47, BioMtuOverhead = 49;

    private const string Ssl = "libssl.so.3", Crypto = "libcrypto.so.3";

    /// <summary>Whether the library is on this machine; without it there is no direct path.</summary>
    public static bool IsPresent { get; } = NativeLibrary.TryLoad(Ssl, typeof(LibSsl).Assembly, null, out _);

    [LibraryImport(Ssl, EntryPoint = "DTLS_method")]
    public static partial nint DtlsMethod();

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_new")]
    public static partial ContextHandle CreateContext(nint method);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_ctrl")]
    public static partial nint Control(ContextHandle context, int command, nint argument, nint pointer);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_options")]
    public static partial ulong SetOptions(ContextHandle context, ulong options);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_cipher_list", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetCiphers(ContextHandle context, string ciphers);

    /// <summary>0 when all is well, unlike the others.</summary>
    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_tlsext_use_srtp", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetSrtpProfiles(ContextHandle context, string profiles);

    [LibraryImport(Ssl, EntryPoint = "SSL_CTX_set_verify")]
    public static partial void SetVerify(ContextHandle context, int mode, delegate* unmanaged[Cdecl]<int, nint, int> callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_new")]
    public static partial SessionHandle CreateSession(ContextHandle context);

    [LibraryImport(Ssl, EntryPoint = "SSL_free")]
    public static partial void FreeSession(nint session);

    [LibraryImport(Ssl, EntryPoint = "SSL_ctrl")]
    public static partial nint Control(SessionHandle session, int command, nint argument, void* pointer);

    [LibraryImport(Ssl, EntryPoint = "DTLS_set_timer_cb")]
    public static partial void SetTimer(SessionHandle session, delegate* unmanaged[Cdecl]<nint, uint, uint> callback);

    [LibraryImport(Ssl, EntryPoint = "SSL_use_certificate")]
    public static partial int UseCertificate(SessionHandle session, CertificateHandle certificate);

    [LibraryImport(Ssl, EntryPoint = "SSL_use_PrivateKey")]
    public static partial int UseKey(SessionHandle session, KeyHandle key);

    /// <summary>The session's references to its own certificate and key go.</summary>
    [LibraryImport(Ssl, EntryPoint = "SSL_certs_clear")]
    public static partial void ClearCertificates(SessionHandle session);

    /// <summary>The buffers that records are read into and written from; 0: there is still something in them, and they stay.</summary>
    [LibraryImport(Ssl, EntryPoint = "SSL_free_buffers")]
    public static partial int FreeBuffers(SessionHandle session);

    [LibraryImport(Ssl, EntryPoint = "SSL_alloc_buffers")]
    public static partial int AllocateBuffers(SessionHandle session);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_bio")]
    public static partial void SetBio(SessionHandle session, nint read, nint write);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_connect_state")]
    public static partial void SetClient(SessionHandle session);

    [LibraryImport(Ssl, EntryPoint = "SSL_set_accept_state")]
    public static partial void SetServer(SessionHandle session);

    [LibraryImport(Ssl, EntryPoint = "SSL_do_handshake")]
    public static partial int Handshake(SessionHandle session);

    [LibraryImport(Ssl, EntryPoint = "SSL_read")]
    public static partial int Read(SessionHandle session, byte* buffer, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_write")]
    public static partial int Write(SessionHandle session, byte* buffer, int length);

    [LibraryImport(Ssl, EntryPoint = "SSL_shutdown")]
    public static partial int Shutdown(SessionHandle session);

    [LibraryImport(Ssl, EntryPoint = "SSL_get_error")]
    public static partial int GetError(SessionHandle session, int result);

    /// <summary>Not to be freed.</summary>
    [LibraryImport(Ssl, EntryPoint = "SSL_get_current_cipher")]
    public static partial nint CurrentCipher(SessionHandle session);

    [LibraryImport(Ssl, EntryPoint = "SSL_CIPHER_get_cipher_nid")]
    public static partial int CipherName(nint cipher);

    [LibraryImport(Ssl, EntryPoint = "SSL_get1_peer_certificate")]
    public static partial CertificateHandle PeerCertificate(SessionHandle session);

    [LibraryImport(Crypto, EntryPoint = "d2i_X509")]
    public static partial CertificateHandle ReadCertificate(nint reuse, byte** der, nint length);

    [LibraryImport(Crypto, EntryPoint = "i2d_X509")]
    public static partial int WriteCertificate(CertificateHandle certificate, byte** der);

    [LibraryImport(Crypto, EntryPoint = "X509_free")]
    public static partial void FreeCertificate(nint certificate);

    [LibraryImport(Crypto, EntryPoint = "d2i_AutoPrivateKey")]
    public static partial KeyHandle ReadKey(nint reuse, byte** der, nint length);

    [LibraryImport(Crypto, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint CreateBioMethod(int type, string name);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_write")]
    public static partial int SetBioWrite(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> callback);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_read")]
    public static partial int SetBioRead(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> callback);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_ctrl")]
    public static partial int SetBioControl(nint method, delegate* unmanaged[Cdecl]<nint, int, nint, nint, nint> callback);

    [LibraryImport(Crypto, EntryPoint = "BIO_meth_set_destroy")]
    public static partial int SetBioDestroy(nint method, delegate* unmanaged[Cdecl]<nint, int> callback);

    [LibraryImport(Crypto, EntryPoint = "BIO_new")]
    public static partial nint CreateBio(nint method);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_init")]
    public static partial void SetBioReady(nint bio, int ready);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_data")]
    public static partial void SetBioData(nint bio, nint data);

    [LibraryImport(Crypto, EntryPoint = "BIO_get_data")]
    public static partial nint GetBioData(nint bio);

    [LibraryImport(Crypto, EntryPoint = "BIO_set_flags")]
    public static partial void SetBioFlags(nint bio, int flags);

    [LibraryImport(Crypto, EntryPoint = "BIO_clear_flags")]
    public static partial void ClearBioFlags(nint bio, int flags);

    [LibraryImport(Crypto, EntryPoint = "ERR_get_error")]
    private static partial nuint GetErrorCode();

    [LibraryImport(Crypto, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    [LibraryImport(Crypto, EntryPoint = "ERR_reason_error_string")]
    private static partial nint Describe(nuint code);

    /// <summary>What OpenSSL says went wrong last on this thread.</summary>
    public static string TakeError()
    {
        nuint code = GetErrorCode();
        ClearErrors();
        return Marshal.PtrToStringUTF8(Describe(code)) ?? "no reason given";
    }
}

/// <summary>A pointer of OpenSSL's, freed as its kind is.</summary>
internal abstract class OwnedPointer(Action<nint> free) : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        free(handle);
        return true;
    }
}

internal sealed class ContextHandle() : OwnedPointer(LibSsl.FreeContext);

/// <summary>SSL*, and with it its BIO.</summary>
internal sealed class SessionHandle() : OwnedPointer(LibSsl.FreeSession);

internal sealed class CertificateHandle() : OwnedPointer(LibSsl.FreeCertificate);

internal sealed class KeyHandle() : OwnedPointer(LibSsl.FreeKey);
