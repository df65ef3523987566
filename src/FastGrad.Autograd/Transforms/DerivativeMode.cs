namespace FastGrad.Autograd;

/// <summary>Which way a matrix of derivatives is filled.</summary>
public enum DerivativeMode
{
    /// <summary>The way that takes fewer passes.</summary>
    Fewest,

    /// <summary>Columns, by a forward pass each: few inputs, many outputs.</summary>
    Forward,

    /// <summary>Rows, by a backward pass each: many inputs, few outputs.</summary>
    Reverse,
}
