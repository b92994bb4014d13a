using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Running;

/// <summary>Makes a finding's case smaller as long as it stays the same finding: fewer messages, then fewer bytes, then zeros.</summary>
/// <param name="stillFound">Whether a case still shows the finding.</param>
/// <param name="tries">How often that may be asked.</param>
internal sealed class Minimiser(Func<Case, bool> stillFound, int tries)
{
    private int left = tries;

    public Case Shrink(Case found)
    {
        var messages = found.Messages.Select(message => message).ToList();
        for (int i = messages.Count - 1; i >= 0; i--)
        {
            byte[] removed = messages[i];
            messages.RemoveAt(i);
            if (!Try(messages))
            {
                messages.Insert(i, removed);
            }
        }

        for (int i = 0; i < messages.Count; i++)
        {
            for (int piece = Math.Max(1, messages[i].Length / 2); ; piece /= 2)
            {
                RemovePieces(messages, i, piece);
                if (piece <= 1)
                {
                    break;
                }
            }

            ZeroBytes(messages, i);
        }

        return new(messages);
    }

    private void RemovePieces(List<byte[]> messages, int index, int piece)
    {
        for (int at = messages[index].Length - piece; at >= 0; at -= piece)
        {
            byte[] whole = messages[index];
            messages[index] = [.. whole[..at], .. whole[(at + piece)..]];
            if (!Try(messages))
            {
                messages[index] = whole;
            }
        }
    }

    private void ZeroBytes(List<byte[]> messages, int index)
    {
        for (int at = 0; at < messages[index].Length; at++)
        {
            byte value = messages[index][at];
            if (value != 0)
            {
                messages[index] = [.. messages[index]];
                messages[index][at] = 0;
                if (!Try(messages))
                {
                    messages[index][at] = value;
                }
            }
        }
    }

    private bool Try(List<byte[]> messages) => left-- > 0 && stillFound(new([.. messages]));
}
