using System.Runtime.InteropServices;
using System.Text;

namespace Alongside.Bench.Links;

/// <summary>One end of a point-to-point interface whose packets this process carries (the kernel's tun device). Needs root.</summary>
internal sealed unsafe partial class Tun : IDisposable
{
    private const int ReadWrite = 2;
    private const int NonBlocking = 0x800;
    private const nuint SetInterface = 0x400454ca;
    private const short TunWithoutHeader = 0x1001;

    public Tun(string name)
    {
        Handle = Open("/dev/net/tun", ReadWrite | NonBlocking);
        byte* request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, 15));
        *(short*)(request + 16) = TunWithoutHeader;
        if (Handle < 0 || Control(Handle, SetInterface, request) < 0)
        {
            throw new InvalidOperationException("A slow link needs root: it is made of network namespaces and tun devices.");
        }
    }

    public int Handle { get; }

    public bool TryRead(Span<byte> buffer, out int length)
    {
        fixed (byte* bytes = buffer)
        {
            length = (int)Read(Handle, bytes, (nuint)buffer.Length);
        }

        return length > 0;
    }

    public void Write(ReadOnlySpan<byte> packet)
    {
        fixed (byte* bytes = packet)
        {
            _ = Write(Handle, bytes, (nuint)packet.Length);
        }
    }

    public void Dispose() => _ = Close(Handle);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int handle, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int handle, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int handle, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
