using System.Text.Json;
using System.Threading.Channels;
using Alongside.Core.Wire;
using Alongside.Net;
using Alongside.Rtc.DataChannels;
using Alongside.Rtc.Dtls;
using Alongside.Rtc.Dtls.OpenSsl;
using Alongside.Rtc.Sctp;

namespace Alongside.Lab;

/// <summary>
/// A peer on standard streams, as matrices of interoperability use it: JSON lines in and out, every message of every data channel back as it came, until
/// standard input ends. It is ICE-lite, and for the end-to-end tests: what they meet is SCTP and DTLS, whatever ICE does. "./alongside lab echo" is the whole peer.
/// <code>
/// {"type":"offer","sdp":"..."}  {"type":"answer","sdp":"..."}  {"type":"candidate","candidate":"...","sdpMid":"0"}
/// </code>
/// With <c>--offer</c> it offers first, and opens a channel named <c>lab</c>.
/// </summary>
internal sealed class EchoCommand : IDisposable
{
    /// <summary>As much may wait to go back; the rest waits at the peer.</summary>
    private const long MostWaiting = 4 * 1024 * 1024;

    private readonly Channel<string?> lines = Channel.CreateUnbounded<string?>();
    private readonly DtlsIdentity identity = DtlsIdentity.Create(SystemRandomSource.Instance);
    private readonly LitePath path = new();
    private readonly byte[] datagram = new byte[4096];
    private readonly bool isOfferer;
    private DataTransport? transport;
    private bool isStarted;
    private bool hasInputEnded;

    private EchoCommand(bool isOfferer) => this.isOfferer = isOfferer;

    public static int Run(string[] arguments)
    {
        bool isOfferer = arguments.Contains("--offer");
        if (arguments.Except(["--offer"]).Any())
        {
            Console.Error.WriteLine("echo [--offer]");
            return 2;
        }

        using var echo = new EchoCommand(isOfferer);
        _ = Task.Run(echo.ReadLinesAsync);
        echo.Run();
        return 0;
    }

    public void Dispose()
    {
        transport?.Dispose();
        path.Dispose();
        identity.Dispose();
    }

    private async Task ReadLinesAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            lines.Writer.TryWrite(line);
        }

        lines.Writer.TryWrite(null);
    }

    private void Run()
    {
        if (isOfferer)
        {
            Describe("offer", "0", "actpass");
        }

        while (!hasInputEnded)
        {
            TakeLines();
            long wait = transport is null ? 20_000 : Math.Clamp(transport.NextTimeout - path.Now, 0, 20_000);
            path.Wait(wait);
            while (path.Receive(datagram) is > 0 and var length)
            {
                transport?.Handle(path.Now, datagram.AsSpan(0, length));
            }

            if (transport is not null)
            {
                Turn(transport);
            }
        }

        if (transport is not null)
        {
            transport.Close("Closed.");
            Flush(transport);
        }
    }

    private void Turn(DataTransport transport)
    {
        if (path.HasPeer && !isStarted)
        {
            isStarted = true;
            transport.Start(path.Now);
        }

        Flush(transport);
        while (transport.Buffered < MostWaiting && transport.Channels.TryPoll(path.Now, out var happened))
        {
            if (happened.Kind == ChannelEventKind.Message)
            {
                _ = happened.IsText
                    ? transport.Channels.TrySendText(path.Now, happened.Channel, happened.Data)
                    : transport.Channels.TrySend(path.Now, happened.Channel, happened.Data);
            }

            Flush(transport);
        }
    }

    private void Flush(DataTransport transport)
    {
        while (transport.Poll(path.Now, datagram) is > 0 and var length)
        {
            path.Send(datagram.AsSpan(0, length));
        }
    }

    private void TakeLines()
    {
        while (lines.Reader.TryRead(out string? line))
        {
            try
            {
                if (line is null)
                {
                    hasInputEnded = true;
                }
                else if (JsonSerializer.Deserialize<Line>(line, JsonSerializerOptions.Web) is { Sdp: { } sdp } said)
                {
                    Take(said.Type, PeerDescription.Read(sdp));
                }
            }
            catch (Exception mistake) when (mistake is ProtocolException or JsonException)
            {
                Console.Error.WriteLine(mistake.Message);
            }
        }
    }

    private void Take(string? type, PeerDescription peer)
    {
        bool isClient = isOfferer ? peer.Setup == "passive" : peer.Setup != "active";
        transport = new DataTransport(
            new OpenSslDtls(identity, peer.Fingerprint, isClient), new SctpAssociation(new SctpOptions { RemotePort = peer.SctpPort }, SystemRandomSource.Instance), isClient);
        if (type == "offer")
        {
            Describe("answer", peer.Mid, isClient ? "active" : "passive");
        }
        else
        {
            transport.Channels.Open(path.Now, new ChannelTerms { Label = "lab" });
        }
    }

    private void Describe(string type, string mid, string setup)
    {
        Write(new { type, sdp = path.Describe(mid, setup, identity.Fingerprint) });
        foreach (string candidate in path.Candidates)
        {
            Write(new { type = "candidate", candidate, sdpMid = mid, sdpMLineIndex = 0 });
        }
    }

    private static void Write(object line) => Console.Out.WriteLine(JsonSerializer.Serialize(line));

    private sealed record Line(string? Type, string? Sdp);
}
