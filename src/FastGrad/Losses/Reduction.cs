namespace FastGrad.Losses;

/// <summary>What becomes of a loss's terms.</summary>
public enum Reduction
{
    /// <summary>Their mean: a scalar. For cross entropy the mean over rows, for elementwise losses over elements.</summary>
    Mean,

    /// <summary>Their sum: a scalar.</summary>
    Sum,

    /// <summary>They stay: one for each row or element.</summary>
    None,
}
