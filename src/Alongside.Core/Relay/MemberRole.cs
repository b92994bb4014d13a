using System.Text.Json;
using System.Text.Json.Serialization;

namespace Alongside.Core.Relay;

/// <summary>What a member of a room is there for.</summary>
[JsonConverter(typeof(MemberRoleJson))]
public enum MemberRole
{
    Host,
    Viewer,
}

/// <summary>The two names on the wire, and nothing else: the platform's converter would take numbers and any case.</summary>
internal sealed class MemberRoleJson : JsonConverter<MemberRole>
{
    public override MemberRole Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            if (reader.ValueTextEquals("host"u8))
            {
                return MemberRole.Host;
            }

            if (reader.ValueTextEquals("viewer"u8))
            {
                return MemberRole.Viewer;
            }
        }

        throw new JsonException("A role is neither host nor viewer.");
    }

    public override void Write(Utf8JsonWriter writer, MemberRole value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value == MemberRole.Host ? "host"u8 : "viewer"u8);
}
