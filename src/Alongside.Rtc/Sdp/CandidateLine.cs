using System.Globalization;
using System.Text;
using Alongside.Core.Wire;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Sdp;

/// <summary>
/// A candidate as text (RFC 8839, 5.1; for TCP RFC 6544, 4.5), as browsers exchange it:
/// <code>candidate:1 1 udp 2130706431 192.0.2.7 54321 typ host</code>
/// </summary>
public static class CandidateLine
{
    /// <summary>Longer is no candidate of anybody.</summary>
    private const int MaxLength = 512;
    private const int MaxName = 128;

    /// <param name="line">With or without `a=` before it.</param>
    /// <returns>Null: a candidate of a kind that is no use to us (RTCP, other transports), which is no mistake.</returns>
    /// <exception cref="ProtocolException">It is no candidate.</exception>
    public static IceCandidate? Read(ReadOnlySpan<char> line)
    {
        var text = line.Trim();
        if (text.Length > MaxLength)
        {
            throw Wrong();
        }

        text = text.StartsWith("a=", StringComparison.Ordinal) ? text[2..] : text;
        text = text.StartsWith("candidate:", StringComparison.Ordinal) ? text[10..] : throw Wrong();
        var words = new Words(text);
        var foundation = words.Next();
        if (foundation.Length > 32 || foundation.ContainsAnyExcept(IceChars))
        {
            throw Wrong();
        }

        uint component = Number(words.Next(), 256);
        var transport = words.Next();
        uint priority = Number(words.Next(), IceCandidate.MaxPriority);
        var address = words.Next();
        ushort port = (ushort)Number(words.Next(), 65535);
        if (!words.Next().SequenceEqual("typ"))
        {
            throw Wrong();
        }

        CandidateType? type = words.Next() switch
        {
            "host" => CandidateType.Host,
            "srflx" => CandidateType.ServerReflexive,
            "prflx" => CandidateType.PeerReflexive,
            "relay" => CandidateType.Relayed,
            _ => null,
        };
        bool isTcp = transport.Equals("tcp", StringComparison.OrdinalIgnoreCase);
        CandidateTransport? kind = transport.Equals("udp", StringComparison.OrdinalIgnoreCase) ? CandidateTransport.Udp : null;
        ReadOnlySpan<char> relatedAddress = default;
        ushort relatedPort = 0;
        while (words.TryNext(out var name))
        {
            var value = words.Next();
            switch (name)
            {
                case "raddr":
                    relatedAddress = value;
                    break;
                case "rport":
                    relatedPort = (ushort)Number(value, 65535);
                    break;
                case "tcptype" when isTcp:
                    kind = value switch
                    {
                        "passive" => CandidateTransport.TcpPassive,
                        "active" => CandidateTransport.TcpActive,
                        _ => null,
                    };
                    break;
            }
        }

        if (component != 1 || type is null || kind is null)
        {
            return null;
        }

        TransportAddress? related = TransportAddress.TryParse(relatedAddress, relatedPort, out var parsed) ? parsed : null;
        if (TransportAddress.TryParse(address, port, out var at))
        {
            return new(new(foundation), kind.Value, priority, at, type.Value, related);
        }

        // Only names that nobody outside the local network is asked about (draft-ietf-mmusic-mdns-ice-candidates).
        return IsLocalName(address)
            ? new(new(foundation), kind.Value, priority, new(System.Net.IPAddress.IPv6Any, port), type.Value, related, new(address))
            : null;
    }

    public static string Write(IceCandidate candidate)
    {
        var text = new StringBuilder("candidate:", 128);
        text.Append(CultureInfo.InvariantCulture, $"{candidate.Foundation} 1 {(candidate.Transport == CandidateTransport.Udp ? "udp" : "tcp")} {candidate.Priority} ");
        text.Append(CultureInfo.InvariantCulture, $"{candidate.HostName ?? candidate.Address.ToIPAddress().ToString()} ");
        text.Append(CultureInfo.InvariantCulture, $"{(candidate.Transport == CandidateTransport.TcpActive ? 9 : candidate.Address.Port)} typ ");
        text.Append(candidate.Type switch
        {
            CandidateType.Host => "host",
            CandidateType.ServerReflexive => "srflx",
            CandidateType.PeerReflexive => "prflx",
            _ => "relay",
        });
        if (candidate.Type != CandidateType.Host)
        {
            // A reflexive candidate has to name what it lies behind; who has nothing to tell names no place.
            var related = candidate.Related ?? new TransportAddress(candidate.Address.IsV4 ? System.Net.IPAddress.Any : System.Net.IPAddress.IPv6Any, 0);
            text.Append(CultureInfo.InvariantCulture, $" raddr {related.ToIPAddress()} rport {related.Port}");
        }

        text.Append(candidate.Transport switch
        {
            CandidateTransport.TcpPassive => " tcptype passive",
            CandidateTransport.TcpActive => " tcptype active",
            _ => "",
        });
        return text.ToString();
    }

    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private static bool IsLocalName(ReadOnlySpan<char> name) =>
        name.Length is > 6 and <= MaxName && name.EndsWith(".local", StringComparison.OrdinalIgnoreCase) && name.Count('.') == 1
        && !name[..^6].ContainsAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    private static uint Number(ReadOnlySpan<char> text, uint most) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number <= most ? number : throw Wrong();

    private static ProtocolException Wrong() => new("An ICE candidate was not well formed.");

    private ref struct Words(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> rest = text;

        public ReadOnlySpan<char> Next() => TryNext(out var word) ? word : throw Wrong();

        public bool TryNext(out ReadOnlySpan<char> word)
        {
            rest = rest.TrimStart(' ');
            int end = rest.IndexOf(' ');
            word = end < 0 ? rest : rest[..end];
            rest = rest[word.Length..];
            return word.Length > 0;
        }
    }
}
