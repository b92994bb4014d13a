namespace Alongside.Core.Pixels;

/// <summary>What became of a wish for another size of the desktop. The numbers go over wires and stay.</summary>
public enum SizeAnswer : byte
{
    Done = 0,

    /// <summary>The desktop's size is not for viewers to choose, or not for this one.</summary>
    Prohibited = 1,

    /// <summary>The desktop has not the means for it, or did not answer.</summary>
    NoMeans = 2,

    /// <summary>No desktop can have this size.</summary>
    Invalid = 3,
}
