using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Alongside.Core.Tests.Secure;

/// <summary>
/// Files of tests/vectors. Those we make ourselves are compared with what the code does now; run the tests once with
/// ALONGSIDE_WRITE_VECTORS=1 to write them anew, and say in the commit why the protocol changed. The TypeScript tests read the same files.
/// </summary>
internal static class Vectors
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(PathOf(name)))!;

    public static void Check(string name, JsonNode actual)
    {
        var text = actual.ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("ALONGSIDE_WRITE_VECTORS") == "1")
        {
            File.WriteAllText(PathOf(name), text);
        }

        Assert.Equal(File.ReadAllText(PathOf(name)), text);
    }

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    public static byte[] Bytes(JsonNode? node) => Convert.FromHexString(node!.GetValue<string>());

    private static string PathOf(string name, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "vectors", name));
}
