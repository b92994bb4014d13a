using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alongside.Core.Input;
using Alongside.Core.Pixels;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Session;

/// <summary>tests/vectors/session-messages.json, which the viewer in the browser reads as well.</summary>
public sealed class MessageVectors
{
    private static readonly JsonObject Vectors = JsonNode.Parse(File.ReadAllText(Find("tests/vectors/session-messages.json")))!.AsObject();

    [Theory, MemberData(nameof(Named), "input")]
    public void Input_is_read_and_written(string hex, string means, bool write)
    {
        var expected = JsonNode.Parse(means)!;
        var message = InputMessage.Read(Convert.FromHexString(hex));
        var expectedMessage = (string)expected["type"]! switch
        {
            "pointer" => InputMessage.Pointer((int)expected["x"]!, (int)expected["y"]!, (int)expected["buttons"]!),
            "wheel" => InputMessage.Wheel((int)expected["dx"]!, (int)expected["dy"]!),
            "key" => InputMessage.Key((bool)expected["down"]!, (uint)expected["keysym"]!, (ushort)expected["usage"]!),
            "release" => InputMessage.Release(),
            _ => InputMessage.Type((string)expected["text"]!),
        };
        Assert.Equal(expectedMessage, message);
        if (write)
        {
            Assert.Equal(hex, Hex(message.Write));
        }
    }

    [Theory, MemberData(nameof(Named), "feedback")]
    public void Feedback_is_read_and_written(string hex, string means, bool write)
    {
        Assert.True(write);
        var expected = JsonNode.Parse(means)!;
        var message = Painted.Read(Convert.FromHexString(hex));
        Assert.Equal(new Painted((uint)expected["sequence"]!, (uint)expected["micros"]!), message);
        Assert.Equal(hex, Hex(message.Write));
    }

    [Theory, MemberData(nameof(Named), "cursor")]
    public void A_cursor_is_read_and_written(string hex, string means, bool write)
    {
        var expected = JsonNode.Parse(means)!;
        var message = CursorMessage.Read(Convert.FromHexString(hex));
        string written = Hex(message.Write);
        if (write)
        {
            Assert.Equal(hex, written);
        }

        foreach (var read in new[] { message, CursorMessage.Read(Convert.FromHexString(written)) })
        {
            if (read is CursorMessage.Shape { Image: var image })
            {
                Assert.Equal(
                    ((int)expected["width"]!, (int)expected["height"]!, (int)expected["hotX"]!, (int)expected["hotY"]!, (string)expected["rgba"]!),
                    (image.Width, image.Height, image.HotX, image.HotY, Convert.ToHexStringLower(image.Rgba)));
            }
            else
            {
                Assert.Equal(new CursorMessage.Position((int)expected["x"]!, (int)expected["y"]!), read);
            }
        }
    }

    [Theory, MemberData(nameof(Named), "clipboard")]
    public void A_clipboard_is_read_and_written(string hex, string means, bool write)
    {
        Assert.True(write);
        var expected = JsonNode.Parse(means)!;
        var message = ClipboardMessage.Read(Convert.FromHexString(hex));
        Assert.Equal(new ClipboardMessage((byte)expected["selection"]!, (string)expected["text"]!), message);
        Assert.Equal(hex, Hex(output => Assert.True(message.TryWrite(output))));
    }

    [Theory, MemberData(nameof(Controls))]
    public void Control_is_read_and_written(string json, string? means)
    {
        var message = ControlJson.Read(Encoding.UTF8.GetBytes(json));
        if (means is null)
        {
            Assert.Null(message);
            return;
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(means), JsonNode.Parse(ControlJson.Write(message!))));
    }

    [Theory, MemberData(nameof(Bad))]
    public void What_is_wrong_is_the_peers_mistake(string kind, string message, string why)
    {
        Action read = kind switch
        {
            "badInput" => () => InputMessage.Read(Convert.FromHexString(message)),
            "badFeedback" => () => Painted.Read(Convert.FromHexString(message)),
            "badCursor" => () => CursorMessage.Read(Convert.FromHexString(message)),
            "badClipboard" => () => ClipboardMessage.Read(Convert.FromHexString(message)),
            _ => () => ControlJson.Read(Encoding.UTF8.GetBytes(message)),
        };
        Assert.NotEmpty(why);
        Assert.Throws<ProtocolException>(read);
    }

    /// <summary>A reader either reads or says that the peer was wrong; nothing else comes out of it, whatever goes in.</summary>
    [Fact]
    public void Mutated_messages_are_read_or_refused()
    {
        var random = new Random(7);
        var binary = new[] { "input", "feedback", "cursor", "clipboard" }.SelectMany(n => Vectors[n]!.AsArray()).Select(v => Convert.FromHexString((string)v!["hex"]!)).ToArray();
        var text = Vectors["control"]!.AsArray().Select(v => Encoding.UTF8.GetBytes((string)v!["json"]!)).ToArray();
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            refused += Refuses(Mutate(binary[random.Next(binary.Length)], random), m => InputMessage.Read(m));
            refused += Refuses(Mutate(binary[random.Next(binary.Length)], random), m => CursorMessage.Read(m));
            refused += Refuses(Mutate(binary[random.Next(binary.Length)], random), m => ClipboardMessage.Read(m));
            refused += Refuses(Mutate(text[random.Next(text.Length)], random), m => ControlJson.Read(m));
        }

        Assert.InRange(refused, 1, 79_999);
    }

    [Fact]
    public void A_clipboard_over_its_limit_is_not_written()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.False(new ClipboardMessage(0, new string('é', (ClipboardMessage.MaxText / 2) + 1)).TryWrite(output));
        Assert.Equal(0, output.WrittenCount);
        Assert.True(new ClipboardMessage(0, new string('é', ClipboardMessage.MaxText / 2)).TryWrite(output));
    }

    [Fact]
    public void The_widest_cursor_fits_its_budget_and_a_bomb_does_not_unpack()
    {
        var random = new Random(1);
        var rgba = new byte[CursorImage.MaxSide * CursorImage.MaxSide * 4];
        random.NextBytes(rgba);
        var output = new ArrayBufferWriter<byte>();
        new CursorMessage.Shape(new(CursorImage.MaxSide, CursorImage.MaxSide, 0, 0, rgba)).Write(output);
        Assert.InRange(output.WrittenCount, 1, ChannelBudgets.For(ChannelBudgets.Cursor, SecureRole.Viewer));
        Assert.Equal(rgba, Assert.IsType<CursorMessage.Shape>(CursorMessage.Read(output.WrittenSpan)).Image.Rgba);
    }

    public static IEnumerable<object?[]> Named(string list) =>
        Vectors[list]!.AsArray().Select(v => new object?[] { (string)v!["hex"]!, v["is"]!.ToJsonString(), (bool?)v["write"] ?? true });

    public static IEnumerable<object?[]> Controls() =>
        Vectors["control"]!.AsArray().Select(v => new object?[] { (string)v!["json"]!, v["is"]?.ToJsonString() });

    public static IEnumerable<object?[]> Bad() =>
        Vectors.Where(list => list.Key.StartsWith("bad", StringComparison.Ordinal))
            .SelectMany(list => list.Value!.AsArray().Select(v => new object?[] { list.Key, (string)(v!["hex"] ?? v["json"])!, (string)v["why"]! }));

    private static byte[] Mutate(byte[] original, Random random)
    {
        var copy = original.ToList();
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(copy.Count + 1);
            switch (random.Next(3))
            {
                case 0 when at < copy.Count:
                    copy[at] = (byte)random.Next(256);
                    break;
                case 1 when at < copy.Count:
                    copy.RemoveRange(at, random.Next(1, copy.Count - at + 1));
                    break;
                default:
                    copy.Insert(at, (byte)random.Next(256));
                    break;
            }
        }

        return [.. copy];
    }

    private static int Refuses(byte[] message, Action<byte[]> read)
    {
        try
        {
            read(message);
            return 0;
        }
        catch (ProtocolException)
        {
            return 1;
        }
    }

    private static string Hex(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Convert.ToHexStringLower(output.WrittenSpan);
    }

    private static string Find(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, path)))
        {
            folder = folder.Parent ?? throw new FileNotFoundException(path);
        }

        return Path.Combine(folder.FullName, path);
    }
}
