namespace FastGrad.Autograd;

/// <summary>What a padded tensor has beyond its elements.</summary>
public enum PadMode
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>The elements mirrored at the first and last, which are not repeated: at most length − 1 on a side.</summary>
    Reflect,

    /// <summary>The first or last element.</summary>
    Replicate,

    /// <summary>The elements from the other end: at most length on a side.</summary>
    Circular,
}
