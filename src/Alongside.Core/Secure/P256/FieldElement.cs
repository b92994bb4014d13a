using System.Buffers.Binary;

namespace Alongside.Core.Secure.P256;

/// <summary>
/// A number modulo p = 2^256 - 2^224 + 2^192 + 2^96 - 1, the field of P-256, in Montgomery form (times 2^256) in four limbs, lowest first.
/// Every operation takes the same steps whatever the values: no branch and no index depends on them. (Carries are comparisons that
/// the compiler turns into flags.) Values come from a secret code, so this matters; <see cref="System.Numerics.BigInteger"/> would tell.
/// </summary>
internal readonly struct FieldElement
{
    private const ulong P0 = 0xffffffffffffffff;
    private const ulong P1 = 0x00000000ffffffff;
    private const ulong P2 = 0;
    private const ulong P3 = 0xffffffff00000001;

    private readonly ulong v0;
    private readonly ulong v1;
    private readonly ulong v2;
    private readonly ulong v3;

    private FieldElement(ulong v0, ulong v1, ulong v2, ulong v3) => (this.v0, this.v1, this.v2, this.v3) = (v0, v1, v2, v3);

    public static FieldElement Zero => default;

    /// <summary>2^256 mod p = 2^256 - p.</summary>
    public static FieldElement One { get; } = new(1, ~P1, ~P2, ~P3);

    /// <summary>2^512 mod p: multiplying by it brings a plain number into Montgomery form.</summary>
    private static FieldElement MontgomerySquare { get; } = Doubled(One, 256);

    /// <summary>2^512 mod p read as an element is 2^256: what the high part of a wide number is worth.</summary>
    private static FieldElement TwoTo256 => MontgomerySquare;

    public static FieldElement FromSmall(uint value) => Multiply(new FieldElement(value, 0, 0, 0), MontgomerySquare);

    /// <summary>32 bytes, big-endian. False: the number is not below p. For public values: the answer shows.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FieldElement value)
    {
        var plain = ReadPlain(bytes);
        SubtractP(plain.v0, plain.v1, plain.v2, plain.v3, out var borrow);
        value = Multiply(plain, MontgomerySquare);
        return borrow == 1;
    }

    /// <summary>48 bytes, big-endian, reduced modulo p (RFC 9380, section 5.2: 128 bits more than p leave no bias that matters).</summary>
    public static FieldElement FromWide(ReadOnlySpan<byte> bytes)
    {
        Span<byte> high = stackalloc byte[32];
        high.Clear();
        bytes[..16].CopyTo(high[16..]);

        // The Montgomery product of any 256-bit number with something below p is reduced: no need to reduce the low part first.
        var highPart = Multiply(Multiply(ReadPlain(high), MontgomerySquare), TwoTo256);
        return Add(highPart, Multiply(ReadPlain(bytes[16..]), MontgomerySquare));
    }

    public void Write(Span<byte> bytes)
    {
        var plain = Multiply(this, new FieldElement(1, 0, 0, 0));
        BinaryPrimitives.WriteUInt64BigEndian(bytes, plain.v3);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], plain.v2);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], plain.v1);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], plain.v0);
    }

    public static FieldElement Add(in FieldElement a, in FieldElement b)
    {
        ulong carry = 0;
        var r0 = AddCarry(a.v0, b.v0, ref carry);
        var r1 = AddCarry(a.v1, b.v1, ref carry);
        var r2 = AddCarry(a.v2, b.v2, ref carry);
        var r3 = AddCarry(a.v3, b.v3, ref carry);
        return Reduce(r0, r1, r2, r3, carry);
    }

    public static FieldElement Subtract(in FieldElement a, in FieldElement b)
    {
        ulong borrow = 0;
        var r0 = SubtractBorrow(a.v0, b.v0, ref borrow);
        var r1 = SubtractBorrow(a.v1, b.v1, ref borrow);
        var r2 = SubtractBorrow(a.v2, b.v2, ref borrow);
        var r3 = SubtractBorrow(a.v3, b.v3, ref borrow);
        var mask = 0 - borrow;
        ulong carry = 0;
        r0 = AddCarry(r0, P0 & mask, ref carry);
        r1 = AddCarry(r1, P1 & mask, ref carry);
        r2 = AddCarry(r2, P2 & mask, ref carry);
        r3 = AddCarry(r3, P3 & mask, ref carry);
        return new FieldElement(r0, r1, r2, r3);
    }

    public static FieldElement Negate(in FieldElement a) => Subtract(Zero, a);

    public static FieldElement Square(in FieldElement a) => Multiply(a, a);

    /// <summary>Montgomery product a·b/2^256. Since p ends in 64 ones, the factor of each reduction step is the lowest limb itself.</summary>
    public static FieldElement Multiply(in FieldElement a, in FieldElement b)
    {
        ulong t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;
        Step(a, b.v0, ref t0, ref t1, ref t2, ref t3, ref t4);
        Step(a, b.v1, ref t0, ref t1, ref t2, ref t3, ref t4);
        Step(a, b.v2, ref t0, ref t1, ref t2, ref t3, ref t4);
        Step(a, b.v3, ref t0, ref t1, ref t2, ref t3, ref t4);
        return Reduce(t0, t1, t2, t3, t4);
    }

    /// <summary>a to the power of a public exponent, 32 bytes big-endian.</summary>
    public static FieldElement Power(in FieldElement a, ReadOnlySpan<byte> exponent)
    {
        var result = One;
        foreach (var bits in exponent)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                result = Square(result);
                if (((bits >> bit) & 1) != 0)
                {
                    result = Multiply(result, a);
                }
            }
        }

        return result;
    }

    /// <summary>1/a; of zero, zero.</summary>
    public static FieldElement Invert(in FieldElement a) => Power(a, PMinus2);

    /// <summary>A root of a, if there is one (p = 3 mod 4).</summary>
    public static FieldElement SquareRoot(in FieldElement a) => Power(a, PPlus1Over4);

    /// <summary>a to (p-3)/4, the heart of a square root of a ratio.</summary>
    public static FieldElement RatioPower(in FieldElement a) => Power(a, PMinus3Over4);

    /// <summary>All ones if equal, else zero.</summary>
    public static ulong EqualMask(in FieldElement a, in FieldElement b) =>
        ZeroMask((a.v0 ^ b.v0) | (a.v1 ^ b.v1) | (a.v2 ^ b.v2) | (a.v3 ^ b.v3));

    public static ulong ZeroMask(in FieldElement a) => ZeroMask(a.v0 | a.v1 | a.v2 | a.v3);

    /// <summary>All ones if the plain number is odd (RFC 9380's sgn0 = 1), else zero.</summary>
    public static ulong OddMask(in FieldElement a) => 0 - (Multiply(a, new FieldElement(1, 0, 0, 0)).v0 & 1);

    /// <summary><paramref name="whenOnes"/> where the mask is all ones, <paramref name="whenZero"/> where it is zero.</summary>
    public static FieldElement Select(ulong mask, in FieldElement whenOnes, in FieldElement whenZero) => new(
        whenZero.v0 ^ (mask & (whenOnes.v0 ^ whenZero.v0)),
        whenZero.v1 ^ (mask & (whenOnes.v1 ^ whenZero.v1)),
        whenZero.v2 ^ (mask & (whenOnes.v2 ^ whenZero.v2)),
        whenZero.v3 ^ (mask & (whenOnes.v3 ^ whenZero.v3)));

    private static ReadOnlySpan<byte> PMinus2 =>
    [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfd,
    ];

    private static ReadOnlySpan<byte> PPlus1Over4 =>
    [
        0x3f, 0xff, 0xff, 0xff, 0xc0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    private static ReadOnlySpan<byte> PMinus3Over4 =>
    [
        0x3f, 0xff, 0xff, 0xff, 0xc0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    ];

    private static FieldElement ReadPlain(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes));

    private static FieldElement Doubled(FieldElement value, int times)
    {
        for (var i = 0; i < times; i++)
        {
            value = Add(value, value);
        }

        return value;
    }

    private static void Step(in FieldElement a, ulong b, ref ulong t0, ref ulong t1, ref ulong t2, ref ulong t3, ref ulong t4)
    {
        ulong carry = 0;
        t0 = MultiplyAdd(a.v0, b, t0, ref carry);
        t1 = MultiplyAdd(a.v1, b, t1, ref carry);
        t2 = MultiplyAdd(a.v2, b, t2, ref carry);
        t3 = MultiplyAdd(a.v3, b, t3, ref carry);
        ulong top = 0;
        t4 = AddCarry(t4, carry, ref top);

        // t + t0·p ends in a zero limb; t0·(2^64 - 1) + t0 = t0·2^64, so the first carry is t0.
        var m = t0;
        carry = m;
        t0 = MultiplyAdd(m, P1, t1, ref carry);
        t1 = MultiplyAdd(m, P2, t2, ref carry);
        t2 = MultiplyAdd(m, P3, t3, ref carry);
        ulong next = 0;
        t3 = AddCarry(t4, carry, ref next);
        t4 = top + next;
    }

    private static FieldElement Reduce(ulong r0, ulong r1, ulong r2, ulong r3, ulong top)
    {
        var less = SubtractP(r0, r1, r2, r3, out var borrow);

        // Below p exactly when nothing stands above and the subtraction borrowed.
        var keep = 0 - (borrow & ~top & 1);
        return Select(keep, new FieldElement(r0, r1, r2, r3), less);
    }

    private static FieldElement SubtractP(ulong r0, ulong r1, ulong r2, ulong r3, out ulong borrow)
    {
        borrow = 0;
        var s0 = SubtractBorrow(r0, P0, ref borrow);
        var s1 = SubtractBorrow(r1, P1, ref borrow);
        var s2 = SubtractBorrow(r2, P2, ref borrow);
        var s3 = SubtractBorrow(r3, P3, ref borrow);
        return new FieldElement(s0, s1, s2, s3);
    }

    private static ulong ZeroMask(ulong bits) => ((bits | (0 - bits)) >> 63) - 1;

    private static ulong AddCarry(ulong a, ulong b, ref ulong carry)
    {
        var sum = a + b;
        var over = sum < a ? 1UL : 0UL;
        var result = sum + carry;
        carry = over + (result < sum ? 1UL : 0UL);
        return result;
    }

    private static ulong SubtractBorrow(ulong a, ulong b, ref ulong borrow)
    {
        var difference = a - b;
        var under = a < b ? 1UL : 0UL;
        var result = difference - borrow;
        borrow = under + (difference < borrow ? 1UL : 0UL);
        return result;
    }

    /// <summary>a·b + c + carry, which always fits two limbs.</summary>
    private static ulong MultiplyAdd(ulong a, ulong b, ulong c, ref ulong carry)
    {
        var high = Math.BigMul(a, b, out var low);
        low += c;
        high += low < c ? 1UL : 0UL;
        low += carry;
        high += low < carry ? 1UL : 0UL;
        carry = high;
        return low;
    }
}
