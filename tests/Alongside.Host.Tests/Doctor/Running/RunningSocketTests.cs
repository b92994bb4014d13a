using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Alongside.Host.Doctor.Running;
using Alongside.Host.Doctor.Running.Linux;

namespace Alongside.Host.Tests.Doctor.Running;

/// <summary>The socket of a running host: who is answered, who is left, and what dead hosts leave.</summary>
[SupportedOSPlatform("linux")]
public sealed class RunningSocketTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string folder = Directory.CreateTempSubdirectory("alongside-own").FullName;
    private readonly Places places;
    private readonly StringWriter log = new();

    public RunningSocketTests() => places = new(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_running_host_answers_and_is_gone_when_it_ends()
    {
        await using (Open())
        {
            var host = Assert.Single(await RunningHosts.AskAsync(places, CancellationToken.None));
            Assert.Equal(("Front desk", Environment.ProcessId, null), (host.Name, host.Process, host.Trouble));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(folder))));
        }

        Assert.Empty(Directory.GetFiles(folder));
        Assert.Empty(await RunningHosts.AskAsync(places, CancellationToken.None));
        Assert.Equal("", log.ToString());
    }

    [Fact]
    public async Task Several_hosts_of_one_user_are_all_asked()
    {
        await using var one = Open();
        await using var other = Open(() => new() { Name = "Back office" });
        Assert.Equal(["Back office", "Front desk"], (await RunningHosts.AskAsync(places, CancellationToken.None)).Select(host => host.Name).Order());
    }

    [Fact]
    public async Task Who_says_nothing_the_wrong_thing_or_is_somebody_else_is_left_without_an_answer()
    {
        await using var host = Open();
        using var silent = Connect(host);
        using var wrong = Connect(host);
        await wrong.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n"));
        Assert.Equal(0, await ReadAllAsync(wrong));
        Assert.Equal(0, await ReadAllAsync(silent));
        places.IsOpen = false;
        using var stranger = Connect(host);
        try
        {
            await stranger.SendAsync("report\n"u8.ToArray());
        }
        catch (SocketException closed) when (closed.SocketErrorCode == SocketError.Shutdown)
        {
            // It was left before it could ask.
        }

        Assert.Equal(0, await ReadAllAsync(stranger));
    }

    [Fact]
    public async Task A_crowd_that_says_nothing_and_a_reader_that_takes_nothing_keep_nobody_away_for_long()
    {
        // More than a socket holds of it, so that who does not read is waited for.
        await using var host = Open(() => new() { Name = "Front desk", Guests = [.. Enumerable.Range(0, 2_000).Select(number => new GuestReport { Number = number, Name = new string('x', 300) })] });
        var crowd = Enumerable.Range(0, 6).Select(_ => Connect(host)).ToArray();
        await crowd[0].SendAsync("report\n"u8.ToArray());
        var answered = Assert.Single(await AskUntilAnsweredAsync());
        Assert.Equal(2_000, answered.Guests.Length);
        Assert.All(crowd, one => one.Dispose());
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_told_of_and_one_that_makes_a_mistake_goes_on()
    {
        int asked = 0;
        await using var host = Open(() => ++asked == 1 ? throw new InvalidOperationException("A mistake.") : new() { Name = "Front desk" });
        Assert.Contains("does not answer", Assert.Single(await RunningHosts.AskAsync(places, CancellationToken.None)).Trouble, StringComparison.Ordinal);
        Assert.Contains("A mistake.", log.ToString(), StringComparison.Ordinal);
        Assert.Equal("Front desk", Assert.Single(await RunningHosts.AskAsync(places, CancellationToken.None)).Name);
    }

    [Fact]
    public async Task What_a_killed_host_left_is_taken_away_by_who_asks_and_by_who_starts()
    {
        Leave("77.aaaaaaaa.sock");
        Assert.Empty(await RunningHosts.AskAsync(places, CancellationToken.None));
        Assert.Empty(Directory.GetFiles(folder));
        string left = Leave("78.aaaaaaaa.sock");
        await using var host = Open();
        Assert.False(File.Exists(left));
        Assert.Single(await RunningHosts.AskAsync(places, CancellationToken.None));
    }

    [Fact]
    public async Task An_answer_that_is_none_is_said_to_be_none()
    {
        foreach (string said in (string[])["", "{", "[]", "{\"guests\":null}", new('x', 2_000_000)])
        {
            using var listening = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            string path = Path.Combine(folder, "79.aaaaaaaa.sock");
            listening.Bind(new UnixDomainSocketEndPoint(path));
            listening.Listen();
            var answering = Task.Run(async () =>
            {
                using var asking = await listening.AcceptAsync();
                try
                {
                    await asking.ReceiveAsync(new byte[16]);
                    await asking.SendAsync(Encoding.ASCII.GetBytes(said));
                }
                catch (SocketException)
                {
                    // It has heard enough.
                }
            });
            var host = Assert.Single(await RunningHosts.AskAsync(places, CancellationToken.None));
            Assert.Equal(79, host.Process);
            Assert.NotNull(host.Trouble);
            await answering.WaitAsync(Patience);
        }
    }

    [Fact]
    public async Task A_folder_whose_path_is_too_long_for_a_socket_is_passed_over()
    {
        string deep = Path.Combine(folder, new string('d', 100));
        Directory.CreateDirectory(deep);
        await using var host = RunningSocket.TryOpen(new Places(deep, folder), _ => Task.FromResult(new HostReport()), log)!;
        Assert.Equal(folder, Path.GetDirectoryName(host.Path));
        Assert.Null(RunningSocket.TryOpen(new Places(deep), _ => Task.FromResult(new HostReport()), log));
        Assert.Contains("will not see this host", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_folder_of_this_user_that_nobody_else_may_enter_is_used()
    {
        string runtime = Path.Combine(folder, "run"), temporary = Path.Combine(folder, "tmp");
        Directory.CreateDirectory(runtime, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(temporary);
        var own = new LinuxOwnPlaces(runtime, temporary);
        string[] Here(bool make) => [.. own.Folders(make).Where(path => path.StartsWith(folder, StringComparison.Ordinal))];
        Assert.Empty(Here(make: false));
        string[] made = Here(make: true);
        Assert.Equal(Path.Combine(runtime, "alongside"), made[0]);
        Assert.Equal(temporary, Path.GetDirectoryName(made[1]));
        Assert.All(made, path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path)));
        Assert.Equal(made, Here(make: false));

        // Others may enter the one, and the other is a link to it.
        File.SetUnixFileMode(made[1], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        Directory.Delete(made[0]);
        Directory.CreateSymbolicLink(made[0], folder);
        Assert.Empty(Here(make: true));

        // A folder of the environment's that is not this user's alone is somebody else's.
        Assert.DoesNotContain(new LinuxOwnPlaces(temporary, folder).Folders(make: true), path => path.StartsWith(temporary, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_user_at_the_other_end_is_known()
    {
        await using var host = Open();
        using var asking = Connect(host);
        Assert.True(new LinuxOwnPlaces(null, folder).IsOurs(asking));
    }

    private RunningSocket Open(Func<HostReport>? report = null) =>
        RunningSocket.TryOpen(places, async _ =>
        {
            await Task.Yield();
            return report?.Invoke() ?? new() { Name = "Front desk" };
        }, TextWriter.Synchronized(log))!;

    private static Socket Connect(RunningSocket host)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(host.Path));
        return socket;
    }

    /// <summary>Until the other end has closed it.</summary>
    private static async Task<int> ReadAllAsync(Socket from)
    {
        byte[] bytes = new byte[4096];
        int all = 0;
        try
        {
            while (await from.ReceiveAsync(bytes).WaitAsync(Patience) is > 0 and var more)
            {
                all += more;
            }
        }
        catch (SocketException closed) when (closed.SocketErrorCode == SocketError.ConnectionReset)
        {
            // What was said to it was not read.
        }

        return all;
    }

    private async Task<HostReport[]> AskUntilAnsweredAsync()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var hosts = await RunningHosts.AskAsync(places, CancellationToken.None);
            if (hosts is [{ Trouble: null }] || waited.Elapsed > Patience)
            {
                return hosts;
            }
        }
    }

    /// <summary>A socket at which nobody listens any more.</summary>
    private string Leave(string name)
    {
        string path = Path.Combine(folder, name);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path + ".new"));
        File.Move(path + ".new", path);
        return path;
    }

    /// <summary>Folders as they are given.</summary>
    private sealed class Places(params string[] folders) : IOwnPlaces
    {
        private readonly LinuxOwnPlaces own = new(null, Path.GetTempPath());

        public bool IsOpen { get; set; } = true;

        public IReadOnlyList<string> Folders(bool make) => folders;

        public bool IsOurs(Socket connected) => IsOpen && own.IsOurs(connected);
    }
}
