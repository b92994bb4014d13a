namespace Alongside.Bench.Report;

/// <summary><c>docs</c>: measures nothing; makes <c>docs/benchmarks.md</c> and its charts of what lies in <c>docs/benchmarks</c>.</summary>
internal static class DocsBench
{
    public static int Run(string[] args)
    {
        if (args.Length > 0)
        {
            Console.Error.WriteLine("Usage: docs      makes docs/benchmarks.md of docs/benchmarks/*.json");
            return 2;
        }

        Page.Write(Findings.OfThisClone);
        return 0;
    }
}
