using System.Security.Cryptography;

namespace Alongside.Core.Secure.P256;

/// <summary>
/// Scalar times point by the platform's ECDH, which is constant-time. It tells x alone, so a product is known up to its sign;
/// CPace allows either (x of a·(±P) is the same).
/// </summary>
internal static class ScalarMultiplication
{
    public const int ScalarLength = 32;

    private static ReadOnlySpan<byte> Order =>
    [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];

    /// <summary>1 up to the group's order, without it, each equally likely: what is out of range is drawn again.</summary>
    public static byte[] MakeScalar(IRandomSource random)
    {
        var scalar = new byte[ScalarLength];
        do
        {
            random.Fill(scalar);
        }
        while (scalar.AsSpan().SequenceCompareTo(Order) >= 0 || !scalar.AsSpan().ContainsAnyExcept((byte)0));

        return scalar;
    }

    /// <summary>x of scalar·point, 32 bytes. The point is on the curve, so it is never the identity.</summary>
    public static byte[] MultiplyX(byte[] scalar, in AffinePoint point)
    {
        using var own = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
        var bytes = point.ToBytes();
        using var other = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = bytes[1..33], Y = bytes[33..] },
        });
        using var key = other.PublicKey;
        return own.DeriveRawSecretAgreement(key);
    }
}
