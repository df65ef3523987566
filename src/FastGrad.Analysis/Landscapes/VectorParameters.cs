namespace FastGrad.Analysis.Landscapes;

/// <summary>What a filter-normalised direction does with parameters that have no filters: biases, scales and shifts of normalizations, scalars.</summary>
public enum VectorParameters
{
    /// <summary>They stand still, as in the paper.</summary>
    Zero,

    /// <summary>Each is taken for one filter: the direction gets its norm.</summary>
    Normalize,
}
