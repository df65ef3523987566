using System.Numerics;

namespace FastGrad.Kernels.Reductions;

/// <summary>The Euclidean norm √(Σᵢ xᵢ²).</summary>
public static class Norm
{
    /// <summary>√(Σᵢ xᵢ²); 0 for no elements. Overflows or underflows where the sum of squares does, as torch.</summary>
    public static T Of<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.Sqrt(SumOfSquares.Of(x));
}
