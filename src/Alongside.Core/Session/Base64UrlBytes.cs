using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Alongside.Core.Session;

/// <summary>Bytes as base64url without padding, the only form the protocol knows.</summary>
internal sealed class Base64UrlBytes : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return Base64Url.DecodeFromChars(reader.GetString());
        }
        catch (FormatException)
        {
            throw new JsonException("Not base64url.");
        }
    }

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Base64Url.EncodeToString(value));
}
