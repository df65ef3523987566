using System.Numerics;

namespace FastGrad.Kernels.LinearAlgebra;

/// <summary>Householder's reflection H = I − τ·v·vᵀ with v₀ = 1, that turns x into a multiple of the first unit vector.</summary>
/// <remarks>Golub and Van Loan 2013, section 5.1; the sign of the multiple is opposite to x₀, so that nothing cancels.</remarks>
internal static class Reflector
{
    /// <summary>Replaces x by v and gives τ and the multiple. Nothing to reflect gives τ = 0.</summary>
    public static (T Tau, T Multiple) Make<T>(Span<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T first = x[0], largest = T.Zero;
        foreach (T value in x[1..])
            largest = T.Abs(value) > largest ? T.Abs(value) : largest;
        if (largest == T.Zero)
        {
            x[0] = T.One;
            return (T.Zero, first);
        }
        // Scaled, so that squares neither overflow nor vanish.
        T scale = T.Abs(first) > largest ? T.Abs(first) : largest, sum = T.Zero;
        foreach (T value in x)
            sum += value / scale * (value / scale);
        T norm = scale * T.Sqrt(sum), multiple = first > T.Zero ? -norm : norm;
        T divisor = first - multiple;
        for (int i = 1; i < x.Length; i++)
            x[i] /= divisor;
        x[0] = T.One;
        return ((multiple - first) / multiple, multiple);
    }

    /// <summary>M becomes H·M for the rows of M [v.Length, columns] that lie <paramref name="rowLength"/> apart; <paramref name="sums"/> is scratch of columns elements.</summary>
    public static void Apply<T>(ReadOnlySpan<T> v, T tau, Span<T> m, int columns, int rowLength, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (tau == T.Zero || columns == 0)
            return;
        sums = sums[..columns];
        sums.Clear();
        for (int i = 0; i < v.Length; i++)
            Rows.AddScaled(v[i], m.Slice(i * rowLength, columns), sums);
        for (int i = 0; i < v.Length; i++)
            Rows.AddScaled(-(tau * v[i]), sums, m.Slice(i * rowLength, columns));
    }
}
