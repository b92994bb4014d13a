using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Alongside.Core.Wire;

namespace Alongside.Core.Relay;

/// <summary>Reads and writes signalling. Strict in what it reads: size, depth, types, doubled members, the shape of every name.</summary>
public static class SignalJson
{
    private static readonly SearchValues<char> Base64Url =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static byte[] Write(ClientSignal signal) => JsonSerializer.SerializeToUtf8Bytes(signal, SignalContext.Default.ClientSignal);

    public static byte[] Write(ServerSignal signal) => JsonSerializer.SerializeToUtf8Bytes(signal, SignalContext.Default.ServerSignal);

    /// <summary>What a client said. An unknown `t` is the client's mistake: the server could not do what it asks.</summary>
    /// <exception cref="ProtocolException">Not JSON, too long, unknown, or with a value out of its range.</exception>
    public static ClientSignal ReadClient(ReadOnlySpan<byte> utf8)
    {
        var signal = Read(utf8, SignalContext.Default.ClientSignal);
        switch (signal)
        {
            case ClientSignal.Open { V: < 1 } or ClientSignal.Join { V: < 1 } or ClientSignal.Rejoin { V: < 1 }:
                throw new ProtocolException("A version was out of range.");
            case ClientSignal.Join join:
                Require(join.Number is null != join.Room is null, "A join names a number or a room, one of the two.");
                Require(join.Number is null || IsNumber(join.Number), "A number was not three to five digits.");
                Require(join.Room is null || IsId(join.Room), "A room was not named by 22 characters.");
                break;
            case ClientSignal.Rejoin rejoin:
                Require(IsId(rejoin.Room) && IsId(rejoin.Token) && rejoin.Member != 0, "A rejoin was not well formed.");
                break;
            case ClientSignal.Remove { Member: 0 }:
                throw new ProtocolException("Members are counted from one.");
        }

        return signal;
    }

    /// <summary>What the server said, or null for a message newer than this client, which it ignores.</summary>
    /// <exception cref="ProtocolException">Not JSON, too long, or with a value out of its range.</exception>
    public static ServerSignal? ReadServer(ReadOnlySpan<byte> utf8)
    {
        if (!IsKnown(utf8))
        {
            return null;
        }

        var signal = Read(utf8, SignalContext.Default.ServerSignal);
        switch (signal)
        {
            case ServerSignal.Opened opened:
                Require(IsId(opened.Room) && IsId(opened.Token) && opened.Member != 0 && IsWindow(opened.Window), "An opened was not well formed.");
                Require(IsStun(opened.Stun), "A port was out of range.");
                Require(opened.Turn is null or { IsWellFormed: true }, "A TURN server was not well formed.");
                Require(opened.Digits is null || (IsNumber(opened.Digits) && opened.Seconds is >= 0), "A number was not three to five digits.");
                break;
            case ServerSignal.Joined joined:
                Require(IsId(joined.Room) && IsId(joined.Token) && joined.Member != 0 && IsWindow(joined.Window), "A joined was not well formed.");
                Require(IsStun(joined.Stun), "A port was out of range.");
                Require(joined.Turn is null or { IsWellFormed: true }, "A TURN server was not well formed.");
                Require(Array.TrueForAll(joined.Members, member => member is { Member: not 0 }), "A list of members was not well formed.");
                break;
            case ServerSignal.Number number:
                Require(IsNumber(number.Digits) && number.Seconds >= 0, "A number was not three to five digits.");
                break;
            case ServerSignal.Lent lent:
                Require(lent.Offer is { IsWellFormed: true }, "A TURN server was not well formed.");
                break;
            case ServerSignal.Arrived { Member: 0 } or ServerSignal.Left { Member: 0 }:
                throw new ProtocolException("Members are counted from one.");
        }

        return signal;
    }

    /// <summary>Whether this is a room's number: three to five ASCII digits.</summary>
    public static bool IsNumber(string text) => text.Length is >= 3 and <= 5 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    /// <summary>Whether this is a room's id or a token: 16 bytes in base64url, 22 characters.</summary>
    public static bool IsId(string text) => text.Length == 22 && !text.AsSpan().ContainsAnyExcept(Base64Url);

    private static bool IsWindow(int window) => window is >= RelayLimits.Payload and <= RelayLimits.LargestWindow;

    private static bool IsStun(int? port) => port is null or (> 0 and <= ushort.MaxValue);

    private static T Read<T>(ReadOnlySpan<byte> utf8, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        Require(utf8.Length <= RelayLimits.Text, "A text message was too long.");
        try
        {
            return JsonSerializer.Deserialize(utf8, type) ?? throw new ProtocolException("A message was null.");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            // The parser's own words quote what was sent, which may hold a token.
            throw new ProtocolException("A text message was not understood.");
        }
    }

    private static bool IsKnown(ReadOnlySpan<byte> utf8)
    {
        Require(utf8.Length <= RelayLimits.Text, "A text message was too long.");
        var reader = new Utf8JsonReader(utf8);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("t"u8))
                {
                    Require(reader.Read() && reader.TokenType == JsonTokenType.String, "A message's kind was not a word.");
                    return reader.ValueTextEquals("opened"u8) || reader.ValueTextEquals("joined"u8) || reader.ValueTextEquals("number"u8)
                        || reader.ValueTextEquals("expired"u8) || reader.ValueTextEquals("arrived"u8) || reader.ValueTextEquals("left"u8)
                        || reader.ValueTextEquals("turn"u8) || reader.ValueTextEquals("error"u8);
                }
            }
        }
        catch (JsonException)
        {
            throw new ProtocolException("A text message was not JSON.");
        }

        throw new ProtocolException("A message did not say what it is.");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ProtocolException(otherwise);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 4)]
[JsonSerializable(typeof(ClientSignal))]
[JsonSerializable(typeof(ServerSignal))]
internal sealed partial class SignalContext : JsonSerializerContext;
