using Alongside.Core.Pixels;
using Alongside.Vnc.Client;

namespace Alongside.Fuzz.Targets.Vnc;

/// <summary>A client of VNC whose driver does what drivers do: takes what there is, starts TLS when told to, uses the picture.</summary>
internal class ClientSubject : Subject
{
    private readonly RfbClient client = new(new() { User = "anna", Password = "sesame", Quality = 5 });
    private long now;
    private long told;
    private int resized;

    public override void Take(ReadOnlySpan<byte> message)
    {
        resized = client.IsReady ? 0 : 1;
        told = 0;
        try
        {
            client.Handle(now += 10_000, message);
        }
        finally
        {
            Drain();
        }
    }

    /// <summary>
    /// The desktop and a changed size cost a picture; what is waited for, texts and the pointer what was sent, in a buffer that grows by doubling; an
    /// event is a few words; unpacking has windows of its own.
    /// </summary>
    public override long MemoryFor(ReadOnlySpan<byte> message) =>
        (2 * 1024 * 1024) + (32L * message.Length) + (4L * Frame.MaxPixels * resized) + (512 * told);

    // A rectangle of a few bytes paints as many rows as the picture has.
    public override long StepsFor(ReadOnlySpan<byte> message) => 1_000_000 + (5000L * message.Length);

    protected override void Dispose(bool disposing) => client.Dispose();

    private void Drain()
    {
        while (client.TryPoll(out var e))
        {
            told++;
            resized += e.Kind == RfbClientEventKind.Resized ? 1 : 0;
            if (e.Kind == RfbClientEventKind.StartTls && client.IsEncrypted)
            {
                client.TlsStarted(now);
            }
        }

        while (client.TryPollOutput(out _))
        {
        }

        client.Taken();
    }
}
