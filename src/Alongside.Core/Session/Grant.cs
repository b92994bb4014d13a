namespace Alongside.Core.Session;

/// <summary>What a viewer may do. Stated by the host inside the channel and enforced there; nobody else can widen it.</summary>
public readonly record struct Grant(bool View, bool Control, bool Clipboard)
{
    public static Grant None => default;

    public static Grant All => new(true, true, true);

    /// <summary>What both allow.</summary>
    public Grant Intersect(Grant other) => new(View && other.View, Control && other.Control, Clipboard && other.Clipboard);
}
