using System.Net;
using System.Net.Sockets;

namespace Alongside.Net.Tests.Vnc;

/// <summary>A VNC server that says what a test makes it say.</summary>
internal sealed class ScriptedServer : IDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public ScriptedServer() => listener.Start();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Somebody has come who was not taken.</summary>
    public bool HasPending => listener.Pending();

    /// <summary>A desktop of 8 by 8 pixels, as the handshake's last message.</summary>
    public static byte[] Desktop => [0, 8, 0, 8, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0, 0, 0, 0, 4, .. "Desk"u8];

    public async Task<Connection> AcceptAsync() => new(await listener.AcceptSocketAsync().WaitAsync(Deadline));

    public void Dispose() => listener.Dispose();

    internal sealed class Connection(Socket socket) : IDisposable
    {
        private readonly NetworkStream stream = new(socket, ownsSocket: true);

        public Task SayAsync(ReadOnlySpan<byte> bytes) => stream.WriteAsync(bytes.ToArray()).AsTask();

        public async Task<byte[]> HearAsync(int count)
        {
            byte[] heard = new byte[count];
            await stream.ReadExactlyAsync(heard).AsTask().WaitAsync(Deadline);
            return heard;
        }

        /// <summary>What a client says that has the desktop: that it shares it, its format, its encodings, and that it wants all of the picture.</summary>
        public async Task HearWishesAsync()
        {
            await HearAsync(1 + 20);
            byte[] encodings = await HearAsync(4);
            await HearAsync((4 * encodings[3]) + 10);
        }

        /// <summary>Without security, up to the desktop.</summary>
        public async Task LetInAsync()
        {
            await SayAsync("RFB 003.008\n"u8);
            await HearAsync(12);
            await SayAsync([1, 1]);
            await HearAsync(1);
            await SayAsync([0, 0, 0, 0, .. Desktop]);
        }

        public void Dispose() => stream.Dispose();
    }
}
