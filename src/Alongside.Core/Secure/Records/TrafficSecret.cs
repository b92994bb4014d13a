using System.Security.Cryptography;

namespace Alongside.Core.Secure.Records;

/// <summary>
/// The secret of one direction in one epoch. The next comes from it by a one-way step and it is then forgotten: what was said can't be
/// read with later keys. Owns the array.
/// </summary>
internal sealed class TrafficSecret(byte[] secret, ushort epoch = 0)
{
    public ushort Epoch => epoch;

    public RecordKey Key() => new(secret, "key", "iv");

    public TrafficSecret Next()
    {
        var next = new byte[32];
        KeySchedule.Expand(secret, "rekey", next);
        return new TrafficSecret(next, checked((ushort)(epoch + 1)));
    }

    public void Forget() => CryptographicOperations.ZeroMemory(secret);
}
