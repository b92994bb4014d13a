using System.Security.Cryptography;
using Alongside.Core.Secure.P256;
using Alongside.Core.Wire;

namespace Alongside.Core.Secure;

/// <summary>
/// CPace (draft-irtf-cfrg-cpace-21), suite CPACE-P256_XMD:SHA-256_SSWU_NU_-SHA256, initiator-responder. Two sides that know the same
/// short secret come to the same key; whoever does not know it has one guess a run and learns nothing else.
/// </summary>
internal static class Cpace
{
    public const int ShareLength = Curve.PointLength;

    private const int HashBlock = 64;

    private static readonly byte[] Dsi = "CPaceP256_XMD:SHA-256_SSWU_NU_"u8.ToArray();
    private static readonly byte[] DsiDst = [.. Dsi, .. "_DST"u8];
    private static readonly byte[] DsiIsk = [.. Dsi, .. "_ISK"u8];

    /// <summary>The generator that only those who know the secret can find (calculate_generator).</summary>
    public static AffinePoint Generator(byte[] secret, byte[] channel, byte[] sid)
    {
        var padding = HashBlock - 1 - LengthPrefixed.Length(secret.Length) - LengthPrefixed.Length(Dsi.Length);
        var text = LengthPrefixed.Join(Dsi, secret, new byte[Math.Max(0, padding)], channel, sid);
        var generator = HashToCurve.Encode(text, DsiDst);
        CryptographicOperations.ZeroMemory(text);
        return generator;
    }

    /// <summary>scalar·generator, of the two points of its x the one with even y.</summary>
    public static byte[] Share(byte[] scalar, in AffinePoint generator) =>
        AffinePoint.TryLift(ScalarMultiplication.MultiplyX(scalar, generator), out var share)
            ? share.ToBytes()
            : throw new CryptographicException("The platform's ECDH gave an x that is not on P-256.");

    /// <summary>K: x of scalar·share. A share that is not a point of the curve, or the identity, is the peer's mistake.</summary>
    public static byte[] SharedSecret(byte[] scalar, ReadOnlySpan<byte> share) =>
        AffinePoint.TryRead(share, out var point)
            ? ScalarMultiplication.MultiplyX(scalar, point)
            : throw new ProtocolException("A public share was not a point of P-256.");

    /// <summary>ISK of the initiator-responder setting.</summary>
    public static byte[] SessionKey(byte[] sid, byte[] k, byte[] shareA, byte[] adA, byte[] shareB, byte[] adB)
    {
        var text = LengthPrefixed.Join(DsiIsk, sid, k, shareA, adA, shareB, adB);
        var isk = SHA256.HashData(text);
        CryptographicOperations.ZeroMemory(text);
        return isk;
    }
}
