using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Alongside.Net.Tls;

namespace Alongside.Net.Vnc;

/// <summary>TLS towards a VNC server (VeNCrypt): whose certificate is taken, and what is said of one that is not.</summary>
internal static class VncTls
{
    /// <param name="distrust">Hears in words why a certificate is not taken.</param>
    public static SslClientAuthenticationOptions Options(VncSourceOptions source, bool anonymous, Action<string> distrust)
    {
        if (anonymous)
        {
            return Anonymous(source);
        }

        return new()
        {
            TargetHost = source.Host,
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                bool taken = certificate is not null
                    && (source.Fingerprint is { } pinned ? CertificateFingerprint.Matches(certificate, pinned)
                        : errors == SslPolicyErrors.None || source.TrustsAny || source.IsLoopback);
                if (!taken)
                {
                    distrust(Words(source, certificate?.GetCertHashString(HashAlgorithmName.SHA256)));
                }

                return taken;
            },
        };
    }

    /// <summary>Of a key of RSA-AES, which nobody else vouches for: in words why it is not taken; null: it is.</summary>
    public static string? KeyRefusal(VncSourceOptions source, byte[] hash) =>
        source.Fingerprint is { } pinned
            ? CertificateFingerprint.TryRead(pinned, out var named) && CryptographicOperations.FixedTimeEquals(named, hash) ? null : Words(source, Convert.ToHexString(hash))
            : source.TrustsAny || source.IsLoopback ? null : Words(source, Convert.ToHexString(hash));

    /// <summary>
    /// Nobody shows a certificate, so TLS 1.3 is not possible, and OpenSSL offers such ciphers only under a policy that would allow none at all:
    /// the list says which, and each of them encrypts.
    /// </summary>
    private static SslClientAuthenticationOptions Anonymous(VncSourceOptions source) => new()
    {
        TargetHost = source.Host,
        EnabledSslProtocols = SslProtocols.Tls12,
#pragma warning disable SYSLIB0040, CA1416
        EncryptionPolicy = EncryptionPolicy.AllowNoEncryption,
        CipherSuitesPolicy = new(
        [
            TlsCipherSuite.TLS_DH_anon_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_DH_anon_WITH_AES_128_GCM_SHA256,
            TlsCipherSuite.TLS_ECDH_anon_WITH_AES_256_CBC_SHA, TlsCipherSuite.TLS_ECDH_anon_WITH_AES_128_CBC_SHA,
        ]),
#pragma warning restore SYSLIB0040, CA1416
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
    };

    private static string Words(VncSourceOptions source, string? fingerprint) =>
        fingerprint is null ? $"The VNC server {source} shows no certificate."
        : source.Fingerprint is not null
            ? $"The VNC server {source} shows another certificate or key than the one named: its SHA-256 is {fingerprint}. Either it was renewed, or somebody stands between."
            : $"No authority vouches for the certificate or key of the VNC server {source}. If its SHA-256 there is {fingerprint}, name it with --source-fingerprint; with --source-trust any, every one is taken.";
}
