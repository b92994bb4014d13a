using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Alongside.Vnc.Server;

namespace Alongside.Net.Vnc;

/// <summary>
/// Drives one <see cref="ServerSession"/>: reads and writes its socket, puts TLS around it when it says so. The session itself lives on the thread that
/// <paramref name="post"/> brings actions to, in their order; so do <see cref="Happened"/> and every call to <see cref="Use"/>. Reading waits until what was
/// read has been handled, so that a flood waits in the sender's socket and not here.
/// </summary>
/// <param name="session">Owned from here on.</param>
/// <param name="post">Does this on the session's thread, with the time; never, when that has ended.</param>
/// <param name="certificate">For sessions that offer TLS.</param>
public sealed class VncConnection(Socket socket, ServerSession session, Action<Action<long>> post, X509Certificate2? certificate)
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TickTime = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim handled = new(0);
    private readonly VncOutput output = new();
    private readonly byte[] buffer = new byte[64 * 1024];
    private int received;
    private bool startTls;
    private bool over;

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
            post(Drain);
            var writing = output.WriteAsync(() => stream, sent => post(now => HasSent(now, sent)), stopping.Token);
            var reading = ReadAsync(() => stream, changed => stream = changed);
            _ = TickAsync();
            await await Task.WhenAny(reading, writing);
            if (writing.IsCompleted)
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
            Failed?.Invoke(error);
            session.End("Something went wrong on this side.");
        }

        Drain(now);
    }

    private void Drain(long now)
    {
        while (session.TryPollEvent(out var e))
        {
            startTls |= e.Kind == ServerEventKind.StartTls;
            Happened?.Invoke(now, e);
        }

        if (session.TryPoll(out var bytes))
        {
            output.Add(bytes);
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
        while ((received = await current().ReadAsync(buffer, stopping.Token)) > 0)
        {
            post(handle);
            await handled.WaitAsync(stopping.Token);
            if (!startTls)
            {
                continue;
            }

            startTls = false;
            await output.DrainedAsync(stopping.Token);
            var tls = new SslStream(current(), leaveInnerStreamOpen: false);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stopping.Token);
            change(tls);
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
        Use(now, s => s.Handle(now, buffer.AsSpan(0, received)));
        handled.Release();
    }

    private void HasSent(long now, int bytes) => Use(now, s => s.HasSent(now, bytes));
}
