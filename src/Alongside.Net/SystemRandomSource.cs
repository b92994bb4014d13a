using System.Security.Cryptography;
using Alongside.Core.Secure;

namespace Alongside.Net;

/// <summary>The system's cryptographic randomness, for production.</summary>
public sealed class SystemRandomSource : IRandomSource
{
    public static SystemRandomSource Instance { get; } = new();

    public void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
