using Alongside.Core.Input;
using Alongside.Vnc.Security;
using Alongside.Vnc.Server;
using Alongside.Vnc.Tests.Client;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Tests.Server;

/// <summary>What a viewer's mouse and keyboard do, as each kind of viewer says it.</summary>
public sealed class ViewerInputTests : IDisposable
{
    private readonly ServerSession server = new(0, new ServerOptions("Desk") { SecurityTypes = [SecurityType.None] }, new PasswordAttempts(), new byte[16], "here");

    public ViewerInputTests()
    {
        server.SetDesktop(0, new(320, 200, []));
        server.Handle(0, "RFB 003.008\n"u8);
        server.Handle(0, [SecurityType.None]);
        server.Approve(0);
        server.Handle(0, [1]);
        _ = Heard();
    }

    public void Dispose() => server.Dispose();

    [Fact]
    public void Bit_7_is_the_button_back_of_a_viewer_that_knows_no_more_buttons()
    {
        server.Handle(0, [5, 0x81, 0, 7, 0, 9, 5, 1, 0, 8, 0, 9, 4, 1, 0, 0, 0, 0, 0, 0x61]);
        Assert.Equal([InputMessage.Pointer(7, 9, 0b01001), InputMessage.Pointer(8, 9, 1), InputMessage.Key(true, 0x61, 0)], Heard());
    }

    [Fact]
    public void Bit_7_is_one_more_byte_of_a_viewer_that_named_them()
    {
        server.Handle(0, new ServerBytes().U8(2, 0).U16(1).U32(unchecked((uint)EncodingNumber.ExtendedMouseButtons)).All);
        server.Handle(0, [5, 0x81, 0, 7, 0, 9]);
        Assert.Empty(Heard());
        server.Handle(0, [2, 5, 1, 0, 8, 0, 9, 4, 1, 0, 0, 0, 0, 0, 0x61]);
        Assert.Equal([InputMessage.Pointer(7, 9, 0b10001), InputMessage.Pointer(8, 9, 1), InputMessage.Key(true, 0x61, 0)], Heard());
        Assert.False(server.HasEnded);
    }

    public static TheoryData<string, string, string> Releases => new()
    {
        { "the same", "+T -T", "+T -T" },
        { "Shift goes up first", "+shift +T -shift -t", "+shift +T -shift -T" },
        { "Shift comes late", "+t +shift -T -shift", "+t +shift -t -shift" },
        { "two at once", "+shift +T +Ä -shift -t -ä", "+shift +T +Ä -shift -T -Ä" },
        { "beyond Latin-1", "+Ж +Ω -ж -ω", "+Ж +Ω -Ж -Ω" },
        { "what the layout alone knows", "+shift +! -shift -1", "+shift +! -shift -!" },
        { "the key that went down last", "+shift +a +! -1 -A -shift", "+shift +a +! -! -a -shift" },
        { "it goes on by itself in the other case", "+T +T +t +t -t", "+T +T -T +t +t -t" },
        { "Alt with Shift", "+shift +meta -shift -alt", "+shift +meta -shift -meta" },
        { "a modifier that was down before the viewer came", "+a -shift -a", "+a -shift -a" },
        { "a key that was", "-Q +alt -Tab -alt", "-Q +alt -Tab -alt" },
    };

    [Theory]
    [MemberData(nameof(Releases))]
    public void What_went_down_goes_up_whatever_it_means_by_then(string what, string said, string heard)
    {
        Assert.NotEmpty(what);
        foreach (var key in Keys(said))
        {
            server.Handle(0, new ServerBytes().U8(4, key.Down ? (byte)1 : (byte)0, 0, 0).U32(key.Keysym).All);
        }

        Assert.Equal(Keys(heard), Heard());
    }

    [Fact]
    public void A_key_whose_place_is_known_goes_up_by_that()
    {
        server.Handle(0, new ServerBytes().U8(4, 1, 0, 0).U32(0x61).U8(255, 0).U16(1).U32(0x54, 0x14).U8(255, 0).U16(0).U32(0x74, 0x14).All);
        Assert.Equal([InputMessage.Key(true, 0x61, 0), InputMessage.Key(true, 0x54, 0x17), InputMessage.Key(false, 0x74, 0x17)], Heard());
    }

    private static InputMessage[] Keys(string keys) => [.. keys.Split(' ').Select(key => InputMessage.Key(key[0] == '+', Keysym(key[1..]), 0))];

    private static uint Keysym(string name) => name switch
    {
        "shift" => 0xffe1,
        "meta" => 0xffe7,
        "alt" => 0xffe9,
        "Tab" => 0xff09,
        [<= '\xff'] => name[0],
        _ => 0x0100_0000u + name[0],
    };

    private InputMessage[] Heard()
    {
        var heard = new List<InputMessage>();
        while (server.TryPollEvent(out var e))
        {
            if (e.Kind == ServerEventKind.Input)
            {
                heard.Add(e.Input);
            }
        }

        return [.. heard];
    }
}
