using System.Globalization;

namespace Alongside.Launcher.Lab.Nat;

/// <summary>The results as a person reads them, a line as soon as its pair is done.</summary>
internal sealed class NatTable(TextWriter output)
{
    public void Begin() => output.WriteLine($"  {"host behind",-16} {"viewer behind",-16} {"path",-8} {"picture",9} {"direct",9} {"trip relayed",13} {"direct",9}");

    public void Add(PairResult result, bool isRight)
    {
        string path = !result.Works ? "none" : result.Path == "direct" ? "direct" : result.Turn ? "by TURN" : "relayed";
        output.WriteLine($"  {result.A,-16} {result.B,-16} {path,-8} {Milliseconds(result.FirstPictureMs),9} {Milliseconds(result.DirectMs),9} {Milliseconds(result.RttRelayMs),13} {Milliseconds(result.RttDirectMs),9}"
            + (isRight ? "" : result.Works ? "   could be direct" : ""));
        if (result.Trouble is { } trouble)
        {
            output.WriteLine($"    {trouble.ReplaceLineEndings("\n    ")}");
        }
    }

    public void End(List<PairResult> results) => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"\n  {results.Count} pairs: {results.Count(result => result.Works && result.Path == "direct")} direct, {results.Count(result => result.Works && result.Path != "direct")} relayed, {results.Count(result => !result.Works)} without a session."));

    private static string Milliseconds(double? value) => value is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.#} ms") : "";
}
