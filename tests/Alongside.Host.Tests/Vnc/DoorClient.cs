using Alongside.Core.Pixels;
using Alongside.Host.Tests.Linux;
using Alongside.Net.Vnc;
using Alongside.Vnc.Client;

namespace Alongside.Host.Tests.Vnc;

/// <summary>A VNC viewer without a screen: what it was shown, and what it heard.</summary>
internal sealed class DoorClient : IVncSourceSink, IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly VncSource source;
    private readonly List<string> copied = [];
    private readonly List<SizeAnswer> answers = [];

    private DoorClient(VncSourceOptions options) => source = new(options, this);

    public VncFirstTry First { get; private set; }

    public bool IsEncrypted { get; private set; }

    public string? LostBecause { get; private set; }

    public IReadOnlyList<string> Copied
    {
        get
        {
            lock (gate)
            {
                return [.. copied];
            }
        }
    }

    /// <summary>What became of the sizes it asked for.</summary>
    public IReadOnlyList<SizeAnswer> Answers
    {
        get
        {
            lock (gate)
            {
                return [.. answers];
            }
        }
    }

    public static async Task<DoorClient> ConnectAsync(int port, string? password, Func<RfbClientOptions, RfbClientOptions>? with = null, string? fingerprint = null)
    {
        var options = new RfbClientOptions { Password = password };
        var client = new DoorClient(new("127.0.0.1", port) { Fingerprint = fingerprint, Client = with is null ? options : with(options) });
        client.source.Start();
        client.First = await client.source.FirstTry.WaitAsync(Until.Deadline);
        return client;
    }

    public void Do(Action<RfbClient> what) => Assert.True(source.Use(what, static (client, act) =>
    {
        act(client);
        return true;
    }));

    /// <summary>Asks for another size, as soon as the server has said that it understands that.</summary>
    public Task AskForSizeAsync(int width, int height) => Until.True(
        () => source.Use((width, height), static (client, size) => client.TryAskForSize(size.width, size.height)), "the server can be asked for a size");

    public bool Has(int width, int height) => source.Use((width, height), static (client, size) => (client.Picture!.Width, client.Picture.Height) == size);

    public uint Pixel(int x, int y)
    {
        uint pixel = 0;
        Do(client => pixel = client.Picture!.Row(y, x, 1)[0] & 0xffffff);
        return pixel;
    }

    /// <summary>Whether it has this picture, pixel by pixel.</summary>
    public bool Shows(Frame screen) => source.Use(screen, static (client, wanted) =>
    {
        var picture = client.Picture!;
        if (picture.Width != wanted.Width || picture.Height != wanted.Height)
        {
            return false;
        }

        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            if (((picture.Pixels[i] ^ wanted.Pixels[i]) & 0xffffff) != 0)
            {
                return false;
            }
        }

        return true;
    });

    public ValueTask DisposeAsync() => source.DisposeAsync();

    void IVncSourceSink.Happened(RfbClient client, in RfbClientEvent e)
    {
        lock (gate)
        {
            IsEncrypted = client.IsEncrypted;
            if (e.Kind == RfbClientEventKind.Clipboard)
            {
                copied.Add(e.Text!);
            }
            else if (e.Kind == RfbClientEventKind.SizeAnswered)
            {
                answers.Add(e.Answer);
            }
        }
    }

    void IVncSourceSink.Handled(RfbClient client) => client.Taken();

    void IVncSourceSink.Lost(string reason) => LostBecause = reason;
}
