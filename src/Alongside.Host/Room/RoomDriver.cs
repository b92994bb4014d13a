using System.Text;
using Alongside.Core.Relay;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Host.Loop;
using Alongside.Net.Relay;

namespace Alongside.Host.Room;

/// <summary>What the person, or the program that started this one, is to see. Called on the loop's thread.</summary>
internal interface IRoomSigns
{
    /// <summary>A new code and the link, or none while there is no room.</summary>
    void Code(string? digits, string? link, TimeSpan lifetime);

    void Say(string text);

    /// <summary>It is over, for good.</summary>
    void Over(ExitCode code, string text);
}

/// <summary>
/// Keeps this host in a room: opens one and renews its number and code, or enters a helper's; comes back after breaks; opens another when the room is
/// lost. Makes the secrets, which never leave this machine but by the person's mouth or the link they send.
/// </summary>
/// <param name="invitation">What was typed to enter a helper's room; null: a room is opened here.</param>
internal sealed class RoomDriver(
    Uri server, RelayClientOptions options, Invitation? invitation, CodeBook book, RelayPath path, HostRoom room, Inbox inbox, IRoomSigns signs, IRandomSource random)
    : IRelaySink, IAsyncDisposable
{
    /// <summary>In a helper's room that is the helper, whom nobody puts out of it.</summary>
    private const ushort Opener = 1;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>How often it is looked whether somebody is still here who needs no room.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource stopping = new();
    private TaskCompletionSource<(int Code, string Reason)> ended = new();
    private Task running = Task.CompletedTask;
    private string roomId = "";
    private string linkSecret = "";
    private long codeUntil;
    private string? why;
    private WrongCodes wrongCodes;

    /// <summary>Before that there is no new code.</summary>
    private long askAt;
    private bool asksLater;

    /// <summary>Starts to look for the server, and does not stop before <see cref="DisposeAsync"/>.</summary>
    public void Start() => running = RunAsync();

    /// <summary>What the room says that concerns code and members; on the loop's thread.</summary>
    public void Handle(long now, HostEvent e)
    {
        switch (e.Kind)
        {
            case HostEventKind.CodeUsed or HostEventKind.CodeWrong when invitation is null:
                CodeIsOver(now, isWrong: e.Kind == HostEventKind.CodeWrong);
                break;
            case HostEventKind.CodeWrong:
                signs.Over(ExitCode.WrongCode, RoomWords.WrongCodeJoined);
                break;
            case HostEventKind.Remove when invitation is null || e.Member != Opener:
                path.Client?.Remove(e.Member);
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    void IRelaySink.Opened(string id, ushort member, string? number, int seconds) => inbox.Post(now =>
    {
        roomId = id;
        linkSecret = RoomCode.MakeLinkSecret(random);
        book.SetLink(new(CredentialKind.Link, id, Encoding.ASCII.GetBytes(linkSecret)));
        ShowNumber(now, number, seconds);
    });

    void IRelaySink.Joined(string id, ushort member) => inbox.Post(_ =>
    {
        if (invitation is CodeInvitation)
        {
            book.SetCode(invitation.Credential);
        }
        else if (invitation is not null)
        {
            book.SetLink(invitation.Credential);
        }
    });

    void IRelaySink.Number(string number, int seconds) => inbox.Post(now => ShowNumber(now, number, seconds));

    void IRelaySink.NumberExpired() => inbox.Post(now =>
    {
        why ??= RoomWords.Lapsed;
        book.SetCode(null);
        AskForNumber(now);
    });

    void IRelaySink.Arrived(ushort member, MemberRole role)
    {
        if (role == MemberRole.Viewer)
        {
            var client = path.Client;
            inbox.Post(now =>
            {
                client?.HasHeardOf(member);
                room.Arrived(now, member);
            });
        }
    }

    void IRelaySink.Left(ushort member, bool gone) => inbox.Post(now => room.Left(now, member, gone));

    void IRelaySink.Payload(ushort from, ReadOnlySpan<byte> payload) => inbox.PostPayload(from, payload);

    void IRelaySink.WindowOpened(ushort member) => inbox.Wake();

    void IRelaySink.Broken() => inbox.Post(now =>
    {
        signs.Say(RoomWords.Broken);
        room.PathBroken(now);
    });

    void IRelaySink.Back() => inbox.Post(now =>
    {
        signs.Say(RoomWords.Back);

        // What the server said about the number while we were away is lost.
        if (invitation is null && (book.Code is null || now >= codeUntil))
        {
            why ??= now >= codeUntil ? RoomWords.Lapsed : null;
            AskForNumber(now);
        }
    });

    void IRelaySink.Ended(int code, string reason) => ended.TrySetResult((code, reason));

    /// <summary>Room after room. Waits longer after each that could not be had.</summary>
    private async Task RunAsync()
    {
        var pause = FirstPause;
        while (!stopping.IsCancellationRequested)
        {
            ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var client = new RelayClient(server, options with { ArrivalsAreHeardLater = true }, this);
            path.Client = client;
            var (code, reason, was) = await StayAsync(client);
            path.Client = null;
            await client.DisposeAsync();
            if (was && code is not ((int)RelayClose.Ended or (int)RelayClose.Removed))
            {
                await WhileHeldWithoutRelayAsync();
            }

            if (stopping.IsCancellationRequested)
            {
                return;
            }

            inbox.Post(now => Lost(now, code, reason, was));
            pause = was ? FirstPause : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, pause.Ticks * 2));
            await Task.WhenAny(Task.Delay(pause, stopping.Token));
        }
    }

    /// <summary>The room is lost, and whoever is here by a direct way stays until that dies: nobody else is expected, and in another room others would have their numbers.</summary>
    private async Task WhileHeldWithoutRelayAsync()
    {
        bool isHeld = true;
        while (isHeld && !stopping.IsCancellationRequested)
        {
            var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            inbox.Post(now =>
            {
                room.PathBroken(now);
                answer.SetResult(room.HoldsWithoutRelay);
            });
            await Task.WhenAny(answer.Task, Task.Delay(Timeout.Infinite, stopping.Token));
            isHeld = answer.Task.IsCompleted && answer.Task.Result;
            await Task.WhenAny(Task.Delay(isHeld ? LookAgain : TimeSpan.Zero, stopping.Token));
        }
    }

    private async Task<(int Code, string Reason, bool Was)> StayAsync(RelayClient client)
    {
        try
        {
            await (invitation switch
            {
                null => client.OpenAsync(MemberRole.Host, withNumber: true),
                { Credential.Place: var place } => client.JoinAsync(MemberRole.Host, place),
            }).WaitAsync(stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return ((int)RelayClose.Normal, "", false);
        }
        catch (RelayException refused)
        {
            return (refused.Code, refused.Message, false);
        }

        await Task.WhenAny(ended.Task, Task.Delay(Timeout.Infinite, stopping.Token));
        return ended.Task.IsCompleted ? (ended.Task.Result.Code, ended.Task.Result.Reason, true) : (1000, "", true);
    }

    private void Lost(long now, int code, string reason, bool was)
    {
        room.PathBroken(now);
        book.SetCode(null);
        book.SetLink(null);
        if (invitation is null)
        {
            signs.Code(null, null, TimeSpan.Zero);
            signs.Say(was ? RoomWords.RoomLost : RoomWords.Away(server, reason));
        }
        else if (was || code is (int)RelayClose.Ended or (int)RelayClose.Removed)
        {
            signs.Over(ExitCode.Done, RoomWords.RoomEnded);
        }
        else if (code == (int)RelayClose.NoRoom)
        {
            signs.Over(ExitCode.NoRoom, RoomWords.NoSuchRoom);
        }
        else
        {
            signs.Say(RoomWords.Away(server, reason));
        }
    }

    private void CodeIsOver(long now, bool isWrong)
    {
        why = isWrong ? RoomWords.WrongCode : null;
        if (!isWrong)
        {
            wrongCodes.Right();
        }
        else if (wrongCodes.Wrong(now) is > 0 and var pause)
        {
            askAt = now + pause;
            signs.Say(RoomWords.Guessed(TimeSpan.FromMicroseconds(pause)));
        }

        AskForNumber(now);
    }

    /// <summary>Now, or when somebody who guesses has waited long enough.</summary>
    private void AskForNumber(long now)
    {
        if (now >= askAt)
        {
            path.Client?.RequestNumber();
        }
        else if (!asksLater && !stopping.IsCancellationRequested)
        {
            asksLater = true;
            _ = AskLaterAsync(TimeSpan.FromMicroseconds(askAt - now));
        }
    }

    private async Task AskLaterAsync(TimeSpan pause)
    {
        await Task.WhenAny(Task.Delay(pause, stopping.Token)).ConfigureAwait(false);
        inbox.Post(now =>
        {
            asksLater = false;

            // A room that was opened meanwhile has a code.
            if (!stopping.IsCancellationRequested && book.Code is null)
            {
                AskForNumber(now);
            }
        });
    }

    private void ShowNumber(long now, string? number, int seconds)
    {
        if (number is null)
        {
            return;
        }

        string digits = RoomCode.MakeDigits(random);
        book.SetCode(new(CredentialKind.Code, number, Encoding.ASCII.GetBytes(digits)));
        codeUntil = now + (seconds * 1_000_000L);
        string origin = server.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (why is not null)
        {
            signs.Say(why);
            why = null;
        }

        signs.Code(
            RoomCode.Format(number, digits),
            RoomCode.MakeLink(new(origin, LinkPurpose.Join, roomId, linkSecret, options.Fingerprint)),
            TimeSpan.FromSeconds(seconds));
    }
}
