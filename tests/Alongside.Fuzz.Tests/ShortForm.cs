using System.Diagnostics;
using Alongside.Fuzz.Targets;

namespace Alongside.Fuzz.Tests;

/// <summary>
/// Every decoder there is: whole, cut short, a stream's byte by byte, and mutated with a fixed seed. Nothing but a refusal, memory and steps within what its
/// target states. It runs as a process of its own, once for all, so that one that dies is a failed test and not the end of the tests.
/// </summary>
public sealed class ShortForm(ShortForm.Outcome outcome) : IClassFixture<ShortForm.Outcome>
{
    private const int Runs = 500;

    public static TheoryData<string> Targets => [.. Target.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_decoder_survives(string target)
    {
        Assert.DoesNotContain(outcome.Lines, line => line.StartsWith($"wrong {target} ", StringComparison.Ordinal));
        string? done = outcome.Lines.FirstOrDefault(line => line.StartsWith($"checked {target} ", StringComparison.Ordinal));
        Assert.True(done is not null, $"The process ended before or while it checked {target}: {outcome.Errors}");
        Assert.True(int.Parse(done.Split(' ')[2], null) > Runs);
    }

    public sealed class Outcome
    {
        public Outcome()
        {
            // Built beside this project, in the same configuration.
            string program = Path.Combine(
                AppContext.BaseDirectory.Replace(Path.Combine("tests", "Alongside.Fuzz.Tests"), Path.Combine("tools", "Alongside.Fuzz"), StringComparison.Ordinal),
                "alongside-fuzz.dll");

            // In a folder of its own: whoever fuzzes for hours meanwhile keeps their program.
            string folder = Path.Combine(Vectors.Root, ".alongside", "fuzz-check");
            using var child = Process.Start(new ProcessStartInfo("dotnet", [program, "check", "--runs", $"{Runs}", "--folder", folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = child.StandardError.ReadToEndAsync();
            Lines = child.StandardOutput.ReadToEnd().Split('\n');
            Errors = errors.Result;
            child.WaitForExit();
        }

        public string[] Lines { get; }

        public string Errors { get; }
    }
}
