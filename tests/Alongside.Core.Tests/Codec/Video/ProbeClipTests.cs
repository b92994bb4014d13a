using System.Text.RegularExpressions;
using Alongside.Core.Codec.Video;
using Alongside.Core.Codec.Video.Aom;
using Alongside.Core.Codec.Video.OpenH264;
using Alongside.Core.Pixels;
using Alongside.Core.Tests.Structure;

namespace Alongside.Core.Tests.Codec.Video;

/// <summary>The clip with which a browser's decoder is tried (web/src/browser/probe-clip.ts): it is what the page takes it for.</summary>
public sealed partial class ProbeClipTests
{
    [Fact]
    public void Each_frame_has_its_shade()
    {
        string text = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "web/src/browser/probe-clip.ts"));
        int[] shades = [.. Shades().Match(text).Groups[1].Value.Split(',').Select(int.Parse)];
        byte[][] frames = [.. Frames().Matches(text).Select(match => Convert.FromBase64String(match.Groups[1].Value))];
        Assert.Equal(8, frames.Length);
        Assert.Equal(4, shades.Distinct().Count());
        var picture = new Frame(320, 192);
        using var h264 = new H264Decoder(320, 192);
        using var av1 = new Av1Decoder(320, 192);
        for (int i = 0; i < frames.Length; i++)
        {
            VideoDecoder decoder = i < 4 ? h264 : av1;
            decoder.Decode(frames[i], picture, picture.Bounds);
            Assert.InRange((int)(picture.Pixels[picture.Pixels.Length / 2] & 0xFF) - shades[i % 4], -3, 3);
        }
    }

    [GeneratedRegex(@"Shades = \[([0-9, ]+)\]")]
    private static partial Regex Shades();

    [GeneratedRegex("'([A-Za-z0-9+/=]{20,})'")]
    private static partial Regex Frames();
}
