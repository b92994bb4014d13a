using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Alongside.Core.Pixels;
using Alongside.Vnc.Server;

namespace Alongside.Net.Vnc;

/// <summary>
/// Drives one <see cref="ServerSession"/>: reads and writes its socket, puts TLS around it when it says so. The session itself lives on the thread that
/// its driver posts actions to, in their order; so do <see cref="Happened"/> and every call to <see cref="Use"/>, and what the session says is written
/// there as well, as far as the socket takes it. Reading is one piece ahead of what has been handled, so that a flood waits in the sender's socket and not here.
/// </summary>
public sealed class VncConnection
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TickTime = TimeSpan.FromSeconds(3);

    private readonly Socket socket;
    private readonly ServerSession session;
    private readonly Action<Action<long>> post;
    private readonly X509Certificate2? certificate;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim handled = new(1);
    private readonly VncOutput output;
    private byte[] reading = new byte[64 * 1024];
    private byte[] handling = new byte[64 * 1024];
    private int received;
    private volatile bool startTls;
    private volatile bool isIn;
    private bool over;

    /// <param name="session">Owned from here on.</param>
    /// <param name="post">Does this on the session's thread, with the time; never, when that has ended.</param>
    /// <param name="certificate">For sessions that offer TLS.</param>
    public VncConnection(Socket socket, ServerSession session, Action<Action<long>> post, X509Certificate2? certificate)
    {
        this.socket = socket;
        this.session = session;
        this.post = post;
        this.certificate = certificate;
        Action<long> drain = Drain;
        output = new(() => post(drain));
    }

    /// <summary>What the session wants done; on the session's thread.</summary>
    public event Action<long, ServerEvent>? Happened;

    public ServerSession Session => session;

    /// <summary>Both loops, until the connection has ended.</summary>
    public async Task RunAsync()
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        string why = "The viewer closed the connection.";
        try
        {
            output.Open(stream, stopping.Token);
            post(Drain);
            var readingOn = ReadAsync(() => stream, changed => stream = changed);
            _ = TickAsync();
            await await Task.WhenAny(readingOn, output.Ended);
            if (output.Ended.IsCompleted)
            {
                why = "";
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            why = broken is AuthenticationException ? "TLS with the viewer failed." : "The connection to the viewer broke.";
        }
        finally
        {
            await stopping.CancelAsync();
            await stream.DisposeAsync();
            post(now =>
            {
                over = true;
                session.End(why);
                Drain(now);
                session.Dispose();
            });
        }
    }

    /// <summary>What we did wrong with this viewer: it alone is sent away. On the session's thread.</summary>
    public event Action<Exception>? Failed;

    /// <summary>Does something with the session; what it then has to say or send is taken from it. On the session's thread.</summary>
    public void Use(long now, Action<ServerSession> what)
    {
        try
        {
            what(session);
        }
        catch (Exception error)
        {
            Fail(error);
        }

        Drain(now);
    }

    /// <summary>Sends what can be sent now of these pixels (<see cref="ServerSession.Update"/>). On the session's thread.</summary>
    public void Update(long now, Frame? newest, long version)
    {
        try
        {
            session.Update(now, newest, version);
        }
        catch (Exception error)
        {
            Fail(error);
        }

        Drain(now);
    }

    private void Fail(Exception error)
    {
        Failed?.Invoke(error);
        session.End("Something went wrong on this side.");
    }

    private void Drain(long now)
    {
        for (bool more = true; more;)
        {
            while (session.TryPollEvent(out var e))
            {
                startTls |= e.Kind == ServerEventKind.StartTls;
                isIn |= e.Kind == ServerEventKind.Ready;
                Happened?.Invoke(now, e);
            }

            if (session.TryPoll(out var bytes))
            {
                output.Add(bytes);
            }

            // Most of it has left already.
            int sent = output.TakeSent();
            more = sent > 0;
            if (more)
            {
                session.HasSent(now, sent);
            }
        }

        if (session.HasEnded && !over)
        {
            over = true;
            output.Complete();
            stopping.CancelAfter(Farewell);
        }
    }

    private async Task ReadAsync(Func<Stream> current, Action<Stream> change)
    {
        Action<long> handle = Handle;
        int length;
        while ((length = await current().ReadAsync(reading, stopping.Token)) > 0)
        {
            await handled.WaitAsync(stopping.Token);
            (reading, handling) = (handling, reading);
            received = length;
            post(handle);
            if (isIn)
            {
                continue;
            }

            // What comes next depends on what was said: TLS may begin.
            await handled.WaitAsync(stopping.Token);
            handled.Release();
            if (!startTls)
            {
                continue;
            }

            startTls = false;
            await output.DrainedAsync(stopping.Token);
            var tls = new SslStream(current(), leaveInnerStreamOpen: false);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stopping.Token);
            change(tls);
            output.Open(tls, stopping.Token);
            post(now => Use(now, s => s.TlsStarted(now)));
        }
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickTime);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                post(now => Use(now, s => s.Tick(now)));
            }
        }
        catch (OperationCanceledException)
        {
            // It has ended, and with it what could come due.
        }
    }

    private void Handle(long now)
    {
        Use(now, s => s.Handle(now, handling.AsSpan(0, received)));
        handled.Release();
    }
}
