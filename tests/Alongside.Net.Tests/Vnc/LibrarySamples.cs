using Alongside.Core.Pixels;
using Alongside.Vnc.Client;
using Alongside.Vnc.Security;
using Alongside.Vnc.Server;

namespace Alongside.Net.Tests.Vnc;

/// <summary>
/// The samples of docs/vnc-library.md: the lines between the marks are the page's own, word for word, and the two talk to each other. This project sees no more of
/// the library than anybody does.
/// </summary>
public sealed class LibrarySamples
{
    private static readonly PixelRect Area = new(10, 5, 20, 30);
    private readonly Frame screen = new(64, 48);
    private readonly List<PixelRect> shown = [];
    private readonly List<string> heard = [];
    private readonly Queue<byte[]> toClient = new();
    private Frame? picture;
    private long time;

    [Fact]
    public void They_work_with_each_other()
    {
        screen.Pixels.Fill(0x335577);
        var server = new Server(this);
        Client(new Loopback(this, server));
        Assert.Equal("pointer 7,9", heard[^1]);
        Assert.Equal([.. screen.Pixels], picture!.Pixels.ToArray().Select(pixel => pixel & 0xffffff));
        Assert.Contains(Area, shown);
    }

    [Fact]
    public void They_are_what_the_page_says()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Alongside.slnx")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        string[] page = Samples(File.ReadAllLines(Path.Combine(root, "docs", "vnc-library.md")), line => line == "```csharp", line => line == "```");
        string[] here = Samples(File.ReadAllLines(Path.Combine(root, "tests", "Alongside.Net.Tests", "Vnc", "LibrarySamples.cs")), line => line == "// Sample:", line => line == "// End of the sample.");
        Assert.NotEmpty(page);
        Assert.Equal(here, page);
    }

    private static string[] Samples(string[] lines, Func<string, bool> begins, Func<string, bool> ends)
    {
        var samples = new List<string>();
        bool within = false;
        foreach (string line in lines.Select(line => line.Trim()))
        {
            within = within ? !ends(line) : begins(line);
            if (within && !begins(line) && line.Length > 0)
            {
                samples.Add(line);
            }
        }

        return [.. samples];
    }

    private long Now() => ++time;

    private void Show(Frame current, PixelRect area)
    {
        picture = current;
        shown.Add(area);
    }

    private void Client(Loopback socket)
    {
        byte[] buffer = new byte[64 * 1024];
        void StartTls(bool anonymous) => Assert.Fail($"No TLS was offered ({anonymous}).");

        // Sample:
        using var client = new RfbClient(new RfbClientOptions { Password = "sesame" });
        int length;
        while ((length = socket.Receive(buffer)) > 0)
        {
            client.Handle(Now(), buffer.AsSpan(0, length));
            while (client.TryPoll(out var e))
            {
                switch (e.Kind)
                {
                    case RfbClientEventKind.StartTls:
                        StartTls(e.IsAnonymous);      // sends what waits, starts TLS, checks the certificate unless there is none
                        client.TlsStarted(Now());
                        break;
                    case RfbClientEventKind.Ready:
                        client.Pointer(7, 9, 0);
                        break;
                    case RfbClientEventKind.Damaged:
                        Show(client.Picture!, e.Area);
                        break;
                }
            }

            client.Taken();                           // the picture was used: asks for the next
            while (client.TryPollOutput(out var bytes))
            {
                socket.Send(bytes.Span);
            }
        }

        // End of the sample.
    }

    private sealed class Server
    {
        private readonly LibrarySamples test;
        private readonly ServerSession session;

        public Server(LibrarySamples test)
        {
            this.test = test;
            var attempts = new PasswordAttempts();
            byte[] sixteenRandomBytes = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
            string address = "10.0.0.7";
            var layout = new DesktopLayout(64, 48, []);

            // Sample:
            var options = new ServerOptions("Desk") { SecurityTypes = [SecurityType.VncAuth], Password = "sesame" };
            session = new ServerSession(Now(), options, attempts, sixteenRandomBytes, address);
            session.SetDesktop(Now(), layout);

            // End of the sample.
            Drain();
        }

        // Sample:
        public void Received(ReadOnlySpan<byte> bytes)
        {
            session.Handle(Now(), bytes);
            Drain();
        }

        public void Changed(PixelRect area)
        {
            session.Damaged(area);
            Drain();
        }

        public void EveryFewSeconds()                 // and at session.NextDeadline
        {
            session.Tick(Now());
            Drain();
        }

        private void Drain()
        {
            while (session.TryPollEvent(out var e))
            {
                switch (e.Kind)
                {
                    case ServerEventKind.StartTls:
                        StartTls();                   // sends what waits, starts TLS as its server
                        session.TlsStarted(Now());
                        break;
                    case ServerEventKind.Asks:
                        session.Approve(Now());       // or Refuse
                        break;
                    case ServerEventKind.Input:
                        Do(e.Input);
                        break;
                    case ServerEventKind.SizeAsked:
                        session.SizeAnswered(SizeAnswer.Prohibited);
                        break;
                    case ServerEventKind.Ended:
                        Close();                      // when what waits is sent
                        break;
                }
            }

            if (session.IsReady)
            {
                session.Update(Now(), Screen);        // the newest pixels; only what differs from the viewer's is sent
            }

            while (session.TryPoll(out var bytes))
            {
                Send(bytes, sent => session.HasSent(Now(), sent));
            }
        }

        // End of the sample.
        private Frame Screen => test.screen;

        private static void StartTls() => Assert.Fail("No TLS was offered.");

        private void Do(Alongside.Core.Input.InputMessage input) => test.heard.Add($"pointer {input.X},{input.Y}");

        private static void Close() => Assert.Fail("It was to go on.");

        private long Now() => test.Now();

        private void Send(ReadOnlySpan<byte> bytes, Action<int> sent)
        {
            test.toClient.Enqueue(bytes.ToArray());
            sent(bytes.Length);
        }
    }

    /// <summary>What a socket would be; it ends when nobody has anything to say and the screen has changed once.</summary>
    private sealed class Loopback(LibrarySamples test, Server server)
    {
        private bool changed;

        public int Receive(byte[] into)
        {
            if (test.toClient.Count == 0 && !changed)
            {
                changed = true;
                for (int y = Area.Y; y < Area.Bottom; y++)
                {
                    test.screen.Row(y, Area.X, Area.Width).Fill(0xaa8800);
                }

                server.EveryFewSeconds();
                server.Changed(Area);
            }

            if (!test.toClient.TryDequeue(out byte[]? bytes))
            {
                return 0;
            }

            bytes.CopyTo(into, 0);
            return bytes.Length;
        }

        public void Send(ReadOnlySpan<byte> bytes) => server.Received(bytes.ToArray());
    }
}
