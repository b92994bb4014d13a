using System.Security.Cryptography;
using System.Text;
using Alongside.Core.Wire;
using Alongside.Vnc.Client;
using Alongside.Vnc.Security;

namespace Alongside.Vnc.Tests.Client;

/// <summary>From the first byte to the desktop, with every kind of server there is.</summary>
public sealed class HandshakeTests
{
    private static readonly byte[] Challenge = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];

    private static byte[] Answer => VncAuth.Respond("sesame", Challenge);

    [Theory]
    [InlineData("RFB 003.008\n", "RFB 003.008\n")]
    [InlineData("RFB 003.889\n", "RFB 003.008\n")]
    [InlineData("RFB 004.001\n", "RFB 003.008\n")]
    [InlineData("RFB 005.000\n", "RFB 003.008\n")]
    [InlineData("RFB 003.007\n", "RFB 003.007\n")]
    [InlineData("RFB 003.005\n", "RFB 003.003\n")]
    [InlineData("RFB 003.003\n", "RFB 003.003\n")]
    public void The_version_is_the_highest_that_both_know(string offered, string answer)
    {
        using var client = new RfbClient(ServerBytes.Options);
        client.Handle(0, Encoding.ASCII.GetBytes(offered));
        Assert.Equal(answer, Encoding.ASCII.GetString(ServerBytes.Sent(client)));
    }

    [Theory]
    [InlineData("HTTP/1.1 400")]
    [InlineData("RFB 002.008\n")]
    [InlineData("RFB 00x.008\n")]
    [InlineData("RFB 003.0 8\n")]
    [InlineData("RFB 003 008\n")]
    [InlineData("SSH-2.0-Open")]
    public void What_is_no_VNC_server_is_said_to_be_none(string offered)
    {
        using var client = new RfbClient(ServerBytes.Options);
        Assert.Throws<ProtocolException>(() => client.Handle(0, Encoding.ASCII.GetBytes(offered)));
    }

    public static TheoryData<string, byte[], string> Servers => new()
    {
        { "3.8 none", ServerBytes.Desktop(64, 48).All, "RFB 003.008\n|01|01" },
        { "3.8 VNC", new ServerBytes().Raw("RFB 003.008\n"u8).U8(2, 16, 2).Raw(Challenge).U32(0).Init(64, 48, "Desk").All, "RFB 003.008\n|02|answer|01" },
        { "3.7 none", new ServerBytes().Raw("RFB 003.007\n"u8).U8(1, 1).Init(64, 48, "Desk").All, "RFB 003.007\n|01|01" },
        { "3.7 VNC", new ServerBytes().Raw("RFB 003.007\n"u8).U8(1, 2).Raw(Challenge).U32(0).Init(64, 48, "Desk").All, "RFB 003.007\n|02|answer|01" },
        { "3.3 none", new ServerBytes().Raw("RFB 003.003\n"u8).U32(1).Init(64, 48, "Desk").All, "RFB 003.003\n|01" },
        { "3.3 VNC", new ServerBytes().Raw("RFB 003.003\n"u8).U32(2).Raw(Challenge).U32(0).Init(64, 48, "Desk").All, "RFB 003.003\n|answer|01" },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public void A_desktop_is_reached(string name, byte[] server, string expected)
    {
        Assert.NotEmpty(name);
        foreach (int piece in (int[])[int.MaxValue, 1, 3])
        {
            using var client = new RfbClient(ServerBytes.Options);
            foreach (byte[] part in server.Chunk(Math.Min(piece, server.Length)))
            {
                Assert.False(client.IsReady);
                client.Handle(0, part);
            }

            Assert.True(client.IsReady);
            Assert.False(client.IsEncrypted);
            Assert.Equal((64, 48, "Desk"), (client.Picture!.Width, client.Picture.Height, client.Name));
            byte[] before = [.. expected.Split('|').SelectMany(part =>
                part == "answer" ? Answer : part.Length == 2 ? Convert.FromHexString(part) : Encoding.ASCII.GetBytes(part))];
            Assert.Equal(before, ServerBytes.Sent(client)[..before.Length]);
            Assert.Equal(RfbClientEventKind.Ready, Assert.Single(ServerBytes.Events(client)).Kind);
        }
    }

    [Theory]
    [InlineData(new[] { VeNCryptType.TlsVnc, VeNCryptType.X509Plain, VeNCryptType.X509Vnc }, VeNCryptType.X509Plain, false)]
    [InlineData(new[] { VeNCryptType.TlsVnc, VeNCryptType.X509None }, VeNCryptType.X509None, false)]
    [InlineData(new[] { VeNCryptType.TlsNone, VeNCryptType.TlsPlain, VeNCryptType.TlsVnc }, VeNCryptType.TlsPlain, true)]
    [InlineData(new[] { VeNCryptType.Plain, VeNCryptType.TlsVnc }, VeNCryptType.TlsVnc, true)]
    public void The_kind_that_protects_most_is_chosen_and_nothing_is_said_before_TLS(uint[] offered, uint chosen, bool anonymous)
    {
        using var client = new RfbClient(ServerBytes.Options with { AllowUnverifiedServer = true });
        client.Handle(0, new ServerBytes().Raw("RFB 003.008\n"u8).U8(2, 2, 19).U8(0, 2).U8(0).U8((byte)offered.Length).U32(offered).All);
        byte[] sent = ServerBytes.Sent(client);
        Assert.Equal(new ServerBytes().Raw("RFB 003.008\n"u8).U8(19, 0, 2).U32(chosen).All, sent);
        client.Handle(0, [1]);
        var start = Assert.Single(ServerBytes.Events(client));
        Assert.Equal((RfbClientEventKind.StartTls, anonymous), (start.Kind, start.IsAnonymous));
        Assert.Empty(ServerBytes.Sent(client));
        Assert.True(client.IsEncrypted);

        client.TlsStarted(0);
        if (chosen is VeNCryptType.X509Plain or VeNCryptType.TlsPlain)
        {
            Assert.Equal(new ServerBytes().U32(4, 6).Raw("annasesame"u8).All, ServerBytes.Sent(client));
        }
        else if (chosen == VeNCryptType.TlsVnc)
        {
            client.Handle(0, Challenge);
            Assert.Equal(Answer, ServerBytes.Sent(client));
        }

        client.Handle(0, new ServerBytes().U32(0).Init(10, 10, "Desk").All);
        Assert.True(client.IsReady);
    }

    [Fact]
    public void A_server_that_speaks_into_the_beginning_of_TLS_is_refused()
    {
        var upToTls = new ServerBytes().Raw("RFB 003.008\n"u8).U8(1, 19).U8(0, 2).U8(0).U8(1).U32(VeNCryptType.TlsVnc).U8(1);
        using var one = new RfbClient(ServerBytes.Options);
        Assert.Throws<ProtocolException>(() => one.Handle(0, upToTls.Raw(Challenge).All));
        using var two = new RfbClient(ServerBytes.Options);
        two.Handle(0, upToTls.All[..^16]);
        Assert.Throws<ProtocolException>(() => two.Handle(0, Challenge));
    }

    [Fact]
    public void A_password_goes_in_the_clear_only_where_that_was_allowed()
    {
        byte[] server = new ServerBytes().Raw("RFB 003.008\n"u8).U8(1, 19).U8(0, 2).U8(0).U8(1).U32(VeNCryptType.Plain).All;
        using var careful = new RfbClient(ServerBytes.Options);
        Assert.Contains("in the clear", Assert.Throws<ProtocolException>(() => careful.Handle(0, server)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", Encoding.ASCII.GetString(ServerBytes.Sent(careful)), StringComparison.Ordinal);

        using var local = new RfbClient(ServerBytes.Options with { AllowCleartextPassword = true });
        local.Handle(0, server);
        Assert.EndsWith("annasesame", Encoding.ASCII.GetString(ServerBytes.Sent(local)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_goes_to_a_server_that_shows_no_certificate_only_where_that_was_allowed()
    {
        byte[] server = new ServerBytes().Raw("RFB 003.008\n"u8).U8(1, 19).U8(0, 2).U8(0).U8(1).U32(VeNCryptType.TlsPlain).All;
        using var careful = new RfbClient(ServerBytes.Options);
        Assert.Contains("without showing a certificate", Assert.Throws<ProtocolException>(() => careful.Handle(0, server)).Message, StringComparison.Ordinal);
        Assert.Empty(ServerBytes.Events(careful));

        // What doesn't say the password is taken in its place.
        using var other = new RfbClient(ServerBytes.Options);
        other.Handle(0, new ServerBytes().Raw("RFB 003.008\n"u8).U8(1, 19).U8(0, 2).U8(0).U8(3).U32(VeNCryptType.TlsPlain, VeNCryptType.TlsVnc, VeNCryptType.Plain).All);
        Assert.Equal([0, 0, 1, 2], ServerBytes.Sent(other)[^4..]);
    }

    [Fact]
    public void A_server_that_has_to_be_known_is_taken_by_a_certificate_or_key_alone()
    {
        var options = ServerBytes.Options with { WantsKnownServer = true, NewKey = static () => RSA.Create(2048), Random = static bytes => bytes.Clear() };
        ReadOnlySpan<byte> version = "RFB 003.008\n"u8;
        byte[][] unknown =
        [
            new ServerBytes().Raw(version).U8(4, 1, 2, 6, 130).All,
            new ServerBytes().Raw("RFB 003.003\n"u8).U32(1).All,
            new ServerBytes().Raw("RFB 003.003\n"u8).U32(2).All,
            new ServerBytes().Raw(version).U8(1, 19).U8(0, 2).U8(0).U8(4).U32(VeNCryptType.TlsPlain, VeNCryptType.TlsVnc, VeNCryptType.TlsNone, VeNCryptType.Plain).All,
        ];
        foreach (byte[] server in unknown)
        {
            using var client = new RfbClient(options with { AllowCleartextPassword = true, AllowUnverifiedServer = true });
            Assert.Contains("nothing that it offers shows one", Assert.Throws<ProtocolException>(() => client.Handle(0, server)).Message, StringComparison.Ordinal);
        }

        foreach (var (server, chosen) in ((byte[], byte[])[])
        [
            (new ServerBytes().Raw(version).U8(4, 1, 2, 130, 129).All, [129]),
            (new ServerBytes().Raw(version).U8(1, 19).U8(0, 2).U8(0).U8(2).U32(VeNCryptType.TlsVnc, VeNCryptType.X509None).All, [0, 0, 1, 4]),
        ])
        {
            using var client = new RfbClient(options);
            client.Handle(0, server);
            Assert.Equal(chosen, ServerBytes.Sent(client)[^chosen.Length..]);
        }

        // What is missing is said first where the server could be known.
        using var without = new RfbClient(options with { Password = null });
        byte[] known = new ServerBytes().Raw(version).U8(1, 19).U8(0, 2).U8(0).U8(1).U32(VeNCryptType.X509Vnc).All;
        Assert.Contains("wants a password", Assert.Throws<ProtocolException>(() => without.Handle(0, known)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_VeNCrypt_holds_nothing_for_us_what_is_beside_it_is_left_for_another_connection()
    {
        var options = new RfbClientOptions { Password = "sesame" };
        byte[] Server(byte[] types, uint kind) => new ServerBytes().Raw("RFB 003.008\n"u8).U8((byte)types.Length).Raw(types).U8(0, 2).U8(0).U8(1).U32(kind).All;
        foreach (var (types, kind, known, expected) in ((byte[], uint, bool, bool)[])
        [
            ([19, 2], VeNCryptType.X509Plain, false, true),
            ([19], VeNCryptType.X509Plain, false, false),
            ([19, 77], VeNCryptType.X509Plain, false, false),
            ([19, 2], VeNCryptType.X509Plain, true, false),
        ])
        {
            using var client = new RfbClient(options with { WantsKnownServer = known });
            Assert.Throws<ProtocolException>(() => client.Handle(0, Server(types, kind)));
            Assert.Equal(expected, client.HasOtherSecurity);
        }

        // What holds something is taken, and what is beside it is not asked about.
        using var taken = new RfbClient(options);
        taken.Handle(0, Server([19, 2], VeNCryptType.X509Vnc));
        Assert.False(taken.HasOtherSecurity);
        Assert.Equal([0, 0, 1, 5], ServerBytes.Sent(taken)[^4..]);

        using var other = new RfbClient(options with { AvoidsVeNCrypt = true });
        other.Handle(0, new ServerBytes().Raw("RFB 003.008\n"u8).U8(2, 19, 2).Raw(Challenge).All);
        Assert.Equal(new ServerBytes().Raw("RFB 003.008\n"u8).U8(2).Raw(Answer).All, ServerBytes.Sent(other));
    }

    [Fact]
    public void Without_a_password_it_says_that_one_is_wanted()
    {
        using var client = new RfbClient(new());
        var wrong = Assert.Throws<ProtocolException>(() => client.Handle(0, new ServerBytes().Raw("RFB 003.008\n"u8).U8(1, 2).All));
        Assert.Contains("wants a password", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_is_told_in_the_servers_own_words()
    {
        using var wrong = new RfbClient(ServerBytes.Options);
        byte[] server = new ServerBytes().Raw("RFB 003.008\n"u8).U8(1, 2).Raw(Challenge).U32(1).Text("no such password").All;
        var refused = Assert.Throws<RfbRefusedException>(() => wrong.Handle(0, server));
        Assert.True(refused.IsPassword);
        Assert.Contains("no such password", refused.Message, StringComparison.Ordinal);

        using var shut = new RfbClient(ServerBytes.Options);
        refused = Assert.Throws<RfbRefusedException>(() => shut.Handle(0, new ServerBytes().Raw("RFB 003.008\n"u8).U8(0).Text("too many tries").All));
        Assert.False(refused.IsPassword);
        Assert.Contains("too many tries", refused.Message, StringComparison.Ordinal);

        using var old = new RfbClient(ServerBytes.Options);
        Assert.Throws<RfbRefusedException>(() => old.Handle(0, new ServerBytes().Raw("RFB 003.003\n"u8).U32(2).Raw(Challenge).U32(1).All));
    }

    [Fact]
    public void Texts_without_end_are_refused_before_they_are_waited_for()
    {
        using var reason = new RfbClient(ServerBytes.Options);
        Assert.Throws<ProtocolException>(() => reason.Handle(0, new ServerBytes().Raw("RFB 003.008\n"u8).U8(0).U32(uint.MaxValue).All));
        using var name = new RfbClient(ServerBytes.Options);
        byte[] desktop = ServerBytes.Desktop(8, 8, "").All;
        desktop[^4] = 0x7f;
        Assert.Throws<ProtocolException>(() => name.Handle(0, desktop));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(100, 0)]
    [InlineData(65535, 65535)]
    [InlineData(16385, 1)]
    public void A_desktop_of_a_size_that_cannot_be_is_refused(int width, int height)
    {
        using var client = new RfbClient(ServerBytes.Options);
        Assert.Throws<ProtocolException>(() => client.Handle(0, ServerBytes.Desktop(width, height).All));
    }
}
