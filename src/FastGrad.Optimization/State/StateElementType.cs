namespace FastGrad.Optimization.State;

/// <summary>The element type of a slot in a checkpoint.</summary>
public enum StateElementType
{
    /// <summary>binary32.</summary>
    Float32,

    /// <summary>binary64.</summary>
    Float64,

    /// <summary>64-bit integers.</summary>
    Int64,
}
