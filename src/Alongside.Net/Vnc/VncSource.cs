using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Alongside.Core.Wire;
using Alongside.Vnc.Client;

namespace Alongside.Net.Vnc;

/// <summary>Hears what a VNC server does. One call after another, with the client locked: must return at once.</summary>
public interface IVncSourceSink
{
    void Happened(RfbClient client, in RfbClientEvent e);

    /// <summary>What came in one piece has been handled.</summary>
    void Handled(RfbClient client);

    /// <summary>The server is away, in words. It is looked for again; <see cref="RfbClientEventKind.Ready"/> says that it is there.</summary>
    void Lost(string reason);
}

/// <summary>How the first try went.</summary>
/// <param name="IsFinal">Trying again changes nothing: a wrong password, a certificate that is not trusted, no VNC server at all.</param>
/// <param name="Trouble">In words; null: the desktop is there.</param>
public readonly record struct VncFirstTry(bool IsFinal, string? Trouble);

/// <summary>
/// Keeps a connection to one VNC server, an <see cref="RfbClient"/> each time, and comes back when the server does.
/// <code>
/// socket (TLS) ─> RfbClient.Handle ─> IVncSourceSink      on the reading task
/// Use          ─> RfbClient ─> VncOutput ─> socket        on whatever thread has something to say, as far as the socket takes it
/// </code>
/// One lock guards the client. A server that reads nothing while much is said to it is left.
/// </summary>
/// <param name="clock">What is waited by; null: the system's.</param>
public sealed class VncSource(VncSourceOptions options, IVncSourceSink sink, TimeProvider? clock = null) : IAsyncDisposable
{
    private const int MaxUnsent = 8 * 1024 * 1024;
    private const int ReadSize = 256 * 1024;
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(30);

    /// <summary>
    /// And so long for one that has shown to be a VNC server: a person may be asked there, by some before the first question (x11vnc, vino), by others after the password
    /// (TigerVNC). Who comes anew has the person asked anew.
    /// </summary>
    private static readonly TimeSpan PersonTime = TimeSpan.FromMinutes(5);

    private readonly TimeProvider time = clock ?? TimeProvider.System;
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource<VncFirstTry> firstTry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] buffer = new byte[ReadSize];
    private RfbClient? client;
    private VncOutput output = new(static () => { });
    private CancellationTokenSource? connection;
    private bool wasReady;
    private bool hasOtherSecurity;
    private string? distrust;
    private Task running = Task.CompletedTask;

    public Task<VncFirstTry> FirstTry => firstTry.Task;

    public void Start() => running = RunAsync();

    /// <summary>Does something with the client, and sends what it then has to say. False: the server is away.</summary>
    public bool Use<T>(T state, Func<RfbClient, T, bool> what)
        where T : allows ref struct
    {
        lock (gate)
        {
            if (client is not { IsReady: true } here)
            {
                return false;
            }

            bool done = what(here, state);
            while (here.TryPoll(out var e))
            {
                sink.Happened(here, e);
            }

            Drain(here);
            return done;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAny(running);
        stopping.Dispose();
    }

    private static long Now => (long)(Stopwatch.GetTimestamp() * (1_000_000.0 / Stopwatch.Frequency));

    private async Task RunAsync()
    {
        var pauses = new VncPauses();
        while (!stopping.IsCancellationRequested)
        {
            wasReady = false;
            distrust = null;
            var (trouble, ending) = await StayAsync(avoidsVeNCrypt: false);
            if (hasOtherSecurity)
            {
                // Only now: by the next time the server may have better to offer.
                (trouble, ending) = await StayAsync(avoidsVeNCrypt: true);
            }

            if (stopping.IsCancellationRequested)
            {
                break;
            }

            firstTry.TrySetResult(new(ending == VncEnding.Final, trouble));
            lock (gate)
            {
                sink.Lost(ending == VncEnding.Final ? trouble : $"{trouble} It is tried again.");
            }

            await Task.WhenAny(Task.Delay(pauses.After(ending, wasReady), time, stopping.Token));
        }

        firstTry.TrySetResult(new(true, "It was ended."));
    }

    /// <summary>One connection, until it ends; why, and whether another can do better.</summary>
    private async Task<(string Trouble, VncEnding Ending)> StayAsync(bool avoidsVeNCrypt)
    {
        hasOtherSecurity = false;
        using var ending = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var stopped = stopping.Token.Register(ending.Cancel);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await ConnectAsync(socket, ending.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: false);
            Enter(ending, avoidsVeNCrypt);
            await using var waited = time.CreateTimer(_ => HasWaited(ending), null, HandshakeTime, Timeout.InfiniteTimeSpan);
            output.Open(stream, ending.Token);
            await await Task.WhenAny(ReadAsync(() => stream, changed => stream = changed, ending), output.Ended);
            return wasReady || !IsServer
                ? (Words("closed the connection."), VncEnding.Broke)
                : (Words("did not let us in. Perhaps somebody there said no."), VncEnding.Shut);
        }
        catch (RfbRefusedException refused)
        {
            return (refused.Message, refused.IsPassword ? VncEnding.Final : VncEnding.Shut);
        }
        catch (ProtocolException wrong)
        {
            lock (gate)
            {
                hasOtherSecurity = client is { HasOtherSecurity: true };
            }

            return (wrong.Message, wasReady ? VncEnding.Broke : VncEnding.Final);
        }
        catch (AuthenticationException broken)
        {
            return (distrust ?? Words($"and this program found no way to begin TLS ({broken.Message.TrimEnd('.')})."), VncEnding.Final);
        }
        catch (SocketException away)
        {
            return (Words($"does not answer ({Reason(away)})."), VncEnding.Broke);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or ObjectDisposedException or TimeoutException)
        {
            return wasReady ? ($"The connection to the VNC server {options} broke.", VncEnding.Broke)
                : IsServer ? (Words("lets nobody in."), VncEnding.Shut)
                : (Words("does not answer as a VNC server does."), VncEnding.Broke);
        }
        catch (Exception unforeseen)
        {
            // Ours, such as a library that is not there. Whoever waits for the desktop hears it, and it is tried again as after any other break.
            return ($"Something went wrong here with the VNC server {options}: {unforeseen.GetBaseException().Message}", VncEnding.Broke);
        }
        finally
        {
            await ending.CancelAsync();
            Leave();
        }
    }

    private async Task ConnectAsync(Socket socket, CancellationToken ended)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ended);
        late.CancelAfter(ConnectTime);
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(options.Host, options.Port), late.Token);
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }

        // A server that is gone without a word is found out by the system in two minutes.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
    }

    private async Task ReadAsync(Func<Stream> current, Action<Stream> change, CancellationTokenSource ending)
    {
        int length;
        while ((length = await current().ReadAsync(buffer, ending.Token)) > 0)
        {
            if (!Handle(length, ending, out bool anonymous))
            {
                continue;
            }

            await output.DrainedAsync(ending.Token);
            change(await StartTlsAsync(current(), anonymous, ending.Token));
            output.Open(current(), ending.Token);
            lock (gate)
            {
                client!.TlsStarted(Now);
                Drain(client);
            }
        }
    }

    /// <summary>True: TLS is to begin.</summary>
    private bool Handle(int length, CancellationTokenSource ending, out bool anonymous)
    {
        bool startTls = anonymous = false;
        lock (gate)
        {
            if (client is not { } here)
            {
                return false;
            }

            try
            {
                here.Handle(Now, buffer.AsSpan(0, length));
            }
            finally
            {
                // What came before the mistake did happen.
                while (here.TryPoll(out var e))
                {
                    if (e.Kind == RfbClientEventKind.StartTls)
                    {
                        (startTls, anonymous) = (true, e.IsAnonymous);
                    }
                    else
                    {
                        if (e.Kind == RfbClientEventKind.Ready)
                        {
                            wasReady = true;
                            ending.CancelAfter(Timeout.InfiniteTimeSpan);
                            firstTry.TrySetResult(default);
                        }

                        sink.Happened(here, e);
                    }
                }
            }

            if (here.IsReady)
            {
                sink.Handled(here);
            }

            Drain(here);
        }

        return startTls;
    }

    private async Task<Stream> StartTlsAsync(Stream plain, bool anonymous, CancellationToken ended)
    {
        var tls = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(VncTls.Options(options, anonymous, words => distrust = words), ended);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private void Enter(CancellationTokenSource ending, bool avoidsVeNCrypt)
    {
        lock (gate)
        {
            connection = ending;
            output = new(static () => { });
            client = new(options.Client with
            {
                WantsKnownServer = options.Fingerprint is not null,
                AvoidsVeNCrypt = avoidsVeNCrypt,
                NewKey = static () => RSA.Create(2048),
                Random = SystemRandomSource.Instance.Fill,
                KeyRefusal = hash => VncTls.KeyRefusal(options, hash),
            });
        }
    }

    private bool IsServer
    {
        get
        {
            lock (gate)
            {
                return client is { IsServer: true };
            }
        }
    }

    /// <summary>The handshake has had its time.</summary>
    private void HasWaited(CancellationTokenSource ending)
    {
        lock (gate)
        {
            if (connection != ending || client is not { IsReady: false } here)
            {
                return;
            }

            if (!here.IsServer)
            {
                _ = ending.CancelAsync();
                return;
            }

            ending.CancelAfter(PersonTime);
            string words = Words("has not let us in yet. Perhaps somebody is being asked there.");
            firstTry.TrySetResult(new(false, words));
            sink.Lost(words);
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            client?.Dispose();
            client = null;
            connection = null;
        }
    }

    private void Drain(RfbClient from)
    {
        if (from.TryPollOutput(out var bytes))
        {
            output.Add(bytes.Span);
            if (output.Waiting > MaxUnsent)
            {
                _ = connection?.CancelAsync();
            }
        }
    }

    private string Words(string what) => $"The VNC server {options} {what}";

    private static string Reason(SocketException away) => away.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "nothing listens there",
        SocketError.TimedOut => "it took too long",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "there is no such name",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "there is no way to it",
        _ => away.Message,
    };
}
