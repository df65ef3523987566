namespace FastGrad.Optimization;

/// <summary>How far the update of one element depends on others: what the engine may split, and what it must keep together.</summary>
public enum Coupling
{
    /// <summary>Each element by itself, given the step's scalars.</summary>
    Element,

    /// <summary>The elements of one parameter together (Muon, Adafactor, LARS).</summary>
    Tensor,

    /// <summary>The parameters of one group together.</summary>
    Group,

    /// <summary>All parameters of all groups together (Prodigy, L-BFGS).</summary>
    All,
}
