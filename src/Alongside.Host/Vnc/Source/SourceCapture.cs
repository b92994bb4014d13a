using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Capture;
using Alongside.Net.Vnc;
using Alongside.Vnc.Client;

namespace Alongside.Host.Vnc.Source;

/// <summary>The picture of a VNC server. A grab copies what the client has decoded, and lets it ask for more: a desktop that nobody looks at is not asked for.</summary>
internal sealed class SourceCapture(VncSource source, SourceEars ears) : ICapture
{
    public DesktopLayout Layout => ears.Layout;

    public void Start(ICaptureSink sink) => ears.Start(sink);

    public bool TryGrab(Frame target, ReadOnlySpan<PixelRect> areas) => source.Use(new Grab(ears, target, areas), static (client, grab) => grab.Do(client));

    public SizeAnswer? AskForSize(SizeWish wish) => source.Use((ears, wish), static (client, ask) => ask.ears.TryAsk(client, ask.wish)) ? null : SizeAnswer.Prohibited;

    public void Dispose()
    {
    }

    /// <summary>The arguments of one grab, on the caller's stack.</summary>
    private readonly ref struct Grab(SourceEars ears, Frame target, ReadOnlySpan<PixelRect> areas)
    {
        private readonly ReadOnlySpan<PixelRect> areas = areas;

        public bool Do(RfbClient client)
        {
            var picture = client.Picture!;
            if (target.Width != picture.Width || target.Height != picture.Height)
            {
                return false;
            }

            foreach (var area in areas)
            {
                for (int y = area.Y; y < area.Bottom; y++)
                {
                    picture.Row(y, area.X, area.Width).CopyTo(target.Row(y, area.X, area.Width));
                }
            }

            ears.HasTaken();
            client.Taken();
            return true;
        }
    }
}
