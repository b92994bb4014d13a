using System.Security.Cryptography;
using System.Text;

namespace Alongside.Fuzz.Coverage;

/// <summary>A copy of this program beside instrumented assemblies, which tell where they are.</summary>
internal static class InstrumentedProgram
{
    public const string LexiconFile = "lexicon.txt";

    private static readonly string[] Ours = ["Alongside.Core.dll", "Alongside.Vnc.dll", "Alongside.Rtc.dll"];

    /// <summary>Makes it unless it is there, in a folder of its own that is there only when it is whole; those of earlier builds go.</summary>
    /// <returns>The program to be started with <c>dotnet</c>.</returns>
    public static string Make(string parent, Action<string> say)
    {
        string source = AppContext.BaseDirectory;
        var files = Directory.EnumerateFiles(source).Where(file => !file.EndsWith(".pdb", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        string stamp = string.Join('\n', files.Select(file => $"{Path.GetFileName(file)} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file).Ticks}"));
        string folder = Path.Combine(parent, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stamp)))[..16]);
        string program = Path.Combine(folder, "alongside-fuzz.dll");
        if (File.Exists(program))
        {
            return program;
        }

        foreach (string old in Directory.Exists(parent) ? Directory.GetDirectories(parent) : [])
        {
            Directory.Delete(old, recursive: true);
        }

        string making = $"{folder}.{Environment.ProcessId}";
        Directory.CreateDirectory(making);
        var lexicon = new Lexicon();
        var instrumenter = new Instrumenter(lexicon);
        foreach (string file in files)
        {
            string target = Path.Combine(making, Path.GetFileName(file));
            if (Ours.Contains(Path.GetFileName(file)))
            {
                instrumenter.Rewrite(file, target);
            }
            else
            {
                File.Copy(file, target);
            }
        }

        lexicon.Write(Path.Combine(making, LexiconFile));
        Directory.Move(making, folder);
        say($"Instrumented {instrumenter.Blocks} blocks.");
        return program;
    }
}
