namespace Alongside.Core.Secure;

/// <summary>CPace's lv(): a length in LEB128, then that many bytes. So no two different lists of values join to the same bytes.</summary>
internal static class LengthPrefixed
{
    public static int Length(int count) => PrefixLength(count) + count;

    public static byte[] Join(params ReadOnlySpan<byte[]> values)
    {
        var total = 0;
        foreach (var value in values)
        {
            total += Length(value.Length);
        }

        var joined = new byte[total];
        var at = 0;
        foreach (var value in values)
        {
            var rest = value.Length;
            for (; rest >= 0x80; rest >>= 7)
            {
                joined[at++] = (byte)(rest | 0x80);
            }

            joined[at++] = (byte)rest;
            value.CopyTo(joined, at);
            at += value.Length;
        }

        return joined;
    }

    private static int PrefixLength(int count)
    {
        var length = 1;
        for (var rest = count >> 7; rest != 0; rest >>= 7)
        {
            length++;
        }

        return length;
    }
}
