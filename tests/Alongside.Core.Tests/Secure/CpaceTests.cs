using Alongside.Core.Secure;
using Alongside.Core.Secure.P256;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Secure;

/// <summary>The draft's own vectors (tests/vectors/cpace-p256.json).</summary>
public sealed class CpaceTests
{
    private static readonly System.Text.Json.Nodes.JsonNode Draft = Vectors.Read("cpace-p256.json")["G_NistP256"]!;

    private static byte[] Value(string name) => Vectors.Bytes(Draft[name]);

    [Fact]
    public void The_generator_is_the_drafts() =>
        Assert.Equal(Value("g"), Cpace.Generator(Value("PRS"), Value("CI"), Value("sid")).ToBytes());

    [Theory]
    [InlineData("ya", "Ya")]
    [InlineData("yb", "Yb")]
    public void Shares_are_the_drafts_up_to_their_sign(string scalar, string share)
    {
        Assert.True(AffinePoint.TryRead(Value("g"), out var generator));
        var made = Cpace.Share(Value(scalar), generator);
        Assert.Equal(4, made[0]);
        Assert.Equal(Value(share)[1..33], made[1..33]);
        Assert.True(AffinePoint.TryRead(made, out _));
        Assert.Equal(0, made[^1] & 1);
    }

    [Fact]
    public void Both_sides_find_the_drafts_K()
    {
        Assert.Equal(Value("K"), Cpace.SharedSecret(Value("ya"), Value("Yb")));
        Assert.Equal(Value("K"), Cpace.SharedSecret(Value("yb"), Value("Ya")));
    }

    [Fact]
    public void The_session_key_is_the_drafts() => Assert.Equal(
        Value("ISK_IR"), Cpace.SessionKey(Value("sid"), Value("K"), Value("Ya"), Value("ADa"), Value("Yb"), Value("ADb")));

    [Fact]
    public void Scalar_multiplication_is_the_drafts()
    {
        var points = Vectors.Read("cpace-p256.json")["G_NistP256_points"]!;
        var valid = points["Valid"]!;
        Assert.True(AffinePoint.TryRead(Vectors.Bytes(valid["X"]), out var point));
        Assert.Equal(Vectors.Bytes(valid["G.scalar_mult_vfy(s,X) (only X-coordinate)"]), ScalarMultiplication.MultiplyX(Vectors.Bytes(valid["s"]), point));
        Assert.True(AffinePoint.TryRead(Vectors.Bytes(valid["G.scalar_mult(s,X) (full coordinates)"]), out _));
    }

    [Fact]
    public void Points_that_are_none_are_the_peers_mistake()
    {
        var points = Vectors.Read("cpace-p256.json")["G_NistP256_points"]!;
        var good = Value("Ya");
        byte[][] bad =
        [
            Vectors.Bytes(points["Invalid Y1"]),
            Vectors.Bytes(points["Invalid Y2"]),
            [],
            new byte[65],
            [4, .. new byte[64]],
            good[..64],
            [.. good, 0],
            [2, .. good[1..33]],
            [3, .. good[1..]],
            [4, .. Enumerable.Repeat((byte)0xff, 32), .. good[33..]],
            [4, .. good[1..33], .. Enumerable.Repeat((byte)0xff, 32)],
        ];
        foreach (var share in bad)
        {
            Assert.Throws<ProtocolException>(() => Cpace.SharedSecret(Value("ya"), share));
        }
    }

    [Fact]
    public void Scalars_out_of_range_are_drawn_again()
    {
        byte[] order = Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        byte[] one = [.. new byte[31], 1];
        var random = new ScriptedRandomSource([.. order, .. new byte[32], .. Enumerable.Repeat((byte)0xff, 32), .. one]);
        Assert.Equal(one, ScalarMultiplication.MakeScalar(random));
    }

    [Fact]
    public void Length_prefixes_are_leb128()
    {
        Assert.Equal([0, 1, 7], LengthPrefixed.Join([], [7]));
        var joined = LengthPrefixed.Join(new byte[300]);
        Assert.Equal([0xac, 0x02], joined[..2]);
        Assert.Equal(302, joined.Length);
        Assert.Equal(302, LengthPrefixed.Length(300));
    }
}
