using System.Net.Sockets;
using System.Text.Json;

namespace Alongside.Host.Doctor.Running;

/// <summary>
/// Answers who asks what the sessions of this host do now: <c>alongside-host doctor</c>, run by the same user. A socket in a folder that nobody else can enter (ADR 30).
/// <code>
/// connect ─> their user checked ─> "report\n" ─> one JSON document, and the end
/// </code>
/// Who asks for something else, asks for too long, or does not read, is left. Nothing of it runs on the session's thread but the making of a report.
/// </summary>
internal sealed class RunningSocket : IAsyncDisposable
{
    public const string Question = "report\n";

    /// <summary>Behind the process's number and a dot.</summary>
    public const string Ending = ".sock";

    /// <summary>Who are answered at once; others wait.</summary>
    private const int MostAtOnce = 4, MostWaiting = 64;

    private static readonly TimeSpan QuestionTime = TimeSpan.FromSeconds(2), AnswerTime = TimeSpan.FromSeconds(5);

    private readonly Socket listening;
    private readonly string path;
    private readonly IOwnPlaces places;
    private readonly Func<CancellationToken, Task<HostReport>> report;
    private readonly TextWriter log;
    private readonly SemaphoreSlim room = new(MostAtOnce);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    private RunningSocket(Socket listening, string path, IOwnPlaces places, Func<CancellationToken, Task<HostReport>> report, TextWriter log)
    {
        this.log = log;
        this.listening = listening;
        this.path = path;
        this.places = places;
        this.report = report;
        running = AcceptAsync();
    }

    public string Path => path;

    /// <summary>Null: there is no folder of this user's own for it, and <paramref name="log"/> was told. A host runs as well without.</summary>
    public static RunningSocket? TryOpen(IOwnPlaces places, Func<CancellationToken, Task<HostReport>> report, TextWriter log)
    {
        string why = "no folder is this user's alone";
        foreach (string folder in places.Folders(make: true))
        {
            RunningHosts.Tidy(folder);
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                return new(socket, Listen(socket, folder), places, report, log);
            }
            catch (Exception refused) when (refused is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                // A path may be too long for a socket; the next one is shorter.
                why = refused.Message;
                socket.Dispose();
            }
        }

        log.WriteLine($"`alongside-host doctor` will not see this host: {why.TrimEnd('.')}.");
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        RunningHosts.TakeAway(path);
        listening.Dispose();
        await running;
        stopping.Dispose();
    }

    /// <summary>Whoever finds a socket that nobody listens at takes it away: under its name there is one only when it is listened at.</summary>
    private static string Listen(Socket socket, string folder)
    {
        string name = System.IO.Path.Combine(folder, $"{Environment.ProcessId}.{Guid.NewGuid().ToString("N")[..8]}");
        socket.Bind(new UnixDomainSocketEndPoint(name));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(name, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        socket.Listen(MostWaiting);
        File.Move(name, name + Ending);
        return name + Ending;
    }

    private async Task AcceptAsync()
    {
        var answers = new HashSet<Task>();
        try
        {
            while (true)
            {
                await room.WaitAsync(stopping.Token);
                var asking = await NextAsync();
                answers.RemoveWhere(answer => answer.IsCompleted);
                answers.Add(AnswerAsync(asking));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(answers);
        }
    }

    private async Task<Socket> NextAsync()
    {
        while (true)
        {
            try
            {
                return await listening.AcceptAsync(stopping.Token);
            }
            catch (SocketException) when (!stopping.IsCancellationRequested)
            {
                // Too many files are open: whoever asks waits, and the sessions have the first right to what is free again.
                await Task.Delay(TimeSpan.FromSeconds(1), stopping.Token);
            }
        }
    }

    private async Task AnswerAsync(Socket asking)
    {
        try
        {
            using (asking)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
                patience.CancelAfter(QuestionTime);
                if (places.IsOurs(asking) && await IsQuestionAsync(asking, patience.Token))
                {
                    patience.CancelAfter(AnswerTime);
                    byte[] document = JsonSerializer.SerializeToUtf8Bytes(await report(patience.Token), RunningJson.Default.HostReport);
                    for (int sent = 0; sent < document.Length;)
                    {
                        sent += await asking.SendAsync(document.AsMemory(sent), patience.Token);
                    }

                    asking.Shutdown(SocketShutdown.Send);
                }
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or SocketException)
        {
            // Slow, silent, or gone.
        }
        catch (Exception wrong)
        {
            log.WriteLine($"alongside-host: `doctor` could not be answered: {wrong}");
        }
        finally
        {
            room.Release();
        }
    }

    private static async Task<bool> IsQuestionAsync(Socket asking, CancellationToken cancel)
    {
        byte[] question = new byte[Question.Length];
        int length = 0;
        while (length < question.Length)
        {
            int more = await asking.ReceiveAsync(question.AsMemory(length), cancel);
            if (more == 0)
            {
                return false;
            }

            length += more;
        }

        return question.AsSpan().SequenceEqual("report\n"u8);
    }
}
