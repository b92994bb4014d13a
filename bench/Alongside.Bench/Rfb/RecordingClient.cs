using System.Buffers.Binary;
using System.Net.Sockets;

namespace Alongside.Bench.Rfb;

/// <summary>A VNC viewer that keeps every byte it is sent after the handshake, without looking at them. It offers one encoding beside copies; every pixel is exact.</summary>
internal sealed class RecordingClient : IDisposable
{
    /// <summary>Bytes that are kept; whoever sends more is not asked again.</summary>
    private const long Most = 400_000_000;

    private const int AskMs = 15;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1.5);
    private readonly TcpClient socket;
    private readonly MemoryStream kept = new();
    private readonly Thread reading;
    private readonly Thread asking;
    private long receivedAt = Environment.TickCount64;
    private volatile bool finished;
    private volatile bool full;

    public RecordingClient(int port, int encoding)
    {
        socket = new TcpClient("127.0.0.1", port) { NoDelay = true };
        var stream = socket.GetStream();
        (Width, Height) = Greeting.Exchange(stream, new RfbReader(stream), [encoding, Greeting.CopyRectangle, Greeting.Cursor, Greeting.LastRectangle, Greeting.CompressLevel2]);
        reading = new Thread(() => Read(stream)) { IsBackground = true };
        asking = new Thread(() => Ask(stream)) { IsBackground = true };
        reading.Start();
        asking.Start();
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Asks no more, and waits until everything that was asked for has come.</summary>
    public byte[] Finish()
    {
        finished = true;
        asking.Join();
        while (Environment.TickCount64 - Volatile.Read(ref receivedAt) < Quiet.TotalMilliseconds)
        {
            Thread.Sleep(50);
        }

        Dispose();
        return kept.ToArray();
    }

    public void Dispose()
    {
        finished = true;
        socket.Dispose();
        reading.Join();
    }

    private void Read(NetworkStream stream)
    {
        byte[] buffer = new byte[256 * 1024];
        try
        {
            int count;
            while ((count = stream.Read(buffer)) > 0)
            {
                kept.Write(buffer, 0, count);
                Volatile.Write(ref receivedAt, Environment.TickCount64);
                full = kept.Length > Most;
            }
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            // The recording is over.
        }
    }

    private void Ask(NetworkStream stream)
    {
        byte[] request = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(6), (ushort)Width);
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(8), (ushort)Height);
        while (!finished && !full)
        {
            stream.Write(request);
            request[1] = 1;
            Thread.Sleep(AskMs);
        }
    }
}
