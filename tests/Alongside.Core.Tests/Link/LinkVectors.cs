using System.Text.Json.Nodes;
using Alongside.Core.Link;
using Alongside.Core.Tests.Structure;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Link;

/// <summary>tests/vectors/link.json, which the viewer in the browser reads as well.</summary>
public sealed class LinkVectors
{
    private static readonly JsonNode Vectors = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "tests/vectors/link.json")))!;

    [Theory, MemberData(nameof(Words))]
    public void A_word_is_read_and_written(string hex, byte word, int way, uint count)
    {
        var expected = new LinkMessage((LinkWord)word, way, count);
        Assert.Equal(expected, LinkMessage.Read(Convert.FromHexString(hex)));
        byte[] written = new byte[LinkMessage.MaxLength];
        Assert.Equal(hex, Convert.ToHexStringLower(written, 0, expected.Write(written)));
    }

    [Theory, MemberData(nameof(BadWords))]
    public void What_is_wrong_is_the_peers_mistake(string hex, string why)
    {
        Assert.NotEmpty(why);
        Assert.Throws<ProtocolException>(() => LinkMessage.Read(Convert.FromHexString(hex)));
    }

    public static IEnumerable<object[]> Words() =>
        Vectors["words"]!.AsArray().Select(v => new object[] { (string)v!["hex"]!, (byte)(int)v["is"]!["word"]!, (int)v["is"]!["way"]!, (uint)v["is"]!["count"]! });

    public static IEnumerable<object[]> BadWords() => Vectors["badWords"]!.AsArray().Select(v => new object[] { (string)v!["hex"]!, (string)v["why"]! });
}
