using Alongside.Core.Pixels;
using Alongside.Vnc.Client;
using Alongside.Vnc.Security;
using Alongside.Vnc.Server;

namespace Alongside.Vnc.Tests.Server;

/// <summary>Our server and our client with nothing between them, and a desktop that the test paints.</summary>
internal sealed class BothSides : IDisposable
{
    private readonly ServerSession server;
    private readonly RfbClient client;
    private long now = 1_000_000;
    private long version = 1;

    public BothSides(int width, int height, params int[] encodings)
        : this(width, height, encodings.Length == 0 ? new() : new RfbClientOptions { Encodings = encodings })
    {
    }

    public BothSides(int width, int height, RfbClientOptions options, SharedMotion? motion = null)
    {
        Screen = new(width, height);
        server = new(now, new ServerOptions("Desk") { SecurityTypes = [SecurityType.None] }, new PasswordAttempts(), new byte[VncAuth.ChallengeLength], "here", motion);
        client = new(options);
        server.SetDesktop(now, new(width, height, []));
        Run();
    }

    public Frame Screen { get; private set; }

    public List<RfbClientEvent> Events { get; } = [];

    /// <summary>What the server wanted done.</summary>
    public List<ServerEvent> Asked { get; } = [];

    /// <summary>Bytes the server has sent, ever.</summary>
    public long Bytes { get; private set; }

    /// <summary>The desktop has changed somewhere within this; until nobody has anything to say.</summary>
    public void Changed(PixelRect area)
    {
        version++;
        server.Damaged(area);
        Run();
    }

    /// <summary>The desktop has changed somewhere, while the viewer takes nothing.</summary>
    public void Misses() => version++;

    /// <summary>The viewer wants a desktop of this size; nobody has heard it yet.</summary>
    public void Ask(int width, int height) => Assert.True(client.TryAskForSize(width, height));

    /// <summary>Bytes of the viewer, as they are.</summary>
    public void Say(byte[] bytes) => server.Handle(now, bytes);

    public void Answer(SizeAnswer answer)
    {
        server.SizeAnswered(answer);
        Run();
    }

    public void Resize(int width, int height, SizeAnswer answer)
    {
        Screen = new(width, height);
        Screen.Pixels.Fill(0x224466);
        version++;
        server.SetDesktop(now, new(width, height, []));
        Answer(answer);
    }

    public void Wait(long micros)
    {
        now += micros;
        Run();
    }

    public bool IsSame()
    {
        if (client.Picture!.Width != Screen.Width || client.Picture.Height != Screen.Height)
        {
            return false;
        }

        for (int i = 0; i < Screen.Pixels.Length; i++)
        {
            if (((Screen.Pixels[i] ^ client.Picture.Pixels[i]) & 0xffffff) != 0)
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose()
    {
        server.Dispose();
        client.Dispose();
    }

    private void Run()
    {
        for (bool busy = true; busy;)
        {
            busy = false;
            now += 1000;
            while (server.TryPollEvent(out var e))
            {
                Asked.Add(e);
                if (e.Kind == ServerEventKind.Asks)
                {
                    server.Approve(now);
                }
                else if (e.Kind == ServerEventKind.Ended)
                {
                    throw new InvalidOperationException(e.Text);
                }
            }

            server.Update(now, Screen, version);
            if (server.TryPoll(out var bytes))
            {
                busy = true;
                Bytes += bytes.Length;
                int length = bytes.Length;
                client.Handle(now, bytes.ToArray());
                server.HasSent(now, length);
                while (client.TryPoll(out var e))
                {
                    Events.Add(e);
                }

                client.Taken();
            }

            while (client.TryPollOutput(out var said))
            {
                busy = true;
                server.Handle(now, said.Span);
            }
        }
    }
}
