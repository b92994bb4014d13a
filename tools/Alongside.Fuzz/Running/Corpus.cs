using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Alongside.Fuzz.Cases;
using Alongside.Fuzz.Coverage;

namespace Alongside.Fuzz.Running;

/// <summary>Cases that went where none had been before: what the next ones are made from. Kept in a folder from run to run.</summary>
internal sealed class Corpus(string? folder, Random random)
{
    private readonly byte[] seenEdges = new byte[Footprint.Size];
    private readonly byte[] seenNearness = new byte[Footprint.Size];
    private readonly List<Case> cases = [];

    public int Count => cases.Count;

    public int Edges { get; private set; }

    public IEnumerable<Case> Stored() => folder is null || !Directory.Exists(folder) ? []
        : Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => Case.Read(File.ReadAllBytes(file)));

    /// <summary>Keeps a case if what <see cref="Footprint"/> saw of it is new.</summary>
    public void Judge(Case given, bool isStored)
    {
        bool isNew = JudgeEdges() | JudgeNearness();
        if (!isNew)
        {
            return;
        }

        cases.Add(given);
        if (folder is not null && !isStored)
        {
            byte[] file = given.ToFile();
            File.WriteAllBytes(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(file))[..16]), file);
        }
    }

    /// <summary>A case to begin from: half of the time one of the newest, which are nearest to what is not known yet.</summary>
    public Case Pick()
    {
        int newest = Math.Max(1, cases.Count / 8);
        return random.Next(2) == 0 ? cases[^(1 + random.Next(newest))] : cases[random.Next(cases.Count)];
    }

    private bool JudgeEdges()
    {
        bool isNew = false;
        var words = MemoryMarshal.Cast<byte, ulong>(Footprint.Edges);
        for (int i = 0; i < words.Length; i++)
        {
            for (int at = i * 8; words[i] != 0 && at < (i * 8) + 8; at++)
            {
                byte count = Footprint.Edges[at];
                byte times = (byte)(count switch { 0 => 0, 1 => 1, 2 => 2, 3 => 4, < 8 => 8, < 16 => 16, < 32 => 32, < 128 => 64, _ => 128 });
                if ((seenEdges[at] & times) != times)
                {
                    Edges += seenEdges[at] == 0 ? 1 : 0;
                    seenEdges[at] |= times;
                    isNew = true;
                }
            }
        }

        return isNew;
    }

    private bool JudgeNearness()
    {
        bool isNew = false;
        var now = MemoryMarshal.Cast<byte, ulong>(Footprint.Nearness);
        var seen = MemoryMarshal.Cast<byte, ulong>(seenNearness.AsSpan());
        for (int i = 0; i < now.Length; i++)
        {
            if ((now[i] & ~seen[i]) != 0)
            {
                seen[i] |= now[i];
                isNew = true;
            }
        }

        return isNew;
    }
}
