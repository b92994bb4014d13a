using Alongside.Core.Pixels;
using Alongside.Vnc.Security;
using Alongside.Vnc.Server;

namespace Alongside.Fuzz.Targets.Vnc;

/// <summary>A server of VNC with a small desktop that changes all the time. A piece that ends with an odd byte comes from a viewer that reads nothing.</summary>
internal sealed class ServerSubject : Subject
{
    private const int Width = 40, Height = 30;

    private readonly ServerSession session;
    private readonly Frame frame = new(Width, Height);
    private long now = 1_000_000;

    public ServerSubject(byte[]? beginning = null)
    {
        var options = new ServerOptions("Desk") { SecurityTypes = [SecurityType.None, SecurityType.VncAuth, SecurityType.VeNCrypt], Password = "sesame" };
        session = new(now, options, new PasswordAttempts(), new byte[VncAuth.ChallengeLength], "somewhere");
        session.SetDesktop(now, new(Width, Height, [new(1, "One", frame.Bounds, true)]));
        session.Copied("what was copied here");
        if (beginning is not null)
        {
            Take(beginning);
        }
    }

    public override void Take(ReadOnlySpan<byte> message)
    {
        now += 20_000;
        session.Handle(now, message);
        Drain();
        frame.Pixels[(int)(now / 20_000 % frame.Pixels.Length)] ^= 0xffffff;
        session.Damaged(frame.Bounds);
        session.Update(now, frame);
        bool reads = message.IsEmpty || (message[^1] & 1) == 0;
        while (session.TryPoll(out var bytes))
        {
            if (reads)
            {
                session.HasSent(now, bytes.Length);
            }
        }

        session.Tick(now);
        Drain();
    }

    /// <summary>An encoder's tables the first time it is asked for; answers and pictures; text of 4 MiB that is put together piece by piece.</summary>
    public override long MemoryFor(ReadOnlySpan<byte> message) => (3 * 1024 * 1024) + (1024L * message.Length);

    public override long StepsFor(ReadOnlySpan<byte> message) => 5_000_000 + (2000L * message.Length);

    protected override void Dispose(bool disposing) => session.Dispose();

    private void Drain()
    {
        while (session.TryPollEvent(out var e))
        {
            switch (e.Kind)
            {
                case ServerEventKind.StartTls:
                    session.TlsStarted(now);
                    break;
                case ServerEventKind.Asks:
                    session.Approve(now);
                    break;
            }
        }
    }
}
