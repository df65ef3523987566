namespace FastGrad.Kernels.Reductions;

/// <summary>The checks of kernels that view a span as [outer, axis, inner].</summary>
internal static class AxisCheck
{
    public static void Shape<T, U>(ReadOnlySpan<T> x, int outer, int axis, int inner, ReadOnlySpan<U> result)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outer);
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        ArgumentOutOfRangeException.ThrowIfNegative(inner);
        if (x.Length != (Int128)outer * axis * inner)
            throw new ArgumentException($"x has {x.Length} elements; expected {outer}·{axis}·{inner} (outer·axis·inner).", nameof(x));
        if (result.Length != (long)outer * inner)
            throw new ArgumentException($"The result has {result.Length} elements; expected {outer}·{inner} (outer·inner).", nameof(result));
    }
}
