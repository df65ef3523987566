using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>log Σⱼ exp(xⱼ) of each row, as m + log Σⱼ exp(xⱼ − m) with m = maxⱼ xⱼ.</summary>
/// <remarks>
/// Convex in each row. −∞ for a row of −∞ alone or without columns, ∞ for a row with +∞ and no NaN, NaN for a row with NaN: as torch.logsumexp.
/// The sum has the order of <see cref="Reduce"/>.
/// </remarks>
public static unsafe class LogSumExp
{
    /// <summary>y_r = log Σⱼ exp(x_rj).</summary>
    /// <param name="x">rows·columns elements.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="y">One result for each row; no memory of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Matrix(x, rows, columns);
        RowCheck.Rows((ReadOnlySpan<T>)y, rows, nameof(y));
        SpanCheck.Disjoint(x, y);
        fixed (T* px = x)
        {
            for (int r = 0; r < rows; r++)
            {
                ReadOnlySpan<T> row = x.Slice(r * columns, columns);
                RowRange<T> range = RowRange<T>.Of(px + (nint)r * columns, columns);
                y[r] = T.IsFinite(range.Maximum)
                    ? range.Maximum + Log<T>.At(RowExp.Sum(px + (nint)r * columns, range, columns))
                    : Log<T>.At(Reduce.All(default(ExpSum<T>), row)); // ∞ − ∞ would be NaN
            }
        }
    }

    /// <summary>dx = dy_r·exp(x − y_r) in each row, or += that: dy_r·softmax(x).</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The outputs of <see cref="Forward{T}"/>. Their rounding makes the softmax inexact by a relative |y_r|·u.</param>
    /// <param name="dy">The gradient with respect to the outputs, one for each row.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="dx">The gradient with respect to the inputs; the memory of <paramref name="x"/>, or none of it.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap without being the same.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, int rows, int columns, Span<T> dx, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Matrix(x, rows, columns);
        RowCheck.Rows(y, rows);
        RowCheck.Rows(dy, rows);
        SpanCheck.SameLength(dx, x);
        SpanCheck.SameOrDisjoint(x, dx);
        SpanCheck.Disjoint(y, dx);
        SpanCheck.Disjoint(dy, dx);
        for (int r = 0; r < rows; r++)
            Unary.Apply(new Scaled<T>(dy[r], y[r]), x.Slice(r * columns, columns), dx.Slice(r * columns, columns), accumulate);
    }

    /// <summary>a·exp(x − b).</summary>
    private readonly struct Scaled<T>(T a, T b) : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static Residual Residual => Residual.Output;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V>(V x)
            where V : struct, IArithmetic<V, T> => V.Create(a) * Exp<T>.Of(x - V.Create(b));

        public V Derivative<V>(V y)
            where V : struct, IArithmetic<V, T> => y;
    }
}
