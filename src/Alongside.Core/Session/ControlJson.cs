using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Session;

/// <summary>
/// Control messages as JSON. Unknown messages and members are ignored, so that old and new meet; a known message with a member that is
/// missing, of the wrong type or out of its range is the peer's mistake.
/// </summary>
public static class ControlJson
{
    /// <summary>The longest label (name of a person, desktop or monitor) in UTF-16 units.</summary>
    public const int MaxLabel = 64;

    public const int MaxMonitors = 32;

    private const int MaxText = 1024;
    private const int MaxCandidate = 512;
    private const long MaxSafeInteger = (1L << 53) - 1;

    private static readonly SearchValues<char> IceChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <returns>Null for a message this version does not know.</returns>
    /// <exception cref="ProtocolException">Not JSON, or not as the protocol says.</exception>
    public static ControlMessage? Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            if (!IsKnown(utf8))
            {
                return null;
            }

            var message = JsonSerializer.Deserialize(utf8, ControlJsonContext.Default.ControlMessage);
            return Checked(message ?? throw new ProtocolException("A control message was null."));
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new ProtocolException("A control message was not the JSON the protocol knows.");
        }
    }

    public static byte[] Write(ControlMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, ControlJsonContext.Default.ControlMessage);

    /// <summary>Looks for `t` at the top level without making anything of the rest.</summary>
    private static bool IsKnown(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = ControlJsonContext.Depth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new ProtocolException("A control message was not a JSON object.");
        }

        bool known = false, named = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = reader.ValueTextEquals("t"u8);
            reader.Read();
            if (isType)
            {
                if (named || reader.TokenType != JsonTokenType.String)
                {
                    throw new ProtocolException("A control message did not say what it is.");
                }

                named = true;
                known = reader.GetString() is "ask" or "narrow" or "monitor" or "size" or "sized" or "ping" or "pong" or "bye" or "asking" or "grant"
                    or "desktop" or "stream" or "notice" or "lost" or "direct" or "candidate" or "line";
            }
            else
            {
                reader.Skip();
            }
        }

        // Reads to the end, so that rubbish behind the object is seen for unknown messages as well.
        while (reader.Read())
        {
        }

        return named ? known : throw new ProtocolException("A control message did not say what it is.");
    }

    private static ControlMessage Checked(ControlMessage message) => message switch
    {
        ControlMessage.Ask ask => ask with { Name = Label.Of(ask.Name) },
        ControlMessage.ChooseMonitor m when m.Id is < 0 or > ushort.MaxValue => throw Range("monitor"),
        ControlMessage.Size s when !IsSide(s.Width) || !IsSide(s.Height) || s.Wish < 0 => throw Range("size"),
        ControlMessage.Sized s when !SizeWords.TryRead(s.Answer, out _) || s.Wish < 0 => throw Range("sized"),
        ControlMessage.Ping p when p.N is < 0 or > MaxSafeInteger => throw Range("ping"),
        ControlMessage.Pong p when p.N is < 0 or > MaxSafeInteger => throw Range("pong"),
        ControlMessage.Bye bye => bye with { Reason = Label.Of(bye.Reason) },
        ControlMessage.Desktop desktop => Checked(desktop),
        ControlMessage.StreamStart s when s.Stream is < 0 or > 255 || s.Epoch is < 0 or > ushort.MaxValue
            || s.Counter is < 0 or > uint.MaxValue || s.Secret.Length != 32 => throw Range("stream"),
        ControlMessage.Notice notice => new ControlMessage.Notice(Label.Of(notice.Code), Label.Of(notice.Text, MaxText)),
        ControlMessage.Lost lost => new ControlMessage.Lost(Label.Of(lost.Text, MaxText)),
        ControlMessage.Direct d when !IsWay(d.Way) || !IsIceText(d.Ufrag, 4) || !IsIceText(d.Pwd, 22) || d.Fingerprint.Length != 32
            || d.Setup is not ("actpass" or "active" or "passive") || d.Pacing is < 0 or > 10_000 => throw Range("direct"),
        ControlMessage.PathLine l when l.Loss is < 0 or > ControlMessage.PathLine.All || l.Relay is < 0 or > MaxSafeInteger => throw Range("line"),
        ControlMessage.Candidate c when !IsWay(c.Way) || c.Line.Length is 0 or > MaxCandidate || c.Line.AsSpan().ContainsAnyExceptInRange(' ', '~') => throw Range("candidate"),
        _ => message,
    };

    /// <summary>Whether a desktop can have it is the host's to answer.</summary>
    private static bool IsSide(int side) => side is > 0 and <= ushort.MaxValue;

    private static bool IsWay(int way) => way is > 0 and <= ushort.MaxValue;

    /// <summary>RFC 8839, 5.4: letters, digits, + and /, up to 256.</summary>
    private static bool IsIceText(string text, int least) => text.Length >= least && text.Length <= 256 && !text.AsSpan().ContainsAnyExcept(IceChars);

    private static ControlMessage.Desktop Checked(ControlMessage.Desktop desktop)
    {
        if (!Frame.IsValidSize(desktop.Width, desktop.Height) || desktop.Monitors.Count > MaxMonitors || desktop.Shows is < 0 or > ushort.MaxValue)
        {
            throw Range("desktop");
        }

        var whole = new PixelRect(0, 0, desktop.Width, desktop.Height);
        foreach (var m in desktop.Monitors)
        {
            // Sides first, so that nothing below can overflow.
            if (m is null || m.Id is < 1 or > ushort.MaxValue || !Frame.IsValidSize(m.Width, m.Height)
                || m.X is < 0 or > Frame.MaxSide || m.Y is < 0 or > Frame.MaxSide
                || new PixelRect(m.X, m.Y, m.Width, m.Height) is var area && whole.Intersect(area) != area)
            {
                throw Range("desktop");
            }
        }

        return desktop with
        {
            Name = Label.Of(desktop.Name),
            Gateway = desktop.Gateway is { } gateway ? gateway with { Protocol = Label.Of(gateway.Protocol) } : null,
            Monitors = [.. desktop.Monitors.Select(m => m with { Name = Label.Of(m.Name) })],
        };
    }

    private static ProtocolException Range(string type) => new($"A member of a `{type}` message was out of its range.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = Depth)]
[JsonSerializable(typeof(ControlMessage))]
internal sealed partial class ControlJsonContext : JsonSerializerContext
{
    public const int Depth = 8;
}
