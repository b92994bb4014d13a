// The host, from one end to the other:
//
//  Pixels, on one thread from damage to socket
//  1. The screen changes; the capture's thread tells where (Capture -> Loop/Inbox: damage is state, not a queue).
//  2. The loop wakes (Loop/HostLoop). If somebody can take a picture now, it grabs the damaged parts (Core: Session/HostRoom -> Feed/DesktopFeed).
//  3. Each stream's encoder compares, encodes what differs, and seals it once for all its viewers (Core: Codec, Secure, Session/Feed).
//  4. Small things first, large ones as far as each viewer's window goes (Session/Feed/Outbox -> Room/RelayPath -> Net: RelayClient -> server).
//
//  When the viewer has its first picture, a way past the relay is looked for (Room/DirectDriver -> Net: Direct/DirectWays). When there is one, step 4 ends there in place of
//  the relay, and so does step 5 begin there (Core: Link/PathSwitch).
//
//  VNC viewers (Vnc/VncDoor), when asked for, take the grabbed pixels of step 2 by themselves and are guests like all others in steps 6 and 8.
//  With --source the desktop is a VNC server's (Vnc/Source): the same seams, its damage and its pixels in step 1 and 2, its input in step 6.
//
//  Input, the same road backwards
//  5. A viewer's payload arrives (RelayClient -> Room/RoomDriver -> Loop/Inbox), is opened, and held to what that viewer may do (Session/HostSession).
//  6. What remains is done on the desktop, unless it would answer for the person (Loop/InputGuard -> Inject).
//
//  People
//  7. A room is opened or entered, its code shown and renewed (Room/RoomDriver, Room/Signs).
//  8. Who asks is put to the person; the answer is the grant (Loop/HostLoop -> Consent -> Session/HostRoom).
//  9. Who looks after this machine asks how its sessions are (`doctor` -> Doctor/Running -> Report, below).
//
// Keys are made here and in the viewer. Neither they nor the secret half of a code reach the server.

using Alongside.Core.Session;
using Alongside.Host.Doctor.Running;
using Alongside.Host.Loop;
using Alongside.Host.Room;
using Alongside.Host.Vnc;
using Alongside.Net;
using Alongside.Net.Direct;
using Alongside.Net.Relay;
using Alongside.Net.Settings;

namespace Alongside.Host;

/// <summary>One running host: everything wired together, and the thread it runs on. Owns the desktop it is given.</summary>
internal sealed class Pipeline : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource<ExitCode> over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDesktop desktop;
    private readonly HostRoom room;
    private readonly HostLoop loop;
    private readonly TextWriter log;
    private readonly Inbox inbox = new();
    private readonly RelayPath path = new();
    private readonly HostFacts facts;
    private readonly RoomDriver driver;
    private readonly Thread thread;
    private readonly Signs signs;
    private readonly VncDoor? vnc;
    private readonly string name;
    private readonly DirectDriver? direct;

    /// <param name="withLoopback">Viewers of this machine may be reached directly where it has no other address.</param>
    public Pipeline(CommandLine options, IDesktop desktop, TextWriter output, TextWriter log, RelayClientOptions? relay = null, bool withLoopback = false)
    {
        this.desktop = desktop;
        this.log = log;
        name = options.Name;
        var random = SystemRandomSource.Instance;
        var book = new CodeBook();
        signs = new Signs(desktop.Consent, output, log, options.Json, options.Consent == ConsentStyle.Terminal, options.Display, code => over.TrySetResult(code));
        direct = !options.Direct || !DirectWays.ArePossible ? null : new DirectDriver(
            new() { Server = options.Server, StunPort = () => path.Client?.StunPort, Turn = () => path.Client?.Turn, PortMapping = options.PortMapping, WithLoopback = withLoopback }, inbox, signs.Log);
        room = new HostRoom(new(options.Name, options.Allow), book, path, random, direct);
        direct?.Room = room;
        facts = new(
            Environment.ProcessId, SettingsTable.Version, options.Name, options.Server, options.Source is { } source ? $"the VNC server {source.Server}" : options.Display,
            !options.Direct ? "This host was told to look for none (--direct no)." : direct is null ? "This computer lacks what one takes: OpenSSL 3 (libssl3)." : null);
        loop = new HostLoop(room, desktop, inbox, options.Server.Authority);
        driver = new RoomDriver(
            options.Server, (relay ?? new()) with { Fingerprint = options.Fingerprint }, options.Join, book, path, room, inbox, signs, random);

        loop.Happened += driver.Handle;
        if (direct is not null)
        {
            loop.Happened += direct.Handle;
        }

        loop.Happened += (_, e) => Journal.Write(signs, e);
        loop.GuestsChanged += guests => signs.Guests(guests.Count);
        vnc = options.Vnc is null ? null : new VncDoor(
            options.Vnc,
            inbox,
            random,
            error => log.WriteLine($"alongside-host: something went wrong with a VNC viewer, which is sent away: {error}"),
            (connection, address) => connection.Happened += new VncGuest(room, connection, address, inbox.Post).Handle);
        thread = new Thread(Run) { Name = "session", IsBackground = true };
    }

    /// <summary>Completes when it is over by itself: the room has ended, the code was wrong, something broke in here.</summary>
    public Task<ExitCode> Over => over.Task;

    /// <exception cref="SettingsException">VNC viewers can't be let in where they should be.</exception>
    public void Start()
    {
        if (vnc is not null)
        {
            vnc.Open();
            vnc.Start(name);
            signs.Vnc(vnc.Address, vnc.NewPassword, vnc.Fingerprint);
        }

        thread.Start();
        driver.Start();
    }

    /// <summary>How the sessions of this host are now, for the connection doctor. From any thread; never completes once the session's thread has ended.</summary>
    public Task<HostReport> ReportAsync(CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<HostReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        inbox.Post(now =>
        {
            try
            {
                answer.TrySetResult(RunningReport.Of(
                    now, facts, path.Client is { IsHere: true }, room.Report(now), session => direct?.Facts(session.Number, session.Way) ?? WayFacts.None));
            }
            catch (Exception wrong)
            {
                // A mistake here costs an answer, and no session.
                answer.TrySetException(wrong);
            }
        });
        return answer.Task.WaitAsync(cancel);
    }

    /// <summary>Everybody is told, every key goes up, and within a second all is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        loop.Stop();
        if (vnc is not null)
        {
            await vnc.DisposeAsync();
        }

        await Task.Run(() => thread.Join(Farewell));
        await Task.WhenAny(driver.DisposeAsync().AsTask(), Task.Delay(Farewell));
        if (direct is not null)
        {
            await Task.WhenAny(direct.DisposeAsync().AsTask(), Task.Delay(Farewell));
        }

        room.Dispose();

        // A display that answers nothing must not keep the program alive; what hangs on its connection goes with the process.
        var closing = Task.Run(desktop.Dispose);
        if (await Task.WhenAny(closing, Task.Delay(Patience)) == closing)
        {
            await closing;
        }
    }

    private void Run()
    {
        try
        {
            loop.Run();
        }
        catch (Exception error)
        {
            log.WriteLine($"alongside-host: something went wrong in here, and it ends: {error}");
            LetGo();
            over.TrySetResult(ExitCode.Failed);
        }
    }

    /// <summary>What we did wrong must not leave a desktop with keys held and nobody in charge.</summary>
    private void LetGo()
    {
        try
        {
            desktop.Inject.ReleaseAll();
        }
        catch (Exception error)
        {
            // The display may be what broke; then nobody can let go, and it still ends.
            log.WriteLine($"alongside-host: the keys could not be released: {error.Message}");
        }
    }
}
