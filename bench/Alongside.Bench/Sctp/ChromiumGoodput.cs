using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Screens;
using Alongside.Rtc.Sdp;

namespace Alongside.Bench.Sctp;

/// <summary>
/// One data channel from the product's driver to a page in Chromium, on loopback. The page fetches the offer here, answers, and says how long it took from the first
/// message to the last, after so many that everything is compiled; and then what one page gets through between two ends of its own, which is to be held against it:
/// most of the time is the browser's.
/// </summary>
internal static class ChromiumGoodput
{
    private const long Warm = 32L * 1024 * 1024, Bytes = 128L * 1024 * 1024;
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
        double milliseconds = 0, browserBusy = 0, alone = 0;
        while (alone == 0)
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
                    peer.Fill(Warm + Bytes);
                    break;
                case "/warm":
                    Answer(context, "text/plain", "");
                    process.Refresh();
                    busy = process.TotalProcessorTime;
                    browserBusy = BrowserTime();
                    break;
                case "/done":
                    Answer(context, "text/plain", "");
                    process.Refresh();
                    busy = process.TotalProcessorTime - busy;
                    browserBusy = BrowserTime() - browserBusy;
                    milliseconds = double.Parse(said, CultureInfo.InvariantCulture);
                    break;
                case "/alone":
                    Answer(context, "text/plain", "");
                    alone = double.Parse(said, CultureInfo.InvariantCulture);
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
            chromiumToItselfMegabits = Math.Round(Bytes * 8 / 1e3 / alone),
            megabitsOnTheClock = Math.Round(Bytes * 8 / 1e3 / milliseconds),
            megabitsASendingCore = Math.Round(Bytes * 8 / 1e6 / busy.TotalSeconds),
            megabitsACoreOfChromiums = Math.Round(Bytes * 8 / 1e3 / browserBusy),
            retransmitted = seen.Retransmitted,
            roundTripMs = seen.RoundTrip / 1000.0,
            window = seen.CongestionWindow,
            aim = "300 on the clock",
        };

        double BrowserTime() => ProcessTree.CpuMs(ProcessTree.Of(programs.Ids));
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
        const gathered = (pc) => new Promise((done) => {
          const look = () => { if (pc.iceGatheringState === 'complete') done(); };
          pc.onicegatheringstatechange = look;
          look();
        });

        /** Milliseconds from when it is warm to the last byte. */
        const take = (pc, warmed) => new Promise((done) => {
          let bytes = 0, first;
          pc.ondatachannel = ({ channel }) => {
            channel.binaryType = 'arraybuffer';
            channel.onmessage = ({ data }) => {
              bytes += data.byteLength;
              if (first === undefined && bytes >= {{Warm}}) {
                first = performance.now();
                warmed();
              }
              if (bytes >= {{Warm + Bytes}}) done(performance.now() - first);
            };
          };
        });

        async function takeFromUs() {
          const pc = new RTCPeerConnection();
          const took = take(pc, () => fetch('/warm'));
          await pc.setRemoteDescription({ type: 'offer', sdp: await (await fetch('/offer')).text() });
          await pc.setLocalDescription(await pc.createAnswer());
          await gathered(pc);
          await fetch('/answer', { method: 'POST', body: pc.localDescription.sdp });
          await fetch('/done', { method: 'POST', body: String(await took) });
          pc.close();
        }

        async function takeFromItself() {
          const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()];
          const took = take(to, () => {});
          const channel = from.createDataChannel('measured');
          await from.setLocalDescription(await from.createOffer());
          await gathered(from);
          await to.setRemoteDescription(from.localDescription);
          await to.setLocalDescription(await to.createAnswer());
          await gathered(to);
          await from.setRemoteDescription(to.localDescription);
          const message = new Uint8Array({{MeasuredPeer.Message}});
          let left = {{Warm + Bytes}};
          const fill = () => {
            for (; left > 0 && channel.bufferedAmount < 2e6; left -= message.length) channel.send(message);
          };
          channel.bufferedAmountLowThreshold = 1e6;
          channel.onopen = channel.onbufferedamountlow = fill;
          await fetch('/alone', { method: 'POST', body: String(await took) });
        }

        takeFromUs().then(takeFromItself);
        </script>
        """;
}
