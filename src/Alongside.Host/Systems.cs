using Alongside.Host.Doctor.Running;
using Alongside.Host.Doctor.Running.Linux;

namespace Alongside.Host;

/// <summary>Chooses this system's implementation, so that nothing else names a system.</summary>
public static class Systems
{
    /// <param name="display">Such as ":0"; null for what the environment names. Meaningless on systems with one desktop.</param>
    /// <param name="consent">Where the person is asked.</param>
    /// <exception cref="Native.DisplayException">The display can't be used; the message says why.</exception>
    public static IDesktop Open(string? display, ConsentStyle consent)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsFreeBSD())
        {
            return new LinuxDesktop(display, consent);
        }

        throw new Native.DisplayException("This system's desktop can't be shared yet. Linux with X11 can.");
    }

    /// <summary>Where running hosts can be asked; null: this system has no such place yet.</summary>
    internal static IOwnPlaces? OwnPlaces() => OperatingSystem.IsLinux() ? new LinuxOwnPlaces() : null;
}
