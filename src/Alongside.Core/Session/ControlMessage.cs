using System.Text.Json.Serialization;
using Alongside.Core.Pixels;

namespace Alongside.Core.Session;

/// <summary>
/// What host and viewer tell each other on the control channel (docs/protocol/session.md, "Control"). Read and written by
/// <see cref="ControlJson"/>, which also states the limits of every member.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "t")]
[JsonDerivedType(typeof(Ask), "ask")]
[JsonDerivedType(typeof(Narrow), "narrow")]
[JsonDerivedType(typeof(ChooseMonitor), "monitor")]
[JsonDerivedType(typeof(Size), "size")]
[JsonDerivedType(typeof(Sized), "sized")]
[JsonDerivedType(typeof(Ping), "ping")]
[JsonDerivedType(typeof(Pong), "pong")]
[JsonDerivedType(typeof(Bye), "bye")]
[JsonDerivedType(typeof(Asking), "asking")]
[JsonDerivedType(typeof(Granted), "grant")]
[JsonDerivedType(typeof(Desktop), "desktop")]
[JsonDerivedType(typeof(StreamStart), "stream")]
[JsonDerivedType(typeof(Notice), "notice")]
[JsonDerivedType(typeof(Lost), "lost")]
[JsonDerivedType(typeof(Direct), "direct")]
[JsonDerivedType(typeof(Candidate), "candidate")]
[JsonDerivedType(typeof(PathLine), "line")]
public abstract record ControlMessage
{
    private ControlMessage()
    {
    }

    /// <summary>Viewer: who, and for what.</summary>
    public sealed record Ask(string Name, bool View, bool Control, bool Clipboard) : ControlMessage
    {
        [JsonIgnore]
        public Grant Wanted => new(View, Control, Clipboard);
    }

    /// <summary>Viewer: gives powers back. Absent members stay; a true one widens nothing.</summary>
    public sealed record Narrow(bool? View = null, bool? Control = null, bool? Clipboard = null) : ControlMessage
    {
        public Grant Of(Grant had) => had.Intersect(new(View ?? true, Control ?? true, Clipboard ?? true));
    }

    /// <summary>Viewer: look at one monitor; 0 is all of them.</summary>
    public sealed record ChooseMonitor(int Id) : ControlMessage;

    /// <summary>Viewer: the whole desktop should have this size. <paramref name="Wish"/> is the viewer's number for it.</summary>
    public sealed record Size(int Width, int Height, int? Wish = null) : ControlMessage;

    /// <summary>Host: what became of a wish for a size, with the number it came with. See <see cref="SizeWords"/>; `desktop` has said the new one.</summary>
    public sealed record Sized(string Answer, int? Wish = null) : ControlMessage;

    public sealed record Ping(long N) : ControlMessage;

    public sealed record Pong(long N) : ControlMessage;

    /// <summary>Both: ends the session in order. See <see cref="ByeReason"/>.</summary>
    public sealed record Bye(string Reason) : ControlMessage;

    /// <summary>Host: the person sees the question now.</summary>
    public sealed record Asking : ControlMessage;

    /// <summary>Host: the whole truth from now on.</summary>
    public sealed record Granted(bool View, bool Control, bool Clipboard) : ControlMessage
    {
        public static Granted Of(Grant grant) => new(grant.View, grant.Control, grant.Clipboard);

        [JsonIgnore]
        public Grant Grant => new(View, Control, Clipboard);
    }

    /// <summary>
    /// Host: the layout. <paramref name="Shows"/> is the monitor this viewer looks at, 0 for all. With a <paramref name="Gateway"/> the desktop is another
    /// machine's.
    /// </summary>
    public sealed record Desktop(string Name, int Width, int Height, IReadOnlyList<Monitor> Monitors, int Shows, Road? Gateway = null) : ControlMessage
    {
        public static Desktop Of(string name, DesktopLayout layout, int shows, DesktopSource? source = null) => new(
            name,
            layout.Width,
            layout.Height,
            [.. layout.Monitors.Select(m => new Monitor(m.Id, m.Name, m.Area.X, m.Area.Y, m.Area.Width, m.Area.Height, m.Primary))],
            shows,
            source is null ? null : new Road(source.Protocol, source.IsEncrypted));
    }

    /// <summary>End-to-end encryption ends at the host: from there the desktop comes by this protocol, encrypted in its way or not at all.</summary>
    public sealed record Road(string Protocol, bool Encrypted);

    public sealed record Monitor(int Id, string Name, int X, int Y, int Width, int Height, bool Primary);

    /// <summary>Host: from the next stream record on, this stream, epoch and secret, whose counters go on from here.</summary>
    public sealed record StreamStart(
        int Stream,
        int Epoch,
        [property: JsonConverter(typeof(Base64UrlBytes))] byte[] Secret,
        long Counter) : ControlMessage
    {
        /// <summary>A record's own text would show the secret.</summary>
        public override string ToString() => $"StreamStart {{ Stream = {Stream}, Epoch = {Epoch}, Counter = {Counter} }}";
    }

    /// <summary>Host: something the person should know; the session goes on.</summary>
    public sealed record Notice(string Code, string Text) : ControlMessage;

    /// <summary>Host: the display went away; the next <see cref="Desktop"/> ends it.</summary>
    public sealed record Lost(string Text) : ControlMessage;

    /// <summary>Both: how a direct way to the one who says it can be found (docs/protocol/direct.md, "Link").</summary>
    /// <param name="Ufrag">ICE's name, <paramref name="Pwd"/> its password.</param>
    /// <param name="Fingerprint">SHA-256 of the certificate.</param>
    /// <param name="Setup">`actpass`, `active` or `passive`.</param>
    /// <param name="Pacing">Milliseconds between checks; null: not said.</param>
    public sealed record Direct(
        int Way,
        string Ufrag,
        string Pwd,
        [property: JsonConverter(typeof(Base64UrlBytes))] byte[] Fingerprint,
        string Setup,
        int? Pacing = null) : ControlMessage
    {
        /// <summary>A record's own text would show the password.</summary>
        public override string ToString() => $"Direct {{ Way = {Way}, Setup = {Setup} }}";
    }

    /// <summary>Host: what else is known of a direct path, while it is in use.</summary>
    /// <param name="Loss">Of what left for the viewer lately, how much was lost: of <see cref="All"/>; null: too little left to say.</param>
    /// <param name="Relay">What the relay takes there and back, in microseconds; null: not known.</param>
    public sealed record PathLine(int? Loss = null, long? Relay = null) : ControlMessage
    {
        public const int All = 10_000;
    }

    /// <summary>Both: an address to try for a way, as a line of ICE's.</summary>
    public sealed record Candidate(int Way, [property: JsonPropertyName("candidate")] string Line) : ControlMessage;
}
