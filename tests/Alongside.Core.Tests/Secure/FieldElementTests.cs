using System.Numerics;
using Alongside.Core.Secure.P256;
using Alongside.Testing;

namespace Alongside.Core.Tests.Secure;

/// <summary>The fixed-limb field against BigInteger, at random values and at the edges where carries go wrong.</summary>
public sealed class FieldElementTests
{
    private static readonly BigInteger P = (BigInteger.One << 256) - (BigInteger.One << 224) + (BigInteger.One << 192) + (BigInteger.One << 96) - 1;

    private static IEnumerable<BigInteger> Values()
    {
        foreach (var shift in new[] { 0, 32, 63, 64, 96, 127, 128, 192, 224, 255 })
        {
            var power = BigInteger.One << shift;
            yield return power;
            yield return power - 1;
            yield return P - power;
        }

        yield return P - 2;
        var random = new SeededRandomSource(1);
        var bytes = new byte[32];
        for (var i = 0; i < 60; i++)
        {
            random.Fill(bytes);
            yield return new BigInteger(bytes, isUnsigned: true) % P;
        }
    }

    [Fact]
    public void Adds_subtracts_and_multiplies_like_the_oracle()
    {
        var values = Values().ToArray();
        foreach (var a in values)
        {
            foreach (var b in values)
            {
                Assert.Equal((a + b) % P, Plain(FieldElement.Add(Element(a), Element(b))));
                Assert.Equal((a - b + P) % P, Plain(FieldElement.Subtract(Element(a), Element(b))));
                Assert.Equal(a * b % P, Plain(FieldElement.Multiply(Element(a), Element(b))));
            }
        }
    }

    [Fact]
    public void Inverts_negates_takes_roots_and_signs_like_the_oracle()
    {
        foreach (var a in Values())
        {
            var element = Element(a);
            Assert.Equal(BigInteger.ModPow(a, P - 2, P), Plain(FieldElement.Invert(element)));
            Assert.Equal((P - a) % P, Plain(FieldElement.Negate(element)));
            Assert.Equal(BigInteger.ModPow(a, (P + 1) / 4, P), Plain(FieldElement.SquareRoot(element)));
            Assert.Equal(BigInteger.ModPow(a, (P - 3) / 4, P), Plain(FieldElement.RatioPower(element)));
            Assert.Equal(a.IsEven ? 0 : ulong.MaxValue, FieldElement.OddMask(element));
            Assert.Equal(a.IsZero ? ulong.MaxValue : 0, FieldElement.ZeroMask(element));
            Assert.Equal(ulong.MaxValue, FieldElement.EqualMask(element, Element(a)));
            Assert.Equal(0UL, FieldElement.EqualMask(element, Element((a + 1) % P)));
        }
    }

    [Fact]
    public void Reduces_48_bytes_like_the_oracle()
    {
        var random = new SeededRandomSource(2);
        var bytes = new byte[48];
        for (var i = 0; i < 200; i++)
        {
            random.Fill(bytes);
            if (i == 0)
            {
                bytes.AsSpan().Fill(0xff);
            }

            Assert.Equal(new BigInteger(bytes, isUnsigned: true, isBigEndian: true) % P, Plain(FieldElement.FromWide(bytes)));
        }
    }

    [Fact]
    public void Refuses_numbers_that_are_not_below_p()
    {
        Assert.False(FieldElement.TryRead(Bytes(P), out _));
        Assert.False(FieldElement.TryRead(Bytes((BigInteger.One << 256) - 1), out _));
        Assert.True(FieldElement.TryRead(Bytes(P - 1), out _));
    }

    [Fact]
    public void Every_mapped_point_is_on_the_curve()
    {
        Assert.True(HashToCurve.MapToCurve(FieldElement.Zero).IsOnCurve);
        foreach (var u in Values())
        {
            Assert.True(HashToCurve.MapToCurve(Element(u)).IsOnCurve);
        }
    }

    private static FieldElement Element(BigInteger value)
    {
        Assert.True(FieldElement.TryRead(Bytes(value), out var element));
        return element;
    }

    private static BigInteger Plain(in FieldElement element)
    {
        var bytes = new byte[32];
        element.Write(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }

    private static byte[] Bytes(BigInteger value)
    {
        var bytes = new byte[32];
        Assert.True(value.TryWriteBytes(bytes.AsSpan(32 - value.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true));
        return bytes;
    }
}
