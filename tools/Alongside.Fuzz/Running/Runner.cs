using System.Diagnostics;
using System.Globalization;
using Alongside.Fuzz.Cases;
using Alongside.Fuzz.Coverage;
using Alongside.Fuzz.Targets;

namespace Alongside.Fuzz.Running;

/// <summary>Feeds a case to a new decoder of its target, and judges what it does.</summary>
internal static class Runner
{
    /// <summary>Null: it took or refused all of it, within its budgets.</summary>
    public static Finding? Run(Target target, Case given)
    {
        // The first time somewhere makes tables that stay: what counts is what it costs again.
        var finding = RunOnce(target, given);
        return finding?.Kind == FindingKind.Memory ? RunOnce(target, given) : finding;
    }

    private static Finding? RunOnce(Target target, Case given)
    {
        try
        {
            using var subject = target.Start();
            foreach (byte[] message in given.Messages)
            {
                // The budgets' own sums are neither counted nor traced as the decoder's.
                Footprint.Allow(long.MaxValue);
                Footprint.Allow(subject.StepsFor(message));
                long before = GC.GetAllocatedBytesForCurrentThread();
                bool refused = false;
                try
                {
                    subject.Take(message);
                }
                catch (Exception error) when (target.IsRefusal(error))
                {
                    refused = true;
                }

                long taken = GC.GetAllocatedBytesForCurrentThread() - before;
                Footprint.Allow(long.MaxValue);
                long memory = subject.MemoryFor(message);
                if (taken > memory)
                {
                    string words = string.Create(CultureInfo.InvariantCulture, $"allocated {taken:N0} bytes for a message of {message.Length:N0}; {memory:N0} are allowed");
                    return new(FindingKind.Memory, words, "", words, given);
                }

                if (refused)
                {
                    return null;
                }
            }

            return null;
        }
        catch (TooManyStepsException error)
        {
            return new(FindingKind.Steps, $"was busy for too long in {Place(error)}", Place(error), error.ToString(), given);
        }
        catch (Exception error)
        {
            return new(FindingKind.Exception, $"threw {error.GetType().Name} in {Place(error)}: {error.Message}", $"{error.GetType().Name} {Place(error)}", error.ToString(), given);
        }
        finally
        {
            Footprint.Allow(long.MaxValue);
        }
    }

    /// <summary>The innermost method of our own that had a part in it.</summary>
    private static string Place(Exception error)
    {
        foreach (var frame in new StackTrace(error).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is { DeclaringTypeName: { } type } method
                && type.StartsWith("Alongside.", StringComparison.Ordinal) && !type.StartsWith("Alongside.Fuzz.", StringComparison.Ordinal))
            {
                return $"{type}.{method.Name}";
            }
        }

        return "no code of ours";
    }
}
