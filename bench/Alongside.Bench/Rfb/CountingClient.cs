using System.Buffers.Binary;
using System.Net.Sockets;

namespace Alongside.Bench.Rfb;

/// <summary>
/// A VNC viewer that shows nothing: asks for the next update as soon as one has come, counts its bytes and throws it away. Tight, with
/// compression level 2; without a quality level, so that nothing is lossy, or with the one TigerVNC's viewer asks for by default.
/// </summary>
internal sealed class CountingClient : IDisposable
{
    private const int Tight = 7;
    private const int QualityLevel8 = -24;
    private readonly TcpClient socket;
    private readonly NetworkStream stream;
    private readonly RfbReader reader;
    private readonly Thread loop;
    private long bytes;
    private long updates;

    public CountingClient(int port, bool lossy)
    {
        socket = new TcpClient("127.0.0.1", port) { NoDelay = true };
        stream = socket.GetStream();
        reader = new RfbReader(new BufferedStream(stream, 1 << 16));
        (Width, Height) = Greeting.Exchange(
            stream, reader, [Tight, Greeting.CopyRectangle, Greeting.Cursor, Greeting.LastRectangle, Greeting.CompressLevel2, .. lossy ? (int[])[QualityLevel8] : []]);
        loop = new Thread(Receive) { IsBackground = true };
        loop.Start();
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Bytes of whole updates so far.</summary>
    public long Bytes => Volatile.Read(ref bytes);

    public long Updates => Volatile.Read(ref updates);

    public void Dispose()
    {
        socket.Dispose();
        loop.Join();
    }

    private void Receive()
    {
        try
        {
            Ask(incremental: false);
            while (true)
            {
                ReceiveMessage();
            }
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            // The measurement has closed the socket.
        }
    }

    private void ReceiveMessage()
    {
        switch (reader.U8())
        {
            case 0:
                Ask(incremental: true);
                ReceiveUpdate();
                Volatile.Write(ref bytes, reader.Count);
                Volatile.Write(ref updates, updates + 1);
                break;
            case 2:
                break;
            case 3:
                reader.Skip(3);
                reader.Skip(reader.S32());
                break;
            case var type:
                throw new InvalidDataException($"A VNC message of type {type} was not asked for.");
        }
    }

    private void ReceiveUpdate()
    {
        reader.Skip(1);
        for (int left = reader.U16(); left > 0; left--)
        {
            reader.Skip(4);
            int width = reader.U16(), height = reader.U16(), encoding = reader.S32();
            switch (encoding)
            {
                case Tight: TightRectangle.Skip(reader, width, height); break;
                case Greeting.CopyRectangle: reader.Skip(4); break;
                case Greeting.Cursor: reader.Skip(((long)width * height * 4) + ((width + 7) / 8 * height)); break;
                case 0: reader.Skip((long)width * height * 4); break;
                case Greeting.LastRectangle: return;
                default: throw new InvalidDataException($"A rectangle in encoding {encoding} was not asked for.");
            }
        }
    }

    private void Ask(bool incremental)
    {
        Span<byte> request = stackalloc byte[10];
        request[0] = 3;
        request[1] = incremental ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16BigEndian(request[6..], (ushort)Width);
        BinaryPrimitives.WriteUInt16BigEndian(request[8..], (ushort)Height);
        stream.Write(request);
    }
}
