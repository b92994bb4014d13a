using System.Buffers.Binary;
using System.Net.Sockets;
using Alongside.Host.Native;

namespace Alongside.Host.Doctor.Running.Linux;

/// <summary>
/// <c>$XDG_RUNTIME_DIR/alongside</c>, or where that names nothing of this user's, the same in the folder that systemd has for them; else a folder under the temporary one. One that is a link, belongs
/// to somebody else, or that others may enter, is not used: whoever made it could put a socket of theirs there.
/// </summary>
/// <param name="runtime">What XDG_RUNTIME_DIR says; null: nothing.</param>
/// <param name="temporary">Where everybody may make folders.</param>
internal sealed class LinuxOwnPlaces(string? runtime, string temporary) : IOwnPlaces
{
    private const UnixFileMode Ours = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    private readonly uint user = LibC.EffectiveUser();

    public LinuxOwnPlaces()
        : this(Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), Path.GetTempPath())
    {
    }

    public IReadOnlyList<string> Folders(bool make) => [.. Candidates().Where(folder => IsOurs(folder) || (make && TryMake(folder)))];

    /// <summary>
    /// <code>
    /// struct ucred: s32 process | u32 user | u32 group
    /// </code>
    /// </summary>
    public bool IsOurs(Socket connected)
    {
        Span<byte> peer = stackalloc byte[12];
        return connected.GetRawSocketOption(SocketLevel, PeerCredentials, peer) == peer.Length
            && (BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(peer[4..]) : BinaryPrimitives.ReadUInt32BigEndian(peer[4..])) is var who
            && (who == user || who == 0);
    }

    private IEnumerable<string> Candidates()
    {
        // Somebody else's is named where a program was started with their environment (sudo).
        string own = runtime is not null && Path.IsPathFullyQualified(runtime) && IsOurs(runtime) ? runtime : $"/run/user/{user}";
        if (IsOurs(own))
        {
            yield return Path.Combine(own, "alongside");
        }

        yield return Path.Combine(temporary, $"alongside-{user}");
    }

    private bool IsOurs(string folder) => LibC.TryLookAt(folder, out uint owner, out uint mode) && LibC.IsFolder(mode) && owner == user && (mode & 0b000_111_111) == 0;

    private bool TryMake(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            Directory.CreateDirectory(folder, Ours);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Something else is there, or nothing may be.
        }

        return IsOurs(folder);
    }
}
