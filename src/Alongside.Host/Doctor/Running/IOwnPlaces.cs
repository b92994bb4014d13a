using System.Net.Sockets;

namespace Alongside.Host.Doctor.Running;

/// <summary>What of a system keeps other users of the machine away from a running host's socket.</summary>
internal interface IOwnPlaces
{
    /// <summary>Folders for sockets that this user alone can enter, the best first.</summary>
    /// <param name="make">One that is not there is made; else it is left out.</param>
    IReadOnlyList<string> Folders(bool make);

    /// <summary>Whoever is at the other end is this user, or the system's own.</summary>
    bool IsOurs(Socket connected);
}
