using Alongside.Core.Secure;

namespace Alongside.Core.Tests.Secure;

/// <summary>Gives exactly these bytes, then fails.</summary>
internal sealed class ScriptedRandomSource(byte[] script) : IRandomSource
{
    private int at;

    public void Fill(Span<byte> bytes)
    {
        Assert.True(at + bytes.Length <= script.Length, "More randomness was taken than the script has.");
        script.AsSpan(at, bytes.Length).CopyTo(bytes);
        at += bytes.Length;
    }
}
