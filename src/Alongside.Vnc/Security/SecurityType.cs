namespace Alongside.Vnc.Security;

/// <summary>How the two sides agree who they are (RFB 7.1.2).</summary>
public static class SecurityType
{
    /// <summary>No type: what a server of RFB 3.3 sends before its reason to let nobody in.</summary>
    public const byte Invalid = 0;

    /// <summary>Nothing is asked.</summary>
    public const byte None = 1;

    /// <summary>A password by challenge and answer, eight characters of it: <see cref="Security.VncAuth"/>.</summary>
    public const byte VncAuth = 2;

    /// <summary>RSA-AES, 128 bits, everything encrypted.</summary>
    public const byte RsaAes = 5;

    /// <summary>The same for the password alone.</summary>
    public const byte RsaAesUnencrypted = 6;

    /// <summary>TightVNC's own; not spoken here.</summary>
    public const byte Tight = 16;

    /// <summary>TLS, and then a password, user and password, or nothing.</summary>
    public const byte VeNCrypt = 19;

    /// <summary>RSA-AES, 256 bits, everything encrypted.</summary>
    public const byte RsaAes256 = 129;

    /// <summary>The same for the password alone.</summary>
    public const byte RsaAes256Unencrypted = 130;
}

/// <summary>The second choice within VeNCrypt (RFB 7.2.17). Tls is anonymous, X509 shows a certificate.</summary>
internal static class VeNCryptType
{
    public const uint Plain = 256;
    public const uint TlsNone = 257;
    public const uint TlsVnc = 258;
    public const uint TlsPlain = 259;
    public const uint X509None = 260;
    public const uint X509Vnc = 261;
    public const uint X509Plain = 262;
}
