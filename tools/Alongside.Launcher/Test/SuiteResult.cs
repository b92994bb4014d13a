namespace Alongside.Launcher.Test;

/// <summary>How a suite went. <paramref name="Failures"/> has a line or more for each test that failed, did not run, or broke the runner.</summary>
public sealed record SuiteResult(int Passed, IReadOnlyList<string> Failures)
{
    /// <summary>More failures than this are no accident.</summary>
    private const int Accidents = 5;

    /// <summary>A few tests failed, each by its name: on a machine that is busy otherwise that can be an accident.</summary>
    public bool IsWorthAnother => !IsBroken && Failures.Count is > 0 and <= Accidents;

    /// <summary>A test got stuck, and was ended together with those that would have come after it: another run is one of all.</summary>
    public bool IsCutShort { get; init; }

    private bool IsBroken { get; init; }

    public static SuiteResult Broken(string reason, int passed = 0) => new(passed, [reason]) { IsBroken = true };

    /// <summary>A runner that says it failed, without a failed test, crashed outside of one: that counts.</summary>
    public SuiteResult WithExitCode(int code) =>
        code != 0 && Failures.Count == 0 ? this with { IsBroken = true, Failures = [$"The runner ended with exit code {code} though no test failed."] } : this;

    /// <summary>
    /// What failed here was run once more, or all when this was cut short. What passed then has passed; what failed then has failed, if it is something else, too.
    /// </summary>
    public SuiteResult Then(SuiteResult again) => IsCutShort ? again : again with { Passed = Passed + Math.Max(0, Failures.Count - again.Failures.Count) };
}
