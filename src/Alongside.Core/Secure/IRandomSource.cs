namespace Alongside.Core.Secure;

/// <summary>Where a pure machine gets its randomness: the system's in production, a seed in a simulation.</summary>
public interface IRandomSource
{
    void Fill(Span<byte> bytes);
}
