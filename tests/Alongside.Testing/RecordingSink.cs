using Alongside.Core.Relay;

namespace Alongside.Testing;

/// <summary>A relay sink that keeps what it hears: events as short lines, payloads whole. For tests.</summary>
public class RecordingSink : IRelaySink
{
    private readonly Lock gate = new();
    private readonly List<string> events = [];
    private readonly List<(ushort From, byte[] Bytes)> payloads = [];

    public string Room { get; private set; } = "";

    public ushort Self { get; private set; }

    public string? Digits { get; private set; }

    /// <summary>`opened 1`, `arrived 2 Viewer`, `left 2 gone`, `ended 4410 …`.</summary>
    public string[] Events
    {
        get
        {
            lock (gate)
            {
                return [.. events];
            }
        }
    }

    public (ushort From, byte[] Bytes)[] Payloads
    {
        get
        {
            lock (gate)
            {
                return [.. payloads];
            }
        }
    }

    public Task HearsAsync(string start) => Eventually.TrueAsync(() => Events.Any(line => line.StartsWith(start, StringComparison.Ordinal)),
        $"\"{start}\" was not heard.");

    public void Opened(string room, ushort member, string? number, int seconds)
    {
        (Room, Self, Digits) = (room, member, number);
        Note($"opened {member}");
    }

    public void Joined(string room, ushort member)
    {
        (Room, Self) = (room, member);
        Note($"joined {member}");
    }

    public void Number(string number, int seconds)
    {
        Digits = number;
        Note("number");
    }

    public void NumberExpired() => Note("expired");

    public void Arrived(ushort member, MemberRole role) => Note($"arrived {member} {role}");

    public void Left(ushort member, bool gone) => Note($"left {member}{(gone ? " gone" : "")}");

    public virtual void Payload(ushort from, ReadOnlySpan<byte> payload)
    {
        lock (gate)
        {
            payloads.Add((from, payload.ToArray()));
        }
    }

    public virtual void WindowOpened(ushort member) => Note($"window {member}");

    public void Broken() => Note("broken");

    public void Back() => Note("back");

    public void Ended(int code, string reason) => Note($"ended {code} {reason}");

    private void Note(string line)
    {
        lock (gate)
        {
            events.Add(line);
        }
    }
}
