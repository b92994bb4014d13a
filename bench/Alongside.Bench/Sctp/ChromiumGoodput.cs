using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Screens;
using Alongside.Rtc.Sdp;

namespace Alongside.Bench.Sctp;

/// <summary>
/// One data channel from the product's driver to a page in Chromium, on loopback: with packets that every path carries and with those that are as long as this one does, in turns. The page fetches
/// each offer here, answers, and says how long it took from the first message to the last, after so many that everything is compiled; and then what one page gets through between two ends of its
/// own, which is to be held against it: most of the time is the browser's.
/// </summary>
internal static class ChromiumGoodput
{
    private const int Turns = 4;
    private const long Warm = 16L * 1024 * 1024, Bytes = 96L * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static object Measure()
    {
        using var listener = new HttpListener();
        string address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Programs.FreePort()}/");
        listener.Prefixes.Add(address);
        listener.Start();
        using var programs = new Programs();
        programs.StartHeadless(address);
        using var process = Process.GetCurrentProcess();
        var turns = new List<object>();
        MeasuredPeer? peer = null;
        var busy = TimeSpan.Zero;
        double browserBusy = 0, alone = 0;
        while (alone == 0)
        {
            var context = listener.GetContextAsync().WaitAsync(Patience).GetAwaiter().GetResult();
            using var reader = new StreamReader(context.Request.InputStream);
            string said = reader.ReadToEnd(), answer = "";
            switch (context.Request.Url!.AbsolutePath)
            {
                case "/":
                    Answer(context, "text/html", Page);
                    continue;
                case "/offer":
                    peer = new MeasuredPeer(offers: true, sctp: turns.Count % 2 == 0 ? new() { MaxTried = 0 } : null);
                    answer = peer.Description.Write(1);
                    break;
                case "/answer":
                    peer!.Connection.SetRemote(SessionDescription.Read(said));
                    peer.Fill(Warm + Bytes);
                    break;
                case "/warm":
                    process.Refresh();
                    busy = process.TotalProcessorTime;
                    browserBusy = BrowserTime();
                    break;
                case "/done":
                    process.Refresh();
                    turns.Add(Row(peer!, double.Parse(said, CultureInfo.InvariantCulture), process.TotalProcessorTime - busy, BrowserTime() - browserBusy));
                    peer!.DisposeAsync().AsTask().GetAwaiter().GetResult();
                    break;
                case "/alone":
                    alone = double.Parse(said, CultureInfo.InvariantCulture);
                    break;
            }

            Answer(context, "text/plain", answer);
        }

        return new { megabytes = Bytes / 1024 / 1024, turns, chromiumToItselfMegabits = Math.Round(Bytes * 8 / 1e3 / alone), aim = "300 on the clock" };

        double BrowserTime() => ProcessTree.CpuMs(ProcessTree.Of(programs.Ids));
    }

    private static object Row(MeasuredPeer peer, double milliseconds, TimeSpan busy, double browserBusy)
    {
        var seen = peer.Connection.Statistics();
        return new
        {
            setUpMs = Math.Round(peer.SetUp.TotalMilliseconds, 1),
            longestPacket = seen.LongestPacket,
            megabitsOnTheClock = Math.Round(Bytes * 8 / 1e3 / milliseconds),
            megabitsASendingCore = Math.Round(Bytes * 8 / 1e6 / busy.TotalSeconds),
            megabitsACoreOfChromiums = Math.Round(Bytes * 8 / 1e3 / browserBusy),
            retransmitted = seen.Retransmitted,
            roundTripMs = seen.RoundTrip / 1000.0,
            window = seen.CongestionWindow,
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

        (async () => {
          for (let turn = 0; turn < {{Turns}}; turn++) await takeFromUs();
          await takeFromItself();
        })();
        </script>
        """;
}
