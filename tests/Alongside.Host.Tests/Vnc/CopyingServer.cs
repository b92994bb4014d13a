using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Alongside.Core.Pixels;
using Alongside.Host.Tests.Linux;

namespace Alongside.Host.Tests.Vnc;

/// <summary>A VNC server for one client that shows noise, which nothing makes smaller, and copies parts of it when it is told to.</summary>
internal sealed class CopyingServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource<NetworkStream> here = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task serving;

    public CopyingServer(int width, int height)
    {
        Screen = new(width, height);
        new Random(8).NextBytes(Screen.Bytes);
        listener.Start();
        serving = ServeAsync();
    }

    public Frame Screen { get; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The area is now also where it would be when moved by this much.</summary>
    public async Task CopyAsync(PixelRect source, int deltaX, int deltaY)
    {
        uint[] rows = [.. Enumerable.Range(source.Y, source.Height).SelectMany(y => Screen.Row(y, source.X, source.Width).ToArray())];
        for (int y = 0; y < source.Height; y++)
        {
            rows.AsSpan(y * source.Width, source.Width).CopyTo(Screen.Row(source.Y + deltaY + y, source.X + deltaX, source.Width));
        }

        byte[] update = [0, 0, 0, 1, .. Rectangle(source with { X = source.X + deltaX, Y = source.Y + deltaY }, 1), .. U16(source.X), .. U16(source.Y)];
        await (await here.Task).WriteAsync(update);
    }

    public void Dispose()
    {
        listener.Stop();
        if (here.Task.IsCompletedSuccessfully)
        {
            here.Task.Result.Dispose();
        }

        Assert.True(serving.Wait(Until.Deadline), "It is still serving.");
    }

    private async Task ServeAsync()
    {
        try
        {
            var stream = new NetworkStream(await listener.AcceptSocketAsync(), ownsSocket: true);
            byte[] heard = new byte[4096];
            await stream.WriteAsync("RFB 003.008\n"u8.ToArray());
            await stream.ReadExactlyAsync(heard.AsMemory(0, 12));
            await stream.WriteAsync(new byte[] { 1, 1 });
            await stream.ReadExactlyAsync(heard.AsMemory(0, 1));
            await stream.WriteAsync(new byte[4]);
            await stream.ReadExactlyAsync(heard.AsMemory(0, 1));
            byte[] init = [.. U16(Screen.Width), .. U16(Screen.Height), 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0, 0, 0, 0, 5, .. "Noise"u8];
            await stream.WriteAsync(init);

            // Whatever it says now, it wants the picture in the format that was named.
            await stream.ReadExactlyAsync(heard.AsMemory(0, 1));
            byte[] update = [0, 0, 0, 1, .. Rectangle(Screen.Bounds, 0), .. MemoryMarshal.AsBytes(Screen.Pixels)];
            await stream.WriteAsync(update);
            here.SetResult(stream);
            while (await stream.ReadAsync(heard) > 0)
            {
            }
        }
        catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException)
        {
            // The test is.
        }
    }

    private static byte[] Rectangle(PixelRect area, byte encoding) => [.. U16(area.X), .. U16(area.Y), .. U16(area.Width), .. U16(area.Height), 0, 0, 0, encoding];

    private static byte[] U16(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
