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
    private const int CopyRectangle = 1;
    private const int Cursor = -239;
    private const int LastRectangle = -224;
    private const int CompressLevel2 = -254;
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
        (Width, Height) = Greet(lossy);
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

    private (int Width, int Height) Greet(bool lossy)
    {
        reader.Skip(12);
        stream.Write("RFB 003.008\n"u8);
        reader.Skip(reader.U8());
        stream.WriteByte(1);
        if (reader.S32() != 0)
        {
            throw new InvalidDataException("The VNC server refused a viewer without a password.");
        }

        stream.WriteByte(1);
        int width = reader.U16(), height = reader.U16();
        reader.Skip(16);
        reader.Skip(reader.S32());
        stream.Write([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);
        int[] encodings = [Tight, CopyRectangle, Cursor, LastRectangle, CompressLevel2, .. lossy ? (int[])[QualityLevel8] : []];
        byte[] message = new byte[4 + (encodings.Length * 4)];
        message[0] = 2;
        message[3] = (byte)encodings.Length;
        for (int i = 0; i < encodings.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4 + (i * 4)), encodings[i]);
        }

        stream.Write(message);
        return (width, height);
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
                case CopyRectangle: reader.Skip(4); break;
                case Cursor: reader.Skip(((long)width * height * 4) + ((width + 7) / 8 * height)); break;
                case 0: reader.Skip((long)width * height * 4); break;
                case LastRectangle: return;
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
