using Alongside.Core.Session;
using Alongside.Host.Room;

namespace Alongside.Host;

/// <summary>What of a session is written to the log. No secret is in any of it.</summary>
internal static class Journal
{
    public static void Write(Signs signs, HostEvent e)
    {
        if (e.Kind == HostEventKind.Joined)
        {
            signs.Log($"Guest {e.Guest} is in: {e.Text}");
        }
        else if (e.Kind == HostEventKind.Ended)
        {
            signs.Log($"Guest {e.Guest}: {e.Text}");
        }
    }
}
