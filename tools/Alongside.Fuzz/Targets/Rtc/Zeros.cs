using Alongside.Core.Secure;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>No chance at all, so that seeds can answer what a machine asks.</summary>
internal sealed class Zeros : IRandomSource
{
    public void Fill(Span<byte> bytes) => bytes.Clear();
}
