using System.Globalization;
using System.Text;
using Alongside.Core.Wire;
using Alongside.Rtc.Ice;

namespace Alongside.Rtc.Sdp;

/// <summary>Who begins the DTLS handshake (RFC 8842, 5.2).</summary>
public enum DtlsSetup : byte
{
    /// <summary>Either; what an offer says.</summary>
    ActPass,

    /// <summary>Who says so sends the ClientHello.</summary>
    Active,
    Passive,
}

/// <summary>
/// What two peers have to tell each other before a data channel can be, and no more: one m-section of SCTP over DTLS (RFC 8841), its ICE and DTLS attributes. Everything else of a
/// description is skipped. Attributes above the first m-line stand for all sections that have none of their own.
/// </summary>
/// <param name="Fingerprint">SHA-256 of the certificate, 32 bytes.</param>
/// <param name="MaxMessageSize">Bytes of a message the peer takes; 0: any. One who says nothing takes 64 KiB (RFC 8841, 6).</param>
/// <param name="Pacing">Milliseconds (a=ice-pacing); null: not said.</param>
public sealed record SessionDescription(
    string Mid, IceCredentials Ice, byte[] Fingerprint, DtlsSetup Setup, int SctpPort = 5000, long MaxMessageSize = 65536, bool IsLite = false, bool Trickles = true, bool Renominates = true,
    int? Pacing = null)
{
    private const int MaxLength = 64 * 1024;
    private const int MaxLines = 2000;
    private const int MaxCandidates = 96;

    public IReadOnlyList<IceCandidate> Candidates { get; init; } = [];

    public bool EndOfCandidates { get; init; }

    /// <exception cref="ProtocolException">It is no description of a data channel, or one that contradicts itself.</exception>
    public static SessionDescription Read(string sdp)
    {
        if (sdp.Length > MaxLength)
        {
            throw Wrong("longer than any is");
        }

        var session = new Section();
        Section? media = null;
        int lines = 0;
        foreach (var each in sdp.AsSpan().EnumerateLines())
        {
            // Safari has been seen to end with an empty line of its own.
            var line = each.Trim();
            if (line.IsEmpty)
            {
                continue;
            }

            if (++lines > MaxLines || line.Length < 2 || line[1] != '=' || (lines == 1 && !line.SequenceEqual("v=0")))
            {
                throw Wrong("no SDP");
            }

            if (line[0] == 'm')
            {
                if (media is not null)
                {
                    if (media.IsData)
                    {
                        break;
                    }
                }

                media = new() { IsData = IsDataChannel(line) };
            }
            else if (line[0] == 'a')
            {
                (media ?? session).Take(line[2..]);
            }
        }

        return media is { IsData: true } ? media.Over(session) : throw Wrong("without a data channel");
    }

    /// <summary>As an offer or an answer in full: our only m-section, bundled with itself.</summary>
    /// <param name="id">Of the session: a number nobody else takes.</param>
    /// <param name="version">Which of its descriptions it is, from 1.</param>
    public string Write(ulong id, int version = 1)
    {
        var text = new StringBuilder(1024);
        text.Append(CultureInfo.InvariantCulture, $"v=0\r\no=- {id >> 1} {version} IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {Mid}\r\n");
        if (IsLite)
        {
            text.Append("a=ice-lite\r\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:{Mid}\r\n");
        text.Append(CultureInfo.InvariantCulture, $"a=ice-ufrag:{Ice.UsernameFragment}\r\na=ice-pwd:{Ice.Password}\r\n");
        if (Trickles || Renominates)
        {
            text.Append(CultureInfo.InvariantCulture, $"a=ice-options:{(Trickles ? Renominates ? "trickle renomination" : "trickle" : "renomination")}\r\n");
        }

        if (Pacing is { } pacing)
        {
            text.Append(CultureInfo.InvariantCulture, $"a=ice-pacing:{pacing}\r\n");
        }

        string setup = Setup switch
        {
            DtlsSetup.Active => "active",
            DtlsSetup.Passive => "passive",
            _ => "actpass",
        };
        text.Append(CultureInfo.InvariantCulture, $"a=fingerprint:sha-256 {Convert.ToHexString(Fingerprint).Chunk(2).Aggregate("", (all, pair) => all + (all.Length > 0 ? ":" : "") + new string(pair))}\r\n");
        text.Append(CultureInfo.InvariantCulture, $"a=setup:{setup}\r\na=sctp-port:{SctpPort}\r\na=max-message-size:{MaxMessageSize}\r\n");
        foreach (var candidate in Candidates)
        {
            text.Append("a=").Append(CandidateLine.Write(candidate)).Append("\r\n");
        }

        return text.Append(EndOfCandidates ? "a=end-of-candidates\r\n" : "").ToString();
    }

    private static bool IsDataChannel(ReadOnlySpan<char> line) =>
        line.StartsWith("m=application ", StringComparison.Ordinal) && line.Contains("DTLS/SCTP webrtc-datachannel", StringComparison.Ordinal);

    private static ProtocolException Wrong(string what) => new($"A session description was {what}.");

    /// <summary>The attributes above the first m-line, or those of one m-section.</summary>
    private sealed class Section
    {
        private readonly List<IceCandidate> candidates = [];
        private string? mid;
        private string? ufrag;
        private string? pwd;
        private string? options;
        private byte[]? fingerprint;
        private DtlsSetup? setup;
        private int? sctpPort;
        private long? maxMessageSize;
        private int? pacing;
        private bool isLite;
        private bool hasEnd;

        public bool IsData { get; init; }

        public void Take(ReadOnlySpan<char> attribute)
        {
            int colon = attribute.IndexOf(':');
            var name = colon < 0 ? attribute : attribute[..colon];
            var value = colon < 0 ? default : attribute[(colon + 1)..].Trim();
            switch (name)
            {
                case "mid":
                    mid = value.Length is > 0 and <= 64 ? new(value) : throw Wrong("with a mid that is none");
                    break;
                case "ice-ufrag":
                    ufrag = new(value);
                    break;
                case "ice-pwd":
                    pwd = new(value);
                    break;
                case "ice-options":
                    options = $" {value} ";
                    break;
                case "ice-pacing":
                    pacing = (int)Number(value, 10_000);
                    break;
                case "ice-lite":
                    isLite = true;
                    break;
                case "fingerprint" when value.StartsWith("sha-256 ", StringComparison.OrdinalIgnoreCase):
                    fingerprint = ReadFingerprint(value[8..].Trim());
                    break;
                case "setup":
                    setup = value switch
                    {
                        "actpass" => DtlsSetup.ActPass,
                        "active" => DtlsSetup.Active,
                        "passive" => DtlsSetup.Passive,
                        _ => throw Wrong("with a setup that is none"),
                    };
                    break;
                case "sctp-port":
                    sctpPort = (int)Number(value, 65535);
                    break;
                case "max-message-size":
                    maxMessageSize = Number(value, uint.MaxValue);
                    break;
                case "candidate" when candidates.Count < MaxCandidates:
                    if (CandidateLine.Read(attribute) is { } candidate)
                    {
                        candidates.Add(candidate);
                    }

                    break;
                case "end-of-candidates":
                    hasEnd = true;
                    break;
            }
        }

        /// <summary>This section's own, else what stands above all.</summary>
        public SessionDescription Over(Section session)
        {
            var ice = new IceCredentials(ufrag ?? session.ufrag ?? "", pwd ?? session.pwd ?? "");
            if (!ice.IsWellFormed)
            {
                throw Wrong("without ICE credentials");
            }

            string said = options ?? session.options ?? "";
            return new(
                mid ?? "0", ice, fingerprint ?? session.fingerprint ?? throw Wrong("without a SHA-256 fingerprint"),

                // Firefox has left it out of later sections.
                setup ?? session.setup ?? DtlsSetup.ActPass, sctpPort ?? 5000, maxMessageSize ?? 65536, isLite || session.isLite,
                said.Contains(" trickle ", StringComparison.Ordinal), said.Contains(" renomination ", StringComparison.Ordinal), pacing ?? session.pacing)
            {
                Candidates = candidates,
                EndOfCandidates = hasEnd,
            };
        }

        private static long Number(ReadOnlySpan<char> text, long most) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= most ? number : throw Wrong("with a number that is none");

        private static byte[] ReadFingerprint(ReadOnlySpan<char> text)
        {
            var bytes = new byte[32];
            if (text.Length != 95)
            {
                throw Wrong("with a fingerprint that is none");
            }

            for (int i = 0; i < 32; i++)
            {
                bool isHex = byte.TryParse(text.Slice(i * 3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]);
                if (!isHex || (i < 31 && text[(i * 3) + 2] != ':'))
                {
                    throw Wrong("with a fingerprint that is none");
                }
            }

            return bytes;
        }
    }
}
