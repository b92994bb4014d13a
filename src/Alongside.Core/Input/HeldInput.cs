namespace Alongside.Core.Input;

/// <summary>
/// What one viewer holds down: which keys, which buttons. Whatever ends them (release, a narrowed grant, a break, the end), everything
/// in here goes up again, so that nothing is ever stuck on the desktop.
/// </summary>
internal sealed class HeldInput
{
    /// <summary>More keys than anybody has fingers; further ones are not pressed.</summary>
    public const int MaxKeys = 32;

    private readonly List<InputMessage> keys = [];

    public IReadOnlyList<InputMessage> Keys => keys;

    public int Buttons { get; set; }

    public bool IsEmpty => keys.Count == 0 && Buttons == 0;

    /// <summary>False when the key is held already or too many are.</summary>
    public bool TryPress(InputMessage key)
    {
        if (keys.Count == MaxKeys || keys.Exists(held => IsSameKey(held, key)))
        {
            return false;
        }

        keys.Add(key);
        return true;
    }

    /// <summary>The press that this ends: a key may mean something else by now, because shift went up before it.</summary>
    public bool TryRelease(InputMessage key, out InputMessage pressed)
    {
        int index = keys.FindIndex(held => IsSameKey(held, key));
        pressed = index < 0 ? default : keys[index];
        if (index >= 0)
        {
            keys.RemoveAt(index);
        }

        return index >= 0;
    }

    public bool Holds(InputMessage key) => keys.Exists(held => IsSameKey(held, key));

    public void Clear()
    {
        keys.Clear();
        Buttons = 0;
    }

    private static bool IsSameKey(InputMessage a, InputMessage b) => a.Usage != 0 && b.Usage != 0 ? a.Usage == b.Usage : a.Keysym == b.Keysym && a.Keysym != 0;
}
