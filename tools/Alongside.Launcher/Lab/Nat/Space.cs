using System.Globalization;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Lab.Nat;

/// <summary>
/// A network namespace: a network of its own for the programs in it. It has no name that could be left behind: a process that sleeps holds it, and when that
/// and the programs are gone, however they or we ended, the kernel takes it away with everything in it.
/// </summary>
internal sealed class Space
{
    private readonly Starter starter;
    private readonly Child holder;
    private readonly string name;

    private Space(Starter starter, Child holder, string name) => (this.starter, this.holder, this.name) = (starter, holder, name);

    /// <summary>Of the process that holds it.</summary>
    public int Id => holder.Id;

    public static async Task<Space> CreateAsync(Starter starter, string name)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // A /sys of its own too: it is where programs read which interfaces there are.
        var holder = await starter.StartAsync(new Launch($"space-{name}", "unshare",
            ["--net", "--mount", "--propagation", "private", "sh", "-ec", "mount -t sysfs none /sys; ip link set lo up; echo ready; exec sleep infinity"])
        {
            Line = _ => ready.TrySetResult(),
        });
        await Task.WhenAny(ready.Task, holder.Exited);
        return ready.Task.IsCompleted ? new(starter, holder, name)
            : throw new StartException($"A network namespace could not be made: {holder.Tail()}");
    }

    /// <summary>The same program, started in it.</summary>
    public Task<Child> StartAsync(Launch launch) => starter.StartAsync(launch with { Program = "nsenter", Arguments = [.. Enter, launch.Program, .. launch.Arguments] });

    /// <summary>Runs a script of commands to its end; the first that fails is told.</summary>
    public async Task RunAsync(string script)
    {
        var child = await StartAsync(new Launch($"script-{name}", "sh", ["-ec", script]));
        await child.Exited;
        if (child.ExitCode != 0)
        {
            throw new StartException($"The laboratory's network could not be made. In {name}: {script}\n{child.Tail()}");
        }
    }

    /// <summary>A wire to another; each end gets its name there.</summary>
    public Task WireAsync(string end, Space other, string otherEnd) =>
        RunAsync(string.Create(CultureInfo.InvariantCulture, $"ip link add name {end} type veth peer name {otherEnd} netns {other.Id}; ip link set {end} up"));

    public Task StopAsync() => holder.StopAsync(TimeSpan.Zero);

    private string[] Enter => ["--target", Id.ToString(CultureInfo.InvariantCulture), "--net", "--mount", "--"];
}
