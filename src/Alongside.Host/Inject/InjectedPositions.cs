namespace Alongside.Host.Inject;

/// <summary>
/// Where injection last put the pointer, so that capture can tell a movement of the person in front from our own echo.
/// Written by the injecting thread, read by the capture's.
/// </summary>
public sealed class InjectedPositions
{
    private const int Kept = 64;
    private readonly long[] places = new long[Kept];
    private int next;

    public InjectedPositions() => Array.Fill(places, -1);

    public void Add(int x, int y) => Volatile.Write(ref places[next++ & (Kept - 1)], Pack(x, y));

    public bool Contains(int x, int y) => Array.IndexOf(places, Pack(x, y)) >= 0;

    private static long Pack(int x, int y) => ((long)x << 32) | (uint)y;
}
