// Long because it holds what client and server say, message by message and both ways, side by side.
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Client;
using Alongside.Vnc.Extensions;
using Alongside.Vnc.Tests.Encodings;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Tests.Client;

/// <summary>What client and server say to each other once there is a desktop.</summary>
public sealed class MessageTests
{
    private static readonly byte[] NextPicture = [3, 1, 0, 0, 0, 0, 0, 64, 0, 64];

    [Fact]
    public void It_says_what_it_knows_and_asks_for_all_of_the_picture()
    {
        using var client = new RfbClient(ServerBytes.Options with { Quality = 7, Compression = 1 });
        client.Handle(0, ServerBytes.Desktop(64, 64).All);
        byte[] sent = ServerBytes.Sent(client)[14..];
        Assert.Equal([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0], sent[..20]);
        Assert.Equal([2, 0], sent[20..22]);
        int count = (sent[22] << 8) | sent[23];
        int[] known = [.. Enumerable.Range(0, count).Select(i => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(sent.AsSpan(24 + (i * 4))))];
        Assert.Equal(EncodingNumber.CopyRect, known[0]);
        foreach (int number in (int[])[7, 16, 6, 5, 2, 0, -239, -314, -308, -223, -307, -312, -313, -224, -258, -316, EncodingNumber.ExtendedClipboard, -25, -255])
        {
            Assert.Contains(number, known);
        }

        Assert.Equal([3, 0, 0, 0, 0, 0, 0, 64, 0, 64], sent[(24 + (count * 4))..]);
    }

    [Fact]
    public void The_next_picture_is_asked_for_while_this_one_comes_and_not_when_nobody_takes_any()
    {
        using var client = ServerBytes.Ready(64, 64);
        byte[] update = DecoderTests.One(0, 0, 1, 1, EncodingNumber.Raw).U32(0).All;
        client.Handle(0, update[..4]);
        Assert.Equal(NextPicture, ServerBytes.Sent(client));
        client.Handle(0, update[4..]);
        client.Handle(0, update);
        Assert.Empty(ServerBytes.Sent(client));
        client.Taken();
        Assert.Equal(NextPicture, ServerBytes.Sent(client));
        client.Taken();
        Assert.Empty(ServerBytes.Sent(client));
    }

    [Fact]
    public void A_server_that_can_send_by_itself_does_until_nobody_takes_it()
    {
        using var client = ServerBytes.Ready(64, 64);
        client.Handle(0, [150]);
        Assert.Equal([150, 1, 0, 0, 0, 0, 0, 64, 0, 64], ServerBytes.Sent(client));
        byte[] update = DecoderTests.One(0, 0, 1, 1, EncodingNumber.Raw).U32(0).All;
        int updates = 0;
        byte[] sent;
        do
        {
            client.Handle(0, update);
            sent = ServerBytes.Sent(client);
        }
        while (sent.Length == 0 && ++updates < 1000);
        Assert.InRange(updates, 10, 100);
        Assert.Equal([150, 0, 0, 0, 0, 0, 0, 64, 0, 64], sent);
        client.Handle(0, [150]);
        Assert.Empty(ServerBytes.Sent(client));
        client.Taken();
        Assert.Equal([150, 1, 0, 0, 0, 0, 0, 64, 0, 64], ServerBytes.Sent(client));
    }

    [Fact]
    public void An_update_is_told_when_it_is_whole()
    {
        using var client = ServerBytes.Ready(64, 64);
        byte[] update = new ServerBytes().Update(0xffff)
            .Rect(1, 2, 3, 4, EncodingNumber.Tight).U8(0x80, 9, 9, 9)
            .Rect(10, 10, 5, 5, EncodingNumber.CopyRect).U16(1, 2)
            .Rect(0, 0, 0, 0, EncodingNumber.LastRect).All;
        client.Handle(0, update[..^12]);
        Assert.Empty(ServerBytes.Events(client));
        client.Handle(0, update[^12..]);
        var events = ServerBytes.Events(client);
        Assert.Equal(new PixelRect(10, 10, 5, 5), events[0].Motion.To);
        Assert.Equal(new PixelRect(1, 2, 5, 5), events[0].Motion.From);
        Assert.Equal([new(1, 2, 3, 4), new(10, 10, 5, 5)], events.Skip(1).Select(e => e.Area));
    }

    [Fact]
    public void Fences_are_answered_with_what_they_brought()
    {
        using var client = ServerBytes.Ready(64, 64);
        client.Handle(0, new ServerBytes().U8(248, 0, 0, 0).U32(0x80000017).U8(3, 7, 8, 9).All);
        Assert.Equal(new ServerBytes().U8(248, 0, 0, 0).U32(7).U8(3, 7, 8, 9).All, ServerBytes.Sent(client));
        client.Handle(0, new ServerBytes().U8(248, 0, 0, 0).U32(7).U8(0).All);
        Assert.Empty(ServerBytes.Sent(client));
        Assert.Throws<ProtocolException>(() => client.Handle(0, new ServerBytes().U8(248, 0, 0, 0).U32(0x80000001).U8(65).All));
    }

    [Fact]
    public void A_server_that_asks_for_answers_and_takes_none_is_left()
    {
        using var client = ServerBytes.Ready(64, 64);
        byte[] fences = [.. Enumerable.Range(0, 1000).SelectMany(_ => new ServerBytes().U8(248, 0, 0, 0).U32(0x80000001).U8(64).Raw(new byte[64]).All)];
        Assert.Throws<ProtocolException>(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                client.Handle(0, fences);
            }
        });
    }

    [Fact]
    public void Messages_that_mean_nothing_here_pass_by()
    {
        byte[] said = new ServerBytes().U8(1, 0).U16(0, 300).Raw(new byte[1800]).U8(2, 2).U8(250, 0, 1, 1)
            .Raw(DecoderTests.One(0, 0, 1, 1, EncodingNumber.Raw).U32(0x01020300).All).All;
        foreach (int piece in (int[])[said.Length, 1, 100])
        {
            using var client = ServerBytes.Ready(64, 64);
            foreach (byte[] part in said.Chunk(piece))
            {
                client.Handle(0, part);
            }

            Assert.Equal(0x030201u, client.Picture!.Pixels[0] & 0xffffff);
        }

        using var other = ServerBytes.Ready(64, 64);
        Assert.Throws<ProtocolException>(() => other.Handle(0, [99]));
    }

    [Fact]
    public void Size_screens_and_name_change()
    {
        using var client = ServerBytes.Ready(64, 64);
        client.Handle(0, new ServerBytes().Update(2)
            .Rect(0, 0, 100, 50, EncodingNumber.ExtendedDesktopSize).U8(3, 0, 0, 0)
            .U32(5).U16(0, 0, 60, 50).U32(0).U32(6).U16(60, 0, 40, 50).U32(0).U32(7).U16(200, 0, 10, 10).U32(0)
            .Rect(0, 0, 0, 0, EncodingNumber.DesktopName).Text("Other").All);
        Assert.Equal([RfbClientEventKind.Resized, RfbClientEventKind.Renamed], ServerBytes.Events(client).Select(e => e.Kind));
        Assert.Equal((100, 50, "Other"), (client.Picture!.Width, client.Picture.Height, client.Name));
        Assert.Equal([(5u, new PixelRect(0, 0, 60, 50)), (6u, new(60, 0, 40, 50))], client.Screens.Select(s => (s.Id, s.Area)));

        // None of the new picture is known, so all of it is asked for.
        byte[] sent = ServerBytes.Sent(client);
        Assert.Equal([3, 0, 0, 0, 0, 0, 0, 100, 0, 50], sent[^10..]);

        Assert.True(client.TryAskForSize(80, 40));
        Assert.Equal(new ServerBytes().U8(251, 0).U16(80, 40).U8(1, 0).U32(5).U16(0, 0, 80, 40).U32(0).All, ServerBytes.Sent(client));
        client.Handle(0, DecoderTests.One(1, 1, 100, 50, EncodingNumber.ExtendedDesktopSize).U8(0, 0, 0, 0).All);
        Assert.Equal((RfbClientEventKind.SizeAnswered, SizeAnswer.Prohibited), Answer(client));
        client.Handle(0, DecoderTests.One(1, 2, 100, 50, EncodingNumber.ExtendedDesktopSize).U8(0, 0, 0, 0).All);
        Assert.Equal((RfbClientEventKind.SizeAnswered, SizeAnswer.NoMeans), Answer(client));
        client.Handle(0, DecoderTests.One(1, 77, 100, 50, EncodingNumber.ExtendedDesktopSize).U8(0, 0, 0, 0).All);
        Assert.Equal((RfbClientEventKind.SizeAnswered, SizeAnswer.Invalid), Answer(client));

        // It was passed on: what comes of it is told when it has come.
        client.Handle(0, DecoderTests.One(1, 4, 100, 50, EncodingNumber.ExtendedDesktopSize).U8(0, 0, 0, 0).All);
        Assert.Empty(ServerBytes.Events(client));
        client.Handle(0, DecoderTests.One(1, 0, 80, 40, EncodingNumber.ExtendedDesktopSize).U8(0, 0, 0, 0).All);
        var done = ServerBytes.Events(client);
        Assert.Equal([RfbClientEventKind.Resized, RfbClientEventKind.SizeAnswered], done.Select(e => e.Kind));
        Assert.Equal((SizeAnswer.Done, 80), (done[1].Answer, client.Picture.Width));
        client.Handle(0, DecoderTests.One(0, 0, 30, 20, EncodingNumber.DesktopSize).All);
        Assert.Equal((30, 20), (client.Picture.Width, client.Picture.Height));
    }

    private static (RfbClientEventKind, SizeAnswer) Answer(RfbClient client)
    {
        var e = Assert.Single(ServerBytes.Events(client));
        return (e.Kind, e.Answer);
    }

    [Fact]
    public void A_desktop_that_becomes_nothing_or_never_rests_is_left()
    {
        using var nothing = ServerBytes.Ready(64, 64);
        Assert.Throws<ProtocolException>(() => nothing.Handle(0, DecoderTests.One(0, 0, 0, 0, EncodingNumber.DesktopSize).All));
        using var huge = ServerBytes.Ready(64, 64);
        Assert.Throws<ProtocolException>(() => huge.Handle(0, DecoderTests.One(0, 0, 65535, 65535, EncodingNumber.ExtendedDesktopSize).U8(0, 0, 0, 0).All));

        using var restless = ServerBytes.Ready(64, 64);
        for (int i = 0; i < 1000; i++)
        {
            // Ten a second is a window that is dragged.
            restless.Handle(i * 100_000, DecoderTests.One(0, 0, 64 + (i & 1), 64, EncodingNumber.DesktopSize).All);
        }

        Assert.Throws<ProtocolException>(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                restless.Handle(100_000_000, DecoderTests.One(0, 0, 64 + (i & 1), 64, EncodingNumber.DesktopSize).All);
            }
        });
    }

    [Fact]
    public void An_update_without_end_is_left()
    {
        using var client = ServerBytes.Ready(64, 64);
        client.Handle(0, new ServerBytes().Update(0xffff).All);
        byte[] empty = [.. Enumerable.Range(0, 10_000).SelectMany(_ => new ServerBytes().Rect(0, 0, 0, 0, EncodingNumber.Raw).All)];
        Assert.Throws<ProtocolException>(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                client.Handle(0, empty);
            }
        });
    }

    [Fact]
    public void The_pointers_picture_comes_with_a_mask_or_with_alpha()
    {
        using var client = ServerBytes.Ready(64, 64);
        client.Handle(0, DecoderTests.One(1, 0, 2, 2, EncodingNumber.Cursor)
            .U32(0x0000ff00, 0x00ff0000, 0xff000000, 0).U8(0x80, 0x40).All);
        var cursor = Assert.Single(ServerBytes.Events(client)).Cursor!;
        Assert.Equal((2, 2, 1, 0), (cursor.Width, cursor.Height, cursor.HotX, cursor.HotY));
        Assert.Equal([255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255], cursor.Rgba);

        client.Handle(0, DecoderTests.One(0, 0, 2, 1, EncodingNumber.CursorWithAlpha).U32(0).U8(50, 100, 0, 100, 9, 9, 9, 0).All);
        cursor = Assert.Single(ServerBytes.Events(client)).Cursor!;
        Assert.Equal([128, 255, 0, 100, 0, 0, 0, 0], cursor.Rgba);

        client.Handle(0, DecoderTests.One(0, 0, 0, 0, EncodingNumber.Cursor).All);
        Assert.Same(CursorImage.Hidden, Assert.Single(ServerBytes.Events(client)).Cursor);

        // Larger than a viewer shows: what is around the hot spot.
        client.Handle(0, DecoderTests.One(290, 10, 300, 300, EncodingNumber.Cursor).Raw(new byte[(300 * 300 * 4) + (38 * 300)]).All);
        cursor = Assert.Single(ServerBytes.Events(client)).Cursor!;
        Assert.Equal((256, 256, 246, 10), (cursor.Width, cursor.Height, cursor.HotX, cursor.HotY));
        Assert.Throws<ProtocolException>(() => client.Handle(0, DecoderTests.One(0, 0, 65535, 65535, EncodingNumber.Cursor).All));
    }

    [Fact]
    public void Keys_and_buttons_are_named_as_the_server_knows_them()
    {
        using var client = ServerBytes.Ready(64, 64);
        client.Handle(0, DecoderTests.One(0, 0, 1, 1, EncodingNumber.Raw).U32(0).All);
        _ = ServerBytes.Sent(client);
        client.Pointer(10, 20, 0b01101);
        client.Pointer(-5, 999, 0);
        client.Wheel(0, 60);
        client.Wheel(0, 60);
        client.Key(true, 0x61, 4);
        client.Key(true, 0xffe5, 0x39);
        client.Key(false, 0x41, 4);
        Assert.Equal(
            new ServerBytes().U8(5, 0b10000101).U16(10, 20).U8(5, 0).U16(0, 63).U8(5, 16).U16(0, 63).U8(5, 0).U16(0, 63)
                .U8(4, 1, 0, 0).U32(0x61).U8(4, 0, 0, 0).U32(0x61).All,
            ServerBytes.Sent(client));

        client.Handle(0, new ServerBytes().Update(2).Rect(0, 0, 0, 0, EncodingNumber.QemuExtendedKey).Rect(0, 0, 0, 0, EncodingNumber.ExtendedMouseButtons).All);
        _ = ServerBytes.Sent(client);
        client.Pointer(1, 2, 0b11001);
        client.Key(true, 0xff0d, 0x28);
        client.Key(true, 0xff52, 0x52);
        client.Key(true, 0xffe5, 0x39);
        Assert.Equal(
            new ServerBytes().U8(5, 0b10000001).U16(1, 2).U8(0b11)
                .U8(255, 0).U16(1).U32(0xff0d, 0x1c).U8(255, 0).U16(1).U32(0xff52, 0xc8).U8(255, 0).U16(1).U32(0xffe5, 0x3a).All,
            ServerBytes.Sent(client));

        client.ReleaseAll();
        Assert.Equal(
            new ServerBytes().U8(255, 0).U16(0).U32(0xff0d, 0x1c).U8(255, 0).U16(0).U32(0xff52, 0xc8).U8(255, 0).U16(0).U32(0xffe5, 0x3a)
                .U8(5, 128).U16(1, 2).U8(0).All,
            ServerBytes.Sent(client));
        client.ReleaseAll();
        Assert.Empty(ServerBytes.Sent(client));
    }

    [Fact]
    public void Bit_7_is_not_said_while_the_server_may_take_it_for_one_more_byte()
    {
        using var client = ServerBytes.Ready(64, 64);
        client.Pointer(1, 2, 0b01001);
        Assert.Equal(new ServerBytes().U8(5, 1).U16(1, 2).All, ServerBytes.Sent(client));

        // An update without pixels leaves it open.
        client.Handle(0, new ServerBytes().Update(1).Rect(0, 0, 64, 64, EncodingNumber.ExtendedDesktopSize).U8(0, 0, 0, 0).All);
        _ = ServerBytes.Sent(client);
        client.Pointer(1, 2, 0b01001);
        Assert.Equal(new ServerBytes().U8(5, 1).U16(1, 2).All, ServerBytes.Sent(client));
        client.Handle(0, new ServerBytes().Update(2).Rect(0, 0, 0, 0, EncodingNumber.ExtendedMouseButtons).Rect(0, 0, 1, 1, EncodingNumber.Raw).U32(0).All);
        _ = ServerBytes.Sent(client);
        client.Pointer(1, 2, 0b01001);
        Assert.Equal(new ServerBytes().U8(5, 129).U16(1, 2).U8(1).All, ServerBytes.Sent(client));
    }

    [Fact]
    public void A_clipboard_in_Latin_1_goes_both_ways()
    {
        using var client = ServerBytes.Ready(64, 64);
        client.Handle(0, new ServerBytes().U8(3, 0, 0, 0).U32(6).U8((byte)'G', (byte)'r', 0xfc, 0xdf, (byte)'\r', (byte)'\n').All);
        Assert.Equal("Grüß\n", Assert.Single(ServerBytes.Events(client)).Text);
        client.Copy("ä€");
        Assert.Equal(new ServerBytes().U8(6, 0, 0, 0).U32(2).U8(0xe4, (byte)'?').All, ServerBytes.Sent(client));
    }

    [Fact]
    public void A_clipboard_in_UTF_8_is_offered_and_given_when_asked()
    {
        using var client = ServerBytes.Ready(64, 64);
        client.Handle(0, Cut(ExtendedClipboard.WriteCaps()));
        Assert.Equal(0xff, ServerBytes.Sent(client)[4]);
        client.Handle(0, Cut(ExtendedClipboard.WriteFlags(ExtendedClipboard.Notify | ExtendedClipboard.Text)));
        Assert.Equal(Said(ExtendedClipboard.WriteFlags(ExtendedClipboard.Request | ExtendedClipboard.Text)), ServerBytes.Sent(client));
        client.Handle(0, Cut(ExtendedClipboard.WriteText("Grüße 日本\nand more")));
        Assert.Equal("Grüße 日本\nand more", Assert.Single(ServerBytes.Events(client)).Text);

        client.Copy("zurück €");
        Assert.Equal(Said(ExtendedClipboard.WriteFlags(ExtendedClipboard.Notify | ExtendedClipboard.Text)), ServerBytes.Sent(client));
        client.Handle(0, Cut(ExtendedClipboard.WriteFlags(ExtendedClipboard.Request | ExtendedClipboard.Text)));
        Assert.Equal("zurück €", ExtendedClipboard.ReadText(ServerBytes.Sent(client).AsSpan(8)));
        client.Handle(0, Cut(ExtendedClipboard.WriteFlags(ExtendedClipboard.Peek)));
        Assert.Equal(Said(ExtendedClipboard.WriteFlags(ExtendedClipboard.Notify | ExtendedClipboard.Text)), ServerBytes.Sent(client));
    }

    [Fact]
    public void Of_text_that_servers_would_close_the_connection_for_it_is_told_in_its_place()
    {
        using var client = ServerBytes.Ready(64, 64);
        client.Copy(new('a', 1024 * 1024));
        Assert.Empty(ServerBytes.Sent(client));
        Assert.Equal((RfbClientEventKind.ClipboardTooBig, 1024 * 1024L), TooBig(client));
        client.Copy(new('a', ExtendedClipboard.MaxSent));
        Assert.Equal(8 + ExtendedClipboard.MaxSent, ServerBytes.Sent(client).Length);

        // A server that has to be asked nothing, and one that asks.
        foreach (uint action in (uint[])[ExtendedClipboard.Provide, ExtendedClipboard.Notify | ExtendedClipboard.Request])
        {
            using var other = ServerBytes.Ready(64, 64);
            other.Handle(0, Cut([.. ExtendedClipboard.WriteFlags(ExtendedClipboard.Caps | action | ExtendedClipboard.Text), 0, 0, 0, 0]));
            _ = ServerBytes.Sent(other);
            other.Copy("short");
            Assert.NotEmpty(ServerBytes.Sent(other));
            other.Copy(new('é', 600_000));
            Assert.Empty(ServerBytes.Sent(other));
            Assert.Equal((RfbClientEventKind.ClipboardTooBig, 1_200_001L), TooBig(other));
            other.Handle(0, Cut(ExtendedClipboard.WriteFlags(ExtendedClipboard.Request | ExtendedClipboard.Text)));
            Assert.Empty(ServerBytes.Sent(other));
        }
    }

    [Fact]
    public void The_largest_text_that_is_sent_is_a_message_of_less_than_a_MiB_however_badly_it_packs()
    {
        var random = new Random(5);
        string text = string.Concat(Enumerable.Range(0, ExtendedClipboard.MaxSent - 1).Select(_ => (char)random.Next(32, 127)));
        Assert.Equal(ExtendedClipboard.MaxSent, ExtendedClipboard.SizeOf(text));
        Assert.InRange(ExtendedClipboard.WriteText(text).Length, 1, 1024 * 1024);
    }

    [Theory]
    [InlineData(0x7fffffffu)]
    [InlineData(5_000_000u)]
    [InlineData(0x80000001u)]
    [InlineData(0xff000000u)]
    public void A_clipboard_that_is_too_big_passes_by_and_is_told_of(uint length)
    {
        using var client = ServerBytes.Ready(64, 64);
        client.Handle(0, new ServerBytes().U8(3, 0, 0, 0).U32(length).Raw(new byte[1000]).All);
        Assert.Equal(RfbClientEventKind.ClipboardTooBig, Assert.Single(ServerBytes.Events(client)).Kind);
        if (length == 5_000_000)
        {
            client.Handle(0, new byte[5_000_000 - 1000]);
            client.Handle(0, DecoderTests.One(0, 0, 1, 1, EncodingNumber.Raw).U32(0x01020300).All);
            Assert.Equal(0x030201u, client.Picture!.Pixels[0] & 0xffffff);
        }
    }

    [Theory]
    [InlineData(0x80000000u)]
    [InlineData(0xffffffffu)]
    [InlineData(0xfffffffdu)]
    public void A_clipboard_of_a_length_that_cannot_be_is_refused(uint length)
    {
        using var client = ServerBytes.Ready(64, 64);
        Assert.Throws<ProtocolException>(() => client.Handle(0, new ServerBytes().U8(3, 0, 0, 0).U32(length).Raw(new byte[100]).All));
    }

    [Fact]
    public void Nothing_is_sent_before_there_is_a_desktop()
    {
        using var client = new RfbClient(ServerBytes.Options);
        client.Pointer(1, 1, 1);
        client.Key(true, 0x61, 4);
        client.Copy("text");
        client.Wheel(1, 120);
        client.ReleaseAll();
        client.Taken();
        Assert.False(client.TryAskForSize(100, 100));
        Assert.Empty(ServerBytes.Sent(client));
    }

    private static (RfbClientEventKind, long) TooBig(RfbClient client)
    {
        var e = Assert.Single(ServerBytes.Events(client));
        return (e.Kind, e.Size);
    }

    private static byte[] Cut(byte[] message) => new ServerBytes().U8(3, 0, 0, 0).U32((uint)-message.Length).Raw(message).All;

    private static byte[] Said(byte[] message) => new ServerBytes().U8(6, 0, 0, 0).U32((uint)-message.Length).Raw(message).All;
}
