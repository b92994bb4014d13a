namespace Alongside.Launcher.Test;

/// <summary>How a suite went. <paramref name="Failures"/> has a line or more for each test that failed, did not run, or broke the runner.</summary>
public sealed record SuiteResult(int Passed, IReadOnlyList<string> Failures)
{
    public static SuiteResult Broken(string reason) => new(0, [reason]);

    /// <summary>A runner that says it failed, without a failed test, crashed outside of one: that counts.</summary>
    public SuiteResult WithExitCode(int code) =>
        code != 0 && Failures.Count == 0 ? this with { Failures = [$"The runner ended with exit code {code} though no test failed."] } : this;
}
