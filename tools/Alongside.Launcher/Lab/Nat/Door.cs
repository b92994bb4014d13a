using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Alongside.Launcher.Lab.Nat;

/// <summary>Connections from here into another network namespace. A socket belongs to the one its thread was in when it was made, so a thread goes there to make it.</summary>
internal static partial class Door
{
    private const int NewNetwork = 0x40000000;

    /// <summary>For HTTP and WebSockets to programs in it. Its certificates are our own server's.</summary>
    public static HttpClient Client(Space space) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancel) =>
        {
            var socket = Make(space);
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint.Host is "127.0.0.1" ? new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port)
                    : throw new NotSupportedException("Only what is on the machine itself is asked."), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
        SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        UseProxy = false,
    });

    private static Socket Make(Space space)
    {
        Socket? made = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var place = File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"/proc/{space.Id}/ns/net"));
                if (SetNamespace(place, NewNetwork) != 0)
                {
                    throw new Win32Exception();
                }

                made = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            }
            catch (Exception e) when (e is Win32Exception or IOException or SocketException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return made ?? throw new IOException("There is no way into a network namespace.", failure);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle place, int kind);
}
