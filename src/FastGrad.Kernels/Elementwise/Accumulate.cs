using System.Numerics;
using FastGrad.Kernels.Elementwise.Operators;

namespace FastGrad.Kernels.Elementwise;

/// <summary>In-place sums and products of spans, under the names of the field. Filling and copying are the BCL's <c>Fill</c> and <c>CopyTo</c>.</summary>
/// <remarks>All throw <see cref="ArgumentException"/> when lengths differ or spans overlap without being the same.</remarks>
public static class Accumulate
{
    /// <summary>yᵢ += xᵢ.</summary>
    public static void Add<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Binary.Apply(new Add<T>(), y, x, y);

    /// <summary>yᵢ += a·xᵢ (axpy), product and sum rounded one after the other.</summary>
    public static void AddScaled<T>(T a, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Binary.Apply(new AddScaled<T>(a), y, x, y);

    /// <summary>yᵢ *= a.</summary>
    public static void Scale<T>(T a, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Unary.Apply(new MultiplyScalar<T>(a), y, y);
}
