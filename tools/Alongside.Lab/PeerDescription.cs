using Alongside.Core.Wire;
using Alongside.Rtc.Dtls;

namespace Alongside.Lab;

/// <summary>What the echo needs of a peer's description.</summary>
internal sealed record PeerDescription(string Mid, string Setup, ushort SctpPort, Fingerprint Fingerprint)
{
    public static PeerDescription Read(string sdp)
    {
        string mid = "0", setup = "actpass";
        ushort port = 5000;
        Fingerprint? fingerprint = null;
        foreach (string line in sdp.Split('\n', StringSplitOptions.TrimEntries))
        {
            string[] parts = line.Split(':', 2);
            switch (parts[0])
            {
                case "a=mid":
                    mid = parts[1];
                    break;
                case "a=setup":
                    setup = parts[1];
                    break;
                case "a=sctp-port":
                    _ = ushort.TryParse(parts[1], out port);
                    break;
                case "a=fingerprint" when Fingerprint.TryParse(parts[1], out var read):
                    fingerprint = read;
                    break;
            }
        }

        return new PeerDescription(mid, setup, port, fingerprint ?? throw new ProtocolException("A description had no SHA-256 fingerprint."));
    }
}
