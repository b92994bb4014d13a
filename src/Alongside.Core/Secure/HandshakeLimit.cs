namespace Alongside.Core.Secure;

/// <summary>How many handshakes a host works on at once, shared by its peers. Not thread-safe: the peers of a host live on one thread.</summary>
public sealed class HandshakeLimit(int max = HandshakeLimit.Default)
{
    public const int Default = 8;

    public int Unfinished { get; private set; }

    internal bool TryEnter()
    {
        if (Unfinished >= max)
        {
            return false;
        }

        Unfinished++;
        return true;
    }

    internal void Leave() => Unfinished--;
}
