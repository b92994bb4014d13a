using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Alongside.Core.Secure;
using Alongside.Testing;

namespace Alongside.Core.Tests.Secure;

public sealed class RoomCodeTests
{
    private const string Room = "EBESExQVFhcYGRobHB0eHw";
    private const string Secret = "AAECAwQFBgcICQoLDA0ODw";
    private const string Fingerprint = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    [Fact]
    public void What_people_type_is_read_like_the_vectors()
    {
        string[] typed =
        [
            "482 190 573", "482190573", "482-190-573", " 482\u00a0190\u00a0573 ", "482\u2009190\u202f573", "482\u2013190\u2014573", "482.190.573",
            "4821 905 731", "48219 057 310", "000 000 000", "4 8 2 1 9 0 5 7 3", "482\t190\n573",
            $"https://help.example/join#{Room}.{Secret}",
            $"http://localhost:8080/join#{Room}.{Secret}",
            $"https://help.example:8443/help#{Room}.{Secret}.{Fingerprint}",
            $"HTTPS://Help.Example/join?kiosk=1#{Room}.{Secret}",
            $"http://[::1]:5000/help#{Room}.{Secret}",
            $"  http://192.168.1.20:8080/join#{Room}.{Secret}.{Fingerprint}\n",
            string.Empty, "   ", "482 190 57", "482 190", "1", "482 190 573 482", "abc def ghi", "482 19O 573", "-- --", "\u0664\u0668\u0662 190 573",
            "482190573 please", "+482190573", "482,190,573",
            $"https://help.example/join", $"https://help.example/join#", $"https://help.example/other#{Room}.{Secret}", $"https://help.example/join/#{Room}.{Secret}",
            $"https://help.example#{Room}.{Secret}", $"ftp://help.example/join#{Room}.{Secret}", $"https:///join#{Room}.{Secret}",
            $"https://user@help.example/join#{Room}.{Secret}", $"https://help.example/join#{Room}", $"https://help.example/join#{Room}.",
            $"https://help.example/join#.{Secret}", $"https://help.example/join#{Room}.{Secret[..21]}", $"https://help.example/join#{Room}.{Secret}A",
            $"https://help.example/join#{Room}.{Secret[..21]}x", $"https://help.example/join#{Room}.{Secret}.{Fingerprint[..42]}",
            $"https://help.example/join#{Room}.{Secret}.{Fingerprint}.x", $"https://help.example/join#{Room}.AAECAwQFBgcICQoLDA0O+w",
            $"https://help.example/join?a#b#{Room}.{Secret}", $"javascript://help.example/join#{Room}.{Secret}", new string('4', 600),
            $"https://{new string('a', 600)}/join#{Room}.{Secret}",
        ];
        var cases = new JsonArray();
        foreach (var text in typed)
        {
            var entry = new JsonObject { ["typed"] = text };
            if (RoomCode.TryParse(text, out var invitation, out var error))
            {
                Assert.Equal(RoomCodeError.None, error);
                entry["invitation"] = Show(invitation);
            }
            else
            {
                entry["error"] = Kebab(error.ToString());
            }

            cases.Add(entry);
        }

        Vectors.Check("room-codes.json", new JsonObject { ["cases"] = cases });
    }

    [Fact]
    public void Digits_have_no_bias()
    {
        // 2^32 - 1 is not below the last multiple of a million: it is drawn again.
        Assert.Equal("000007", RoomCode.MakeDigits(new ScriptedRandomSource([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 7])));
        Assert.Equal("999999", RoomCode.MakeDigits(new ScriptedRandomSource([0, 0x0f, 0x42, 0x3f])));
        Assert.Equal("000000", RoomCode.MakeDigits(new ScriptedRandomSource([0, 0x0f, 0x42, 0x40])));

        // 4,294,000,000 would favour nothing, 4,293,999,999 is the last that counts.
        Assert.Equal("000001", RoomCode.MakeDigits(new ScriptedRandomSource([0xff, 0xf1, 0x3d, 0x80, 0, 0, 0, 1])));
        Assert.Equal("999999", RoomCode.MakeDigits(new ScriptedRandomSource([0xff, 0xf1, 0x3d, 0x7f])));
    }

    [Fact]
    public void What_is_made_and_shown_is_read_back()
    {
        var random = new SeededRandomSource(5);
        for (var i = 0; i < 200; i++)
        {
            var digits = RoomCode.MakeDigits(random);
            Assert.Matches("^[0-9]{6}$", digits);
            Assert.True(RoomCode.TryParse(RoomCode.Format("482", digits), out var code, out _));
            Assert.Equal(new CodeInvitation("482", digits), code);

            var link = new LinkInvitation("https://help.example:8443", i % 2 == 0 ? LinkPurpose.Join : LinkPurpose.Help, RoomCode.MakeLinkSecret(random),
                RoomCode.MakeLinkSecret(random), i % 3 == 0 ? Fingerprint : null);
            Assert.True(RoomCode.TryParse(RoomCode.MakeLink(link), out var read, out _));
            Assert.Equal(link, read);
        }

        Assert.Equal("4821 905 731", RoomCode.Format("4821", "905731"));
    }

    [Fact]
    public void Credentials_name_the_place_and_hold_the_secret()
    {
        Assert.True(RoomCode.TryParse("482 190 573", out var code, out _));
        Assert.Equal((CredentialKind.Code, "482"), (code.Credential.Kind, code.Credential.Place));
        Assert.Equal("190573"u8.ToArray(), code.Credential.Secret);
        Assert.DoesNotContain("190573", code.ToString(), StringComparison.Ordinal);
        Assert.True(RoomCode.TryParse($"https://help.example/join#{Room}.{Secret}", out var link, out _));
        Assert.Equal((CredentialKind.Link, Room), (link.Credential.Kind, link.Credential.Place));
        Assert.DoesNotContain(Secret, link.ToString(), StringComparison.Ordinal);
    }

    private static JsonObject Show(Invitation invitation) => invitation switch
    {
        CodeInvitation code => new JsonObject { ["kind"] = "code", ["number"] = code.Number, ["secret"] = code.Secret },
        LinkInvitation link => new JsonObject
        {
            ["kind"] = "link",
            ["server"] = link.Server,
            ["purpose"] = Kebab(link.Purpose.ToString()),
            ["room"] = link.Room,
            ["secret"] = link.Secret,
            ["fingerprint"] = link.Fingerprint,
        },
        _ => throw new InvalidOperationException(),
    };

    private static string Kebab(string name) => Regex.Replace(name, "(?<!^)([A-Z])", "-$1").ToLowerInvariant();
}
