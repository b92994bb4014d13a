using System.Net.Sockets;
using Alongside.Bench.Screens;
using Alongside.Vnc.Client;

namespace Alongside.Bench.VncDecode;

/// <summary>Processor time that a recorded session takes, from the socket to pixels in memory, in milliseconds.</summary>
internal static class Decoders
{
    /// <summary>Ours: a thread that reads and decodes. Also how many pixels there are.</summary>
    public static (double Ms, long Pixels) Ours(RecordedSession session)
    {
        using var server = new ReplayServer(session);
        (double Ms, long Pixels) result = default;
        Exception? failure = null;
        var decoding = new Thread(() =>
        {
            try
            {
                result = Decode(server.Port, session.Bytes.Length + ReplayServer.FenceLength);
            }
            catch (Exception wrong)
            {
                failure = wrong;
            }
        });
        decoding.Start();
        server.Play(static () => { }, static () => { });
        decoding.Join();
        return failure is null ? result : throw new InvalidOperationException($"Our decoder failed: {failure.Message}", failure);
    }

    /// <summary>TigerVNC's viewer, all its threads, with a window too small for its painting to count.</summary>
    public static double Tiger(RecordedSession session)
    {
        using var server = new ReplayServer(session);
        using var programs = new Programs();
        string display = programs.StartScreen("800x600");
        var viewer = programs.Start("xtigervncviewer",
            ["-AutoSelect=0", $"-PreferredEncoding={session.Encoding}", "-FullColour=1", "-NoJPEG=1", "-RemoteResize=0", "-AlertOnFatalError=0", "-ReconnectOnError=0", "-geometry=64x64", $"127.0.0.1::{server.Port}"], display);
        double before = 0, after = 0;
        server.Play(() => before = ProcessTime.Of(viewer.Id), () => after = ProcessTime.Of(viewer.Id));
        return after - before;
    }

    private static (double Ms, long Pixels) Decode(int port, long length)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect("127.0.0.1", port);
        using var client = new RfbClient(new RfbClientOptions());
        byte[] buffer = new byte[256 * 1024];
        double before = 0;
        long now = 0;
        for (long left = length; left > 0;)
        {
            bool wasReady = client.IsReady;
            int count = socket.Receive(buffer);
            if (count == 0)
            {
                throw new InvalidOperationException("The session ended before its end.");
            }

            client.Handle(++now, buffer.AsSpan(0, count));
            while (client.TryPoll(out _))
            {
            }

            client.Taken();
            while (client.TryPollOutput(out var bytes))
            {
                socket.Send(bytes.Span);
            }

            if (wasReady)
            {
                left -= count;
            }
            else
            {
                before = ThreadClock.Milliseconds;
            }
        }

        double spent = ThreadClock.Milliseconds - before;
        return (spent, client.PixelsPainted);
    }
}
