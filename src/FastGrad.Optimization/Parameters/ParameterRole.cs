namespace FastGrad.Optimization.Parameters;

/// <summary>What a parameter is to its model. Groups select by it, decay is masked by it, some optimizers treat roles differently.</summary>
public enum ParameterRole
{
    /// <summary>A weight of a linear map or convolution.</summary>
    Weight,

    /// <summary>An additive bias.</summary>
    Bias,

    /// <summary>A scale or shift of a normalization.</summary>
    Norm,

    /// <summary>A table of embeddings.</summary>
    Embedding,

    /// <summary>Anything else.</summary>
    Other,
}
