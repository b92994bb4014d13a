using System.Text;
using Alongside.Core.Codec;
using Alongside.Core.Input;
using Alongside.Core.Pixels;
using Alongside.Core.Secure;
using Alongside.Core.Session;

namespace Alongside.Testing.Simulation;

/// <summary>
/// A <see cref="HostRoom"/> with its driver, a painted screen and a person, in a <see cref="SimulatedRoom"/>. What the pipeline does with threads
/// happens here at once.
/// </summary>
public sealed class SimulatedHost : IWayEnd, IDisposable
{
    public const string RoomId = "AAAAAAAAAAAAAAAAAAAAAA";
    public const string LinkSecret = "bGlua3NlY3JldGxpbmtzZQ";

    private readonly SeededRandomSource random;
    private readonly SimulatedTurns turns;
    private long? tickAt;

    public SimulatedHost(ulong seed, Grant? allow, int width = 96, int height = 64, bool direct = false)
    {
        random = new(seed);
        Net = new(seed + 1);
        turns = new(Net);
        Book.SetLink(new(CredentialKind.Link, RoomId, Encoding.ASCII.GetBytes(LinkSecret)));
        Ways = direct ? new(Net, seed + 3) { Host = this } : null;
        Room = new(new("Front desk", allow), Book, Net.HostPath, new SeededRandomSource(seed + 2), Ways?.OfHost);
        Net.HostReceives = (member, payload) => Do(() => Room.Handle(Net.Now, member, payload));
        Net.HostSeesArrived = member => Do(() =>
        {
            Net.HasHeardOf(member);
            Room.Arrived(Net.Now, member);
        });
        Net.HostSeesLeft = (member, gone) => Do(() => Room.Left(Net.Now, member, gone));
        Net.HostWindowOpened = () => Do(() => { });
        Screen = new(width, height);
        SetLayout(width, height);
    }

    public SimulatedRoom Net { get; }

    /// <summary>Direct ways to its viewers; null: there are none.</summary>
    public SimulatedWays? Ways { get; }

    public CodeBook Book { get; } = new();

    public HostRoom Room { get; }

    public Frame Screen { get; private set; }

    public List<HostEvent> Events { get; } = [];

    public List<InputMessage> Injected { get; } = [];

    public int Grabs { get; private set; }

    /// <summary>What a viewer needs to come in by the link.</summary>
    public static Credential Link => new(CredentialKind.Link, RoomId, Encoding.ASCII.GetBytes(LinkSecret));

    public void SetLayout(int width, int height)
    {
        // What is still to be done was meant for the screen as it was.
        turns.CatchUp(Drive);
        Screen = new(width, height);
        PaintAll();
        int half = width / 2;
        Do(() => Room.SetLayout(Net.Now, new(width, height, [new(1, "left", new(0, 0, half, height), true), new(2, "right", new(half, 0, width - half, height), false)])));
    }

    /// <summary>Its driver gets no time for so long, in microseconds: what comes is handled afterwards, in its order.</summary>
    public void Starve(long time) => turns.Starve(time, Drive);

    /// <summary>Calls the room, then does what its driver does after every call.</summary>
    public void Do(Action call)
    {
        if (!turns.MustWait(call))
        {
            Drive(call);
        }
    }

    private void Drive(Action call)
    {
        call();
        while (true)
        {
            Act();
            if (Room.WantsGrab(Net.Now))
            {
                Grabs++;
                foreach (var area in Room.Damage)
                {
                    for (int y = area.Y; y < area.Bottom; y++)
                    {
                        Screen.Row(y, area.X, area.Width).CopyTo(Room.Target!.Row(y, area.X, area.Width));
                    }
                }

                Room.Grabbed(Net.Now);
            }

            Room.Pump(Net.Now);
            if (Room.Encode(Net.Now))
            {
                Room.Pump(Net.Now);
            }

            if (!Room.WantsGrab(Net.Now))
            {
                break;
            }
        }

        Act();

        if (Room.NextDeadline(Net.Now) is { } due && (tickAt is null || due < tickAt))
        {
            tickAt = due;
            Net.After(Math.Max(1, due - Net.Now), () =>
            {
                // Others may have been set since; one that comes too early changes nothing.
                if (tickAt <= Net.Now)
                {
                    tickAt = null;
                }

                Do(() => Room.Tick(Net.Now));
            });
        }
    }

    private void Act()
    {
        while (Room.TryPollEvent(out var e))
        {
            Events.Add(e);
            switch (e.Kind)
            {
                case HostEventKind.Input:
                    Injected.Add(e.Input);
                    break;
                case HostEventKind.WayBegins:
                    Ways!.Begin(e.Member, e.Way);
                    break;
                case HostEventKind.WaySignal:
                    Ways!.Hear(e.Member, e.Way, e.Signal!, isHost: true);
                    break;
                case HostEventKind.WayEnded:
                    Ways!.Ended(e.Member, e.Way, isHost: true);
                    break;
            }
        }
    }

    /// <summary>Something small or large changes on the screen: text-like, flat or noise.</summary>
    public void PaintSome()
    {
        int width = 1 + random.Next(Math.Max(1, Screen.Width / (1 + random.Next(8))));
        int height = 1 + random.Next(Math.Max(1, Screen.Height / (1 + random.Next(8))));
        var area = new PixelRect(random.Next(Screen.Width - width + 1), random.Next(Screen.Height - height + 1), width, height);
        Paint(area, random.Next(3));
    }

    public void PaintAll() => Paint(Screen.Bounds, 2);

    public void Paint(PixelRect area, int style)
    {
        uint a = (uint)random.NextU64() & 0xFFFFFF, b = (uint)random.NextU64() & 0xFFFFFF;
        for (int y = area.Y; y < area.Bottom; y++)
        {
            foreach (ref uint pixel in Screen.Row(y, area.X, area.Width))
            {
                pixel = style switch
                {
                    0 => a,
                    1 => random.Next(4) == 0 ? a : b,
                    _ => (uint)random.NextU64() & 0xFFFFFF,
                };
            }
        }

        Do(() => Room.Damaged(Net.Now, area));
    }

    /// <summary>What is in the area goes so far, within it, as a window or a text does; the screen's own pixels stay where they were elsewhere.</summary>
    /// <param name="hint">The window system says so, or this instead.</param>
    public void Move(PixelRect area, int deltaX, int deltaY, Motion? hint = null)
    {
        var to = (area with { X = area.X + deltaX, Y = area.Y + deltaY }).Intersect(Screen.Bounds);
        if (to.IsEmpty)
        {
            return;
        }

        new Motion(to, deltaX, deltaY).Apply(Screen);
        Do(() =>
        {
            if (hint is { } told)
            {
                Room.Moved(told);
            }

            Room.Damaged(Net.Now, to);
        });
    }

    /// <summary>Soft colours with a little noise: what is sent as a picture first.</summary>
    public void PaintPhoto(PixelRect area)
    {
        int phase = random.Next(1_000);
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                int wave = 128 + (int)(70 * Math.Sin((x + phase) / 17.0)) + (int)(40 * Math.Cos((y - phase) / 11.0)) + random.Next(6);
                Screen.Row(y)[x] = (uint)((wave << 16) | ((wave / 2 + 40) << 8) | (255 - wave));
            }
        }

        Do(() => Room.Damaged(Net.Now, area));
    }

    /// <summary>Somebody at the desktop moves the pointer.</summary>
    public void Point(int x, int y) => Do(() => Room.CursorMoved(Net.Now, x, y));

    public SimulatedViewer Join(
        ushort member, SimulatedLine line, Grant? asks = null, IReadOnlyList<ushort>? capabilities = null, long paintTime = 0, SimulatedLine? direct = null) =>
        new(this, member, line, asks ?? Grant.All, Link, capabilities, direct) { PaintTime = paintTime };

    public void Run(long micros) => Net.RunUntil(Net.Now + micros);

    public void Dispose() => Room.Dispose();

    void IWayEnd.Say(ushort member, int way, ControlMessage said) => Do(() => Room.Signal(Net.Now, member, way, said));

    void IWayEnd.Opened(ushort member, int way) => Do(() => Room.WayOpened(Net.Now, member, way));

    void IWayEnd.Failed(ushort member, int way, string why) => Do(() => Room.WayFailed(Net.Now, member, way, why));

    void IWayEnd.Receive(ushort member, int way, byte[] message) => Do(() => Room.HandleDirect(Net.Now, member, way, message));
}
