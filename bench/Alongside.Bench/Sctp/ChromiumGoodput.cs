using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Alongside.Bench.Screens;
using Alongside.Rtc.Sdp;

namespace Alongside.Bench.Sctp;

/// <summary>
/// One data channel from the product's driver to a page in Chromium, on loopback. The page fetches the offer here, answers, and says how long it took from the first
/// message to the last.
/// </summary>
internal static class ChromiumGoodput
{
    private const long Bytes = 200L * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static object Measure()
    {
        using var listener = new HttpListener();
        string address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Programs.FreePort()}/");
        listener.Prefixes.Add(address);
        listener.Start();
        var peer = new MeasuredPeer(offers: true);
        using var programs = new Programs();
        programs.StartHeadless(address);
        using var process = Process.GetCurrentProcess();
        var busy = TimeSpan.Zero;
        double milliseconds = 0;
        while (milliseconds == 0)
        {
            var context = listener.GetContextAsync().WaitAsync(Patience).GetAwaiter().GetResult();
            using var reader = new StreamReader(context.Request.InputStream);
            string said = reader.ReadToEnd();
            switch (context.Request.Url!.AbsolutePath)
            {
                case "/":
                    Answer(context, "text/html", Page);
                    break;
                case "/offer":
                    Answer(context, "text/plain", peer.Description.Write(1));
                    break;
                case "/answer":
                    Answer(context, "text/plain", "");
                    peer.Connection.SetRemote(SessionDescription.Read(said));
                    busy = process.TotalProcessorTime;
                    peer.Fill(Bytes);
                    break;
                case "/done":
                    Answer(context, "text/plain", "");
                    process.Refresh();
                    busy = process.TotalProcessorTime - busy;
                    milliseconds = double.Parse(said, CultureInfo.InvariantCulture);
                    break;
                default:
                    Answer(context, "text/plain", "");
                    break;
            }
        }

        var seen = peer.Connection.Statistics();
        peer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return new
        {
            megabytes = Bytes / 1024 / 1024,
            megabitsOnTheClock = Math.Round(Bytes * 8 / 1e3 / milliseconds),
            megabitsASendingCore = Math.Round(Bytes * 8 / 1e6 / busy.TotalSeconds),
            retransmitted = seen.Retransmitted,
            roundTripMs = seen.RoundTrip / 1000.0,
            window = seen.CongestionWindow,
            aim = "300 on the clock",
        };
    }

    private static void Answer(HttpListenerContext context, string type, string text)
    {
        byte[] body = Encoding.UTF8.GetBytes(text);
        context.Response.ContentType = type;
        context.Response.ContentLength64 = body.Length;
        context.Response.Close(body, willBlock: true);
    }

    private static readonly string Page = $$"""
        <!doctype html><title>bench</title><script>
        (async () => {
          const pc = new RTCPeerConnection();
          const took = new Promise((done) => {
            let bytes = 0, first;
            pc.ondatachannel = ({ channel }) => {
              channel.binaryType = 'arraybuffer';
              channel.onmessage = ({ data }) => {
                first ??= performance.now();
                bytes += data.byteLength;
                if (bytes >= {{Bytes}}) done(performance.now() - first);
              };
            };
          });
          await pc.setRemoteDescription({ type: 'offer', sdp: await (await fetch('/offer')).text() });
          await pc.setLocalDescription(await pc.createAnswer());
          await new Promise((done) => {
            const look = () => { if (pc.iceGatheringState === 'complete') done(); };
            pc.onicegatheringstatechange = look;
            look();
          });
          await fetch('/answer', { method: 'POST', body: pc.localDescription.sdp });
          await fetch('/done', { method: 'POST', body: String(await took) });
        })();
        </script>
        """;
}
