using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alongside.Core.Wire;
using Alongside.Net.Rtc;
using Alongside.Rtc.DataChannels;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Sdp;

namespace Alongside.Launcher.Lab;

/// <summary>
/// `./alongside lab echo`: a peer on standard streams, as the field's interop matrices want one. Each line is a JSON object: descriptions and candidates, in and out; <c>{"type":"restart"}</c> has
/// who offers begin ICE anew. Every message of every channel goes back as it came, until standard input ends.
/// </summary>
internal sealed class Echo : IPeerOwner
{
    private readonly PeerConnection peer;
    private readonly TextWriter output;
    private readonly BlockingCollection<Action> later = [];
    private readonly bool offers;
    private readonly ulong session = (ulong)Random.Shared.NextInt64();
    private bool hasDescribed;
    private int described;
    private readonly List<IceCandidate> early = [];

    private Echo(bool offers, bool withLoopback, TextWriter output)
    {
        this.offers = offers;
        this.output = output;
        peer = new(offers, new IceDriverOptions { WithLoopback = withLoopback, Ice = new() { Pacing = 20_000 } }, TimeProvider.System, this, ChannelSet.Most);
    }

    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output)
    {
        foreach (var argument in args)
        {
            if (argument is not ("--offer" or "--loopback"))
            {
                Console.Error.WriteLine($"alongside lab echo: \"{argument}\" is no option; there are --offer and --loopback.");
                return 2;
            }
        }

        var echo = new Echo(args.Contains("--offer"), args.Contains("--loopback"), output);
        var telling = Task.Run(echo.Tell);
        try
        {
            echo.Begin();
            while (await input.ReadLineAsync() is { } line)
            {
                echo.Read(line);
            }
        }
        catch (Exception wrong) when (wrong is ProtocolException or JsonException or InvalidOperationException or FormatException)
        {
            Console.Error.WriteLine($"alongside lab echo: {wrong.Message}");
            return 1;
        }
        finally
        {
            await echo.peer.DisposeAsync();
            echo.later.CompleteAdding();
            await telling;
        }

        return 0;
    }

    /// <summary>As much may wait to go back; the rest waits at the peer.</summary>
    long IPeerOwner.MostBuffered => 4 * 1024 * 1024;

    void IPeerOwner.Happened(IceEvent e)
    {
        switch (e)
        {
            case IceEvent.LocalCandidate local:
                later.Add(() => Candidate(local.Candidate));
                break;
            case IceEvent.Restarted restarted:
                later.Add(() => Describe(offers ? "offer" : "answer", restarted.Credentials));
                break;
            case IceEvent.StateChanged changed:
                later.Add(() => Console.Error.WriteLine($"ice: {changed.State}"));
                break;
            case IceEvent.Selected selected:
                later.Add(() => Console.Error.WriteLine($"path: {CandidateLine.Write(selected.Pair.Local)} | {CandidateLine.Write(selected.Pair.Remote)}"));
                break;
        }
    }

    void IPeerOwner.Opened() => later.Add(() => Console.Error.WriteLine("open"));

    void IPeerOwner.Happened(in ChannelEvent e)
    {
        if (e.Kind == ChannelEventKind.Message)
        {
            peer.TrySend(e.Channel, e.IsText, e.Data);
        }
    }

    void IPeerOwner.Ended(string reason) => later.Add(() => Console.Error.WriteLine($"ended: {reason}"));

    private void Begin()
    {
        if (offers)
        {
            peer.Open(new() { Label = "echo" });
            later.Add(() => Describe("offer"));
            peer.Start();
        }
    }

    private void Read(string line)
    {
        if (line.Length == 0 || JsonNode.Parse(line) is not JsonObject message)
        {
            return;
        }

        switch ((string?)message["type"])
        {
            case "offer" or "answer":
                peer.SetRemote(SessionDescription.Read((string?)message["sdp"] ?? ""));
                if (!offers && !hasDescribed)
                {
                    peer.Start();
                    later.Add(() => Describe("answer"));
                }

                break;
            case "restart" when offers:
                peer.Restart();
                break;
            case "candidate" when (string?)message["candidate"] is { Length: > 0 } text:
                if (CandidateLine.Read(text) is { } candidate)
                {
                    peer.AddRemote(candidate);
                }

                break;
        }
    }

    /// <summary>Lines leave in one order, from one thread.</summary>
    private void Tell()
    {
        foreach (var tell in later.GetConsumingEnumerable())
        {
            tell();
        }
    }

    private void Describe(string type, IceCredentials? restarted = null)
    {
        var description = peer.Describe(restarted);
        Write(new() { ["type"] = type, ["sdp"] = description.Write(session, ++described) });
        hasDescribed = true;
        foreach (var candidate in early)
        {
            Candidate(candidate);
        }

        early.Clear();
    }

    private void Candidate(IceCandidate candidate)
    {
        if (!hasDescribed)
        {
            early.Add(candidate);
            return;
        }

        Write(new() { ["type"] = "candidate", ["candidate"] = CandidateLine.Write(candidate), ["sdpMid"] = peer.Describe().Mid });
    }

    private void Write(JsonObject message)
    {
        output.WriteLine(message.ToJsonString());
        output.Flush();
    }
}
