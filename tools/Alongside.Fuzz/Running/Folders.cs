using Alongside.Fuzz.Targets;

namespace Alongside.Fuzz.Running;

/// <summary>Where things lie: <c>.alongside/fuzz</c> of the clone.</summary>
internal sealed class Folders(string root)
{
    public string Root { get; } = root;

    public string Programs { get; } = Path.Combine(root, "program");

    /// <summary>Cases worth beginning from, one a file.</summary>
    public string Corpus(Target target) => Made(Path.Combine(Root, "corpus", target.Name));

    public string Heartbeat(Target target) => Path.Combine(Made(Path.Combine(Root, "running")), $"{target.Name}-{Environment.ProcessId}");

    /// <summary>Writes a finding's case, and beside it what is known of it.</summary>
    /// <returns>The case's file.</returns>
    public string Write(Target target, Finding finding)
    {
        string file = Path.Combine(Made(Path.Combine(Root, "findings", target.Name)), finding.Signature + ".case");
        File.WriteAllBytes(file, finding.Case.ToFile());
        File.WriteAllText(Path.ChangeExtension(file, ".txt"), finding.Detail + Environment.NewLine);
        return file;
    }

    private static string Made(string folder)
    {
        Directory.CreateDirectory(folder);
        return folder;
    }
}
