using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Alongside.Bench.VncDecode;

/// <summary>
/// A VNC server for one viewer that says what another one said, as fast as the viewer takes it, whatever that asks for; and a fence behind it, which comes back when
/// all of it has been decoded.
/// </summary>
internal sealed class ReplayServer : IDisposable
{
    private const double PatienceSeconds = 60;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(0.7);
    private static readonly byte[] Mark = Encoding.ASCII.GetBytes("all of the session");
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly RecordedSession session;

    public ReplayServer(RecordedSession session)
    {
        this.session = session;
        listener.Start();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What comes behind the handshake, for whoever counts.</summary>
    public static int FenceLength => 9 + Mark.Length;

    /// <summary>Serves the next viewer.</summary>
    /// <param name="begins">It is there and has asked, and nothing of the session has been said.</param>
    /// <param name="ends">It has decoded everything.</param>
    public void Play(Action begins, Action ends)
    {
        using var socket = listener.AcceptSocket();
        socket.NoDelay = true;
        using var stream = new NetworkStream(socket) { ReadTimeout = (int)(PatienceSeconds * 1000) };
        Greet(stream);

        // It asks for encodings and the first update, and has then nothing more to say.
        Skip(stream, socket);
        begins();
        var returned = Task.Run(() => WaitForMark(stream));
        stream.Write(session.Bytes);
        stream.Write([248, 0, 0, 0, 0x80, 0, 0, 1, (byte)Mark.Length, .. Mark]);
        if (!returned.Wait(TimeSpan.FromSeconds(PatienceSeconds)) || !returned.Result)
        {
            throw new InvalidOperationException("The viewer did not come to the session's end.");
        }

        ends();
    }

    public void Dispose() => listener.Stop();

    private void Greet(NetworkStream stream)
    {
        byte[] heard = new byte[64];
        stream.Write("RFB 003.008\n"u8);
        stream.ReadExactly(heard, 0, 12);
        stream.Write([1, 1]);
        stream.ReadExactly(heard, 0, 1);
        stream.Write([0, 0, 0, 0]);
        stream.ReadExactly(heard, 0, 1);
        byte[] init = [0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0, 0, 0, 0, 6, .. "Replay"u8];
        BinaryPrimitives.WriteUInt16BigEndian(init, (ushort)session.Width);
        BinaryPrimitives.WriteUInt16BigEndian(init.AsSpan(2), (ushort)session.Height);
        stream.Write(init);
    }

    private static void Skip(NetworkStream stream, Socket socket)
    {
        byte[] heard = new byte[4096];
        _ = stream.Read(heard);
        while (socket.Poll(Quiet, SelectMode.SelectRead))
        {
            if (stream.Read(heard) == 0)
            {
                throw new InvalidOperationException("The viewer left.");
            }
        }
    }

    private static bool WaitForMark(NetworkStream stream)
    {
        byte[] heard = new byte[64 * 1024];
        int kept = 0, count;
        while ((count = stream.Read(heard, kept, heard.Length - kept)) > 0)
        {
            int end = kept + count;
            if (heard.AsSpan(0, end).IndexOf(Mark) >= 0)
            {
                return true;
            }

            kept = Math.Min(end, Mark.Length);
            heard.AsSpan(end - kept, kept).CopyTo(heard);
        }

        return false;
    }
}
