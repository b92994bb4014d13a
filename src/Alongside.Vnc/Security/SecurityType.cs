namespace Alongside.Vnc.Security;

/// <summary>How the two sides agree who they are (RFB 7.1.2).</summary>
public static class SecurityType
{
    public const byte Invalid = 0;
    public const byte None = 1;
    public const byte VncAuth = 2;
    public const byte RsaAes = 5;
    public const byte RsaAesUnencrypted = 6;
    public const byte Tight = 16;
    public const byte VeNCrypt = 19;
    public const byte RsaAes256 = 129;
    public const byte RsaAes256Unencrypted = 130;
}

/// <summary>The second choice within VeNCrypt (RFB 7.2.17). Tls is anonymous, X509 shows a certificate.</summary>
public static class VeNCryptType
{
    public const uint Plain = 256;
    public const uint TlsNone = 257;
    public const uint TlsVnc = 258;
    public const uint TlsPlain = 259;
    public const uint X509None = 260;
    public const uint X509Vnc = 261;
    public const uint X509Plain = 262;
}
