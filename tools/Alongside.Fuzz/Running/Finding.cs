using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Running;

/// <summary>Something a decoder must not do, and what made it do so.</summary>
/// <param name="What">In a line, fit to be shown.</param>
/// <param name="Place">Where in our code; findings of one place and kind are one.</param>
/// <param name="Detail">All that is known: a stack, what a process that died had said.</param>
internal sealed record Finding(FindingKind Kind, string What, string Place, string Detail, Case Case)
{
    /// <summary>The same for the same mistake, and a name for its file.</summary>
    public string Signature { get; } = $"{Kind.ToString().ToLowerInvariant()}-{Hash($"{Kind} {Place}"):x8}";

    // FNV-1a: the same on every machine.
    private static uint Hash(string text) => text.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619);
}

internal enum FindingKind
{
    /// <summary>It threw something that is no refusal.</summary>
    Exception,

    /// <summary>It allocated more than its target allows for the message.</summary>
    Memory,

    /// <summary>It passed more edges than its target allows for the message.</summary>
    Steps,

    /// <summary>It was busy for so long that it was ended, outside code that counts steps.</summary>
    Hang,

    /// <summary>The process died: a stack overflow, no memory left, a native library.</summary>
    Crash,
}
