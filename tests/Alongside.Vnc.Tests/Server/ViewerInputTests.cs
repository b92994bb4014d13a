using Alongside.Core.Input;
using Alongside.Vnc.Security;
using Alongside.Vnc.Server;
using Alongside.Vnc.Tests.Client;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Tests.Server;

/// <summary>What a viewer's mouse does, as each kind of viewer says it.</summary>
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
