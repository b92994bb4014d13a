using System.Buffers.Binary;
using Alongside.Vnc.Extensions;
using Alongside.Vnc.Security;
using Alongside.Vnc.Server;
using Alongside.Vnc.Tests.Client;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Tests.Server;

/// <summary>The desktop's clipboard for every kind of viewer, and theirs for the desktop: nobody is sent away for having copied much.</summary>
public sealed class ViewerClipboardTests : IDisposable
{
    private readonly ServerSession server = new(0, new ServerOptions("Desk") { SecurityTypes = [SecurityType.None] }, new PasswordAttempts(), new byte[16], "here");

    public ViewerClipboardTests()
    {
        server.SetDesktop(0, new(320, 200, []));
        server.Handle(0, "RFB 003.008\n"u8);
        server.Handle(0, [SecurityType.None]);
        server.Approve(0);
        server.Handle(0, [1]);
        _ = Sent();
        _ = Copied();
    }

    public void Dispose() => server.Dispose();

    [Fact]
    public void One_that_says_nothing_of_what_it_can_do_is_given_the_text()
    {
        Name();
        server.Copied("für dich 日本");
        Assert.Equal("für dich 日本", ExtendedClipboard.ReadText(Sent()));

        // What it would close the connection for it may ask for.
        server.Copied(new('a', ExtendedClipboard.MaxSent));
        Assert.Equal(ExtendedClipboard.WriteFlags(ExtendedClipboard.Notify | ExtendedClipboard.Text), Sent());
        server.Copied(new('a', ExtendedClipboard.MaxSent - 1));
        Assert.Equal(ExtendedClipboard.MaxSent, ExtendedClipboard.StatedSize(Sent()));
    }

    [Fact]
    public void One_that_wants_to_be_told_is_told_and_one_that_wants_the_text_has_it()
    {
        Name();
        Say(ExtendedClipboard.WriteCaps());
        server.Copied("one");
        Assert.Equal(ExtendedClipboard.WriteFlags(ExtendedClipboard.Notify | ExtendedClipboard.Text), Sent());
        Say([.. ExtendedClipboard.WriteFlags(ExtendedClipboard.Caps | ExtendedClipboard.Provide | ExtendedClipboard.Text), 0, 0, 0, 0]);
        server.Copied("two");
        Assert.Equal("two", ExtendedClipboard.ReadText(Sent()));
        server.Copied(new('a', ExtendedClipboard.MaxSent));
        Assert.Empty(Sent());
    }

    [Fact]
    public void An_old_viewer_gets_no_text_that_it_would_close_the_connection_for()
    {
        server.Copied(new('a', 1024 * 1024));
        Assert.Empty(Sent());
        server.Copied("für dich");
        Assert.Equal(8, Sent().Length);
    }

    [Theory]
    [InlineData(ExtendedClipboard.MaxText - 1, true)]
    [InlineData(ExtendedClipboard.MaxText + 1, false)]
    [InlineData(20 * 1024 * 1024, false)]
    public void More_text_than_is_taken_passes_by_and_the_session_goes_on(int length, bool isTaken)
    {
        Name();
        string text = new('a', length);
        Say(ExtendedClipboard.WriteText(text));
        string[] taken = isTaken ? [text] : [];
        Assert.Equal(taken, Copied());
        Say(ExtendedClipboard.WriteText("next"));
        Assert.Equal(["next"], Copied());
        Assert.False(server.HasEnded);
    }

    [Fact]
    public void It_is_asked_for_what_its_person_copied_only_where_that_is_wanted()
    {
        Name();
        byte[] notice = ExtendedClipboard.WriteFlags(ExtendedClipboard.Notify | ExtendedClipboard.Text);
        Say(notice);
        Assert.Equal(ExtendedClipboard.WriteFlags(ExtendedClipboard.Request | ExtendedClipboard.Text), Sent());
        server.TakesClipboard = false;
        Say(notice);
        Assert.Empty(Sent());
    }

    private void Name()
    {
        server.Handle(0, new ServerBytes().U8(2, 0).U16(1).U32(unchecked((uint)EncodingNumber.ExtendedClipboard)).All);
        Assert.Equal(ExtendedClipboard.WriteCaps(), Sent());
    }

    private void Say(byte[] message) => server.Handle(0, new ServerBytes().U8(6, 0, 0, 0).U32(unchecked((uint)-message.Length)).Raw(message).All);

    /// <summary>One cut text, without its header when it is the extended clipboard's; empty: nothing.</summary>
    private byte[] Sent()
    {
        if (!server.TryPoll(out var bytes))
        {
            return [];
        }

        byte[] sent = bytes.ToArray();
        server.HasSent(0, sent.Length);
        if (sent[0] == ServerMessageType.ServerCutText && sent.Length >= 8)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(sent.AsSpan(4));
            Assert.Equal(8 + Math.Abs(length), sent.Length);
            return sent[8..];
        }

        return sent;
    }

    private string[] Copied()
    {
        var copied = new List<string>();
        while (server.TryPollEvent(out var e))
        {
            if (e.Kind == ServerEventKind.Copied)
            {
                copied.Add(e.Text!);
            }
        }

        return [.. copied];
    }
}
