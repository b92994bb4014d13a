using System.Security.Cryptography;

namespace Alongside.Core.Secure.P256;

/// <summary>RFC 9380, suite P256_XMD:SHA-256_SSWU_NU_: bytes to a point whose logarithm nobody knows.</summary>
internal static class HashToCurve
{
    private static readonly FieldElement Z = FieldElement.Negate(FieldElement.FromSmall(10));
    private static readonly FieldElement RootOfMinusZ = FieldElement.SquareRoot(FieldElement.FromSmall(10));

    /// <summary>encode_to_curve of RFC 9380, section 3. P-256 has cofactor 1: nothing to clear.</summary>
    public static AffinePoint Encode(ReadOnlySpan<byte> message, ReadOnlySpan<byte> domain)
    {
        Span<byte> uniform = stackalloc byte[48];
        ExpandMessage(message, domain, uniform);
        return MapToCurve(FieldElement.FromWide(uniform));
    }

    /// <summary>expand_message_xmd with SHA-256 (section 5.3.1).</summary>
    public static void ExpandMessage(ReadOnlySpan<byte> message, ReadOnlySpan<byte> domain, Span<byte> output)
    {
        if (output.Length > 255 * 32 || domain.Length > 255)
        {
            throw new ArgumentOutOfRangeException(nameof(output));
        }

        Span<byte> domainPrime = stackalloc byte[domain.Length + 1];
        domain.CopyTo(domainPrime);
        domainPrime[^1] = (byte)domain.Length;

        Span<byte> zeros = stackalloc byte[64];
        zeros.Clear();
        Span<byte> first = stackalloc byte[32];
        Span<byte> block = stackalloc byte[32];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(zeros);
        hash.AppendData(message);
        hash.AppendData([(byte)(output.Length >> 8), (byte)output.Length, 0]);
        hash.AppendData(domainPrime);
        hash.GetHashAndReset(first);

        block.Clear();
        for (var i = 1; !output.IsEmpty; i++)
        {
            for (var at = 0; at < 32; at++)
            {
                block[at] ^= first[at];
            }

            hash.AppendData(block);
            hash.AppendData([(byte)i]);
            hash.AppendData(domainPrime);
            hash.GetHashAndReset(block);
            var taken = Math.Min(32, output.Length);
            block[..taken].CopyTo(output);
            output = output[taken..];
        }
    }

    /// <summary>Simplified SWU in straight lines (appendix F.2), with sqrt_ratio for p = 3 mod 4 (F.2.1.2).</summary>
    public static AffinePoint MapToCurve(in FieldElement u)
    {
        var tv1 = FieldElement.Multiply(Z, FieldElement.Square(u));
        var tv2 = FieldElement.Add(FieldElement.Square(tv1), tv1);
        var tv3 = FieldElement.Multiply(Curve.B, FieldElement.Add(tv2, FieldElement.One));
        var tv4 = FieldElement.Select(FieldElement.ZeroMask(tv2), Z, FieldElement.Negate(tv2));
        tv4 = FieldElement.Multiply(Curve.A, tv4);
        tv2 = FieldElement.Square(tv3);
        var tv6 = FieldElement.Square(tv4);
        tv2 = FieldElement.Add(tv2, FieldElement.Multiply(Curve.A, tv6));
        tv2 = FieldElement.Multiply(tv2, tv3);
        tv6 = FieldElement.Multiply(tv6, tv4);
        tv2 = FieldElement.Add(tv2, FieldElement.Multiply(Curve.B, tv6));
        var x = FieldElement.Multiply(tv1, tv3);
        var isSquare = SquareRootOfRatio(tv2, tv6, out var y1);
        var y = FieldElement.Multiply(FieldElement.Multiply(tv1, u), y1);
        x = FieldElement.Select(isSquare, tv3, x);
        y = FieldElement.Select(isSquare, y1, y);
        var sameSign = ~(FieldElement.OddMask(u) ^ FieldElement.OddMask(y));
        y = FieldElement.Select(sameSign, y, FieldElement.Negate(y));
        return new AffinePoint(FieldElement.Multiply(x, FieldElement.Invert(tv4)), y);
    }

    /// <summary>All ones: u/v is a square and y its root. Zero: y is the root of Z·u/v.</summary>
    private static ulong SquareRootOfRatio(in FieldElement u, in FieldElement v, out FieldElement y)
    {
        var uv = FieldElement.Multiply(u, v);
        var y1 = FieldElement.Multiply(FieldElement.RatioPower(FieldElement.Multiply(FieldElement.Square(v), uv)), uv);
        var y2 = FieldElement.Multiply(y1, RootOfMinusZ);
        var isSquare = FieldElement.EqualMask(FieldElement.Multiply(FieldElement.Square(y1), v), u);
        y = FieldElement.Select(isSquare, y1, y2);
        return isSquare;
    }
}
