using Alongside.Launcher.Lab.Nat;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Lab.Breaks;

/// <summary>Something that happens to a session on a direct path, and how soon the picture has to be exact again.</summary>
/// <param name="Name">As on the command line and in the results.</param>
/// <param name="About">In words, for the list.</param>
/// <param name="IsFallback">A path that dies while both are there; otherwise somebody comes back.</param>
/// <param name="Sleeper">Who stands still first, for as long as <see cref="Sleep"/>; the time counts from waking.</param>
/// <param name="Happen">What happens, once the time counts.</param>
internal sealed record BreakKind(string Name, string About, bool IsFallback, Func<BreakStage, Child?> Sleeper, Func<BreakStage, Task> Happen)
{
    /// <summary>Longer than any way, handshake or wait of the session's own.</summary>
    public static readonly TimeSpan Sleep = TimeSpan.FromSeconds(25);

    private const string Server = "198.51.100.1";

    /// <summary>What issue and documents promise.</summary>
    public TimeSpan Limit => TimeSpan.FromSeconds(IsFallback ? 2 : 3);

    /// <summary>What is not the server's passes the viewer's router no longer. Nobody is told.</summary>
    private const string NothingIn = $"iptables -I FORWARD -o lan ! -s {Server} -j DROP; ip6tables -I FORWARD -o lan -j DROP";

    private const string NothingOut = $"iptables -I FORWARD -i lan ! -d {Server} -j DROP; ip6tables -I FORWARD -i lan -j DROP";

    public static IReadOnlyList<BreakKind> All { get; } =
    [
        new("cut", "nothing passes any more but to and from the server", true, _ => null, stage => stage.Viewer.Router.RunAsync($"{NothingIn}; {NothingOut}")),
        new("to-host", "nothing passes to the host any more, but by the server", true, _ => null, stage => stage.Viewer.Router.RunAsync(NothingOut)),
        new("to-viewer", "nothing passes to the viewer any more, but by the server", true, _ => null, stage => stage.Viewer.Router.RunAsync(NothingIn)),
        new("host-moves", "the host's machine gets another address", false, _ => null, stage => stage.Host.MoveAsync()),
        new("viewer-moves", "the viewer's machine gets another address", false, _ => null, stage => stage.Viewer.MoveAsync()),
        new("host-sleeps", "the host stands still, and wakes", false, stage => stage.HostProgram, _ => Task.CompletedTask),
        new("viewer-sleeps", "the browser stands still, and wakes", false, stage => stage.Browser.Program, _ => Task.CompletedTask),
    ];
}

/// <summary>A session between two machines of the laboratory, to which something can happen.</summary>
internal sealed record BreakStage(Side Host, Side Viewer, Child HostProgram, Browser Browser);
