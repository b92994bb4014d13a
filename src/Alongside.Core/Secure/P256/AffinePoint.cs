namespace Alongside.Core.Secure.P256;

/// <summary>y² = x³ - 3x + b.</summary>
internal static class Curve
{
    public const int PointLength = 65;

    public static FieldElement A { get; } = FieldElement.Negate(FieldElement.FromSmall(3));

    public static FieldElement B { get; } = Read("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    public static FieldElement RightSide(in FieldElement x) =>
        FieldElement.Add(FieldElement.Multiply(FieldElement.Add(FieldElement.Square(x), A), x), B);

    private static FieldElement Read(string hex)
    {
        FieldElement.TryRead(Convert.FromHexString(hex), out var value);
        return value;
    }
}

/// <summary>A point of P-256 other than the identity, which has no such form. On the wire: 0x04, x, y (SEC 1, uncompressed).</summary>
internal readonly struct AffinePoint(FieldElement x, FieldElement y)
{
    public FieldElement X => x;

    public FieldElement Y => y;

    /// <summary>False: not 65 bytes of an uncompressed point, a coordinate not below p, or not on the curve.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out AffinePoint point)
    {
        point = default;
        if (bytes.Length != Curve.PointLength || bytes[0] != 4
            || !FieldElement.TryRead(bytes[1..33], out var x) || !FieldElement.TryRead(bytes[33..], out var y))
        {
            return false;
        }

        point = new AffinePoint(x, y);
        return point.IsOnCurve;
    }

    /// <summary>The point of this x whose y is even; false: there is none.</summary>
    public static bool TryLift(ReadOnlySpan<byte> xBytes, out AffinePoint point)
    {
        point = default;
        if (xBytes.Length != 32 || !FieldElement.TryRead(xBytes, out var x))
        {
            return false;
        }

        var y = FieldElement.SquareRoot(Curve.RightSide(x));
        point = new AffinePoint(x, FieldElement.Select(FieldElement.OddMask(y), FieldElement.Negate(y), y));
        return point.IsOnCurve;
    }

    public bool IsOnCurve => FieldElement.EqualMask(FieldElement.Square(y), Curve.RightSide(x)) != 0;

    public byte[] ToBytes()
    {
        var bytes = new byte[Curve.PointLength];
        bytes[0] = 4;
        x.Write(bytes.AsSpan(1));
        y.Write(bytes.AsSpan(33));
        return bytes;
    }
}
