using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Client;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Tests.Client;

/// <summary>What a server can ask for that costs more than it sends: each ends in words, with memory bounded.</summary>
public sealed class HostileServerTests
{
    private const int Width = 64, Height = 48;

    /// <summary>Unpacking has windows of its own; pictures, texts and waiting bytes come on top.</summary>
    private const long Small = 2 << 20;

    private static readonly int[] Encodings =
        [EncodingNumber.Raw, EncodingNumber.CopyRect, EncodingNumber.Rre, EncodingNumber.Hextile, EncodingNumber.Zlib, EncodingNumber.Tight, EncodingNumber.Zrle];

    public static TheoryData<int, int, int, int, int> Outside
    {
        get
        {
            var data = new TheoryData<int, int, int, int, int>();
            foreach (int encoding in Encodings)
            {
                data.Add(encoding, 0, 0, 65535, 65535);
                data.Add(encoding, 65535, 65535, 65535, 65535);
                data.Add(encoding, 65535, 0, 0, 0);
                data.Add(encoding, Width, 0, 1, 1);
                data.Add(encoding, 0, Height, 1, 1);
                data.Add(encoding, 1, 0, Width, 1);
                data.Add(encoding, 0, 1, 1, Height);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Outside))]
    public void A_rectangle_outside_the_picture_is_refused_by_its_header(int encoding, int x, int y, int width, int height) =>
        Refused(new ServerBytes().Update(1).Rect(x, y, width, height, encoding), Small);

    public static TheoryData<int, int, int> Empty
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            foreach (int encoding in Encodings)
            {
                data.Add(encoding, 0, 0);
                data.Add(encoding, 0, 5);
                data.Add(encoding, 5, 0);
            }

            return data;
        }
    }

    /// <summary>Of no pixels: some servers send such. Whatever follows, nothing breaks.</summary>
    [Theory]
    [MemberData(nameof(Empty))]
    public void A_rectangle_without_pixels_does_no_harm(int encoding, int width, int height)
    {
        foreach (byte filler in (byte[])[0, 1, 0x50, 0x80, 0x90, 0xff])
        {
            using var client = ServerBytes.Ready(Width, Height);
            try
            {
                client.Handle(0, new ServerBytes().Update(2).Rect(3, 3, width, height, encoding).Raw(Enumerable.Repeat(filler, 64).ToArray()).All);
            }
            catch (ProtocolException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }
    }

    public static TheoryData<string, int, byte[], int> Bombs => new()
    {
        { "more than the pixels", EncodingNumber.Zlib, [], (8 * 8 * 4) + 1 },
        { "much more than the pixels", EncodingNumber.Zlib, [], 64 << 20 },
        { "fewer than the pixels", EncodingNumber.Zlib, [], (8 * 8 * 4) - 1 },
        { "tiles and then more", EncodingNumber.Zrle, [1, 9, 9, 9], 1 },
        { "tiles and then much more", EncodingNumber.Zrle, [1, 9, 9, 9], 64 << 20 },
        { "a run without end", EncodingNumber.Zrle, [128, 9, 9, 9, .. Enumerable.Repeat((byte)255, 300)], 0 },
        { "a run of a colour that is not there", EncodingNumber.Zrle, [130, 9, 9, 9, 8, 8, 8, 2], 0 },
        { "an index that is not there", EncodingNumber.Zrle, [3, 9, 9, 9, 8, 8, 8, 7, 7, 7, .. Enumerable.Repeat((byte)255, 64)], 0 },
        { "a palette that is cut off", EncodingNumber.Zrle, [16, 9, 9], 0 },
        { "no tile", EncodingNumber.Zrle, [], 0 },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void What_unpacks_to_something_else_than_its_pixels_is_refused(string what, int encoding, byte[] plain, int zeros)
    {
        Assert.NotEmpty(what);
        Refused(new ServerBytes().Update(1).Rect(0, 0, 8, 8, encoding).Packed([.. plain, .. new byte[zeros]]), Small);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x10)]
    [InlineData(0x40)]
    public void A_Tight_bomb_ends_at_its_pixels(byte control)
    {
        byte[] packed = ServerBytes.Zlib(new byte[2 << 20]);
        byte[] filter = (control & 0x40) != 0 ? [2] : [];
        Refused(
            new ServerBytes().Update(1).Rect(0, 0, 8, 8, EncodingNumber.Tight).U8(control).Raw(filter)
                .U8((byte)(0x80 | (packed.Length & 127)), (byte)(0x80 | ((packed.Length >> 7) & 127)), (byte)(packed.Length >> 14)).Raw(packed),
            Small);
    }

    [Theory]
    [InlineData(EncodingNumber.Zlib, 0xffffffff)]
    [InlineData(EncodingNumber.Zlib, 0x80000000)]
    [InlineData(EncodingNumber.Zlib, 0x7fffffff)]
    [InlineData(EncodingNumber.Zrle, 0xffffffff)]
    [InlineData(EncodingNumber.Zrle, 0x7fffffff)]
    [InlineData(EncodingNumber.Rre, 0xffffffff)]
    [InlineData(EncodingNumber.Rre, 0x7fffffff)]
    public void A_count_that_no_rectangle_has_is_refused_before_it_is_waited_for(int encoding, uint count) =>
        Refused(new ServerBytes().Update(1).Rect(0, 0, 8, 8, encoding).U32(count, 0, 0), Small);

    [Fact]
    public void Painting_the_same_pixels_over_and_over_in_one_update_is_refused()
    {
        var fills = new ServerBytes().Update(10_000);
        for (int i = 0; i < 10_000; i++)
        {
            fills.Rect(0, 0, Width, Height, EncodingNumber.Tight).U8(0x80, 1, 2, 3);
        }

        Assert.Contains("over and over", Refused(fills, Small).Message, StringComparison.Ordinal);
    }

    /// <summary>Each size is a picture: not their number alone is bounded, but their pixels.</summary>
    [Fact]
    public void A_desktop_of_the_largest_size_cannot_become_another_for_long()
    {
        using var client = ServerBytes.Ready(Width, Height);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int sizes = 0;
        Assert.Throws<ProtocolException>(() =>
        {
            for (; sizes < 200; sizes++)
            {
                client.Handle(sizes, new ServerBytes().Update(1).Rect(0, 0, 8192, 4320 - (sizes % 2), EncodingNumber.DesktopSize).All);
                _ = ServerBytes.Sent(client);
                _ = ServerBytes.Events(client);
            }
        });
        Assert.InRange(sizes, 4, 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 17L * 4 * Frame.MaxPixels);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(65535, 65535)]
    [InlineData(16385, 1)]
    [InlineData(8193, 4320)]
    public void A_size_that_cannot_be_is_refused_in_both_forms(int width, int height)
    {
        Refused(new ServerBytes().Update(1).Rect(0, 0, width, height, EncodingNumber.DesktopSize), Small);
        Refused(new ServerBytes().Update(1).Rect(0, 0, width, height, EncodingNumber.ExtendedDesktopSize).U8(0, 0, 0, 0), Small);
    }

    /// <summary>The screens are cut to the desktop; what lies outside is none.</summary>
    [Fact]
    public void Screens_outside_the_desktop_are_none()
    {
        using var client = ServerBytes.Ready(Width, Height);
        client.Handle(0, new ServerBytes().Update(1).Rect(0, 0, 100, 80, EncodingNumber.ExtendedDesktopSize).U8(3, 0, 0, 0)
            .U32(1).U16(65535, 65535, 65535, 65535).U32(0)
            .U32(2).U16(50, 50, 65535, 65535).U32(0)
            .U32(3).U16(0, 0, 0, 0).U32(0).All);

        var screen = Assert.Single(client.Screens);
        Assert.Equal((2u, new PixelRect(50, 50, 50, 30)), (screen.Id, screen.Area));
    }

    [Theory]
    [InlineData(EncodingNumber.Cursor, 1025, 1)]
    [InlineData(EncodingNumber.Cursor, 65535, 65535)]
    [InlineData(EncodingNumber.CursorWithAlpha, 1, 1025)]
    public void A_pointer_that_nobody_has_is_refused(int encoding, int width, int height) =>
        Refused(new ServerBytes().Update(1).Rect(0, 0, width, height, encoding).U32(0), Small);

    [Fact]
    public void A_stream_that_wants_a_dictionary_is_refused() =>
        Refused(new ServerBytes().Update(1).Rect(0, 0, 8, 8, EncodingNumber.Zlib).U32(6).U8(0x78, 0x7d, 0, 0, 0, 0), Small);

    /// <summary>Whole, and byte by byte.</summary>
    private static ProtocolException Refused(ServerBytes update, long budget)
    {
        byte[] all = update.All;
        using var drip = ServerBytes.Ready(Width, Height);
        Assert.Throws<ProtocolException>(() =>
        {
            foreach (byte one in all.Take(200_000))
            {
                drip.Handle(0, [one]);
            }

            drip.Handle(0, all.AsSpan(Math.Min(all.Length, 200_000)));
        });

        using var client = ServerBytes.Ready(Width, Height);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<ProtocolException>(() => client.Handle(0, all));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, budget + (2 * all.Length));
        return refused;
    }
}
