using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Reductions;

namespace FastGrad.Kernels.Normalization;

/// <summary>Cross entropy of the softmax of each row with an integer label: loss_r = log Σⱼ exp(x_rj) − x_r[label_r].</summary>
/// <remarks>
/// Spelled log Σⱼ exp(xⱼ − m) + (m − x[label]) with m the row's maximum, which keeps the digits of small losses. Convex in each row.
/// One pass of exponentials serves both directions: the forward pass leaves the softmax, whose gradient is softmax − onehot(label).
/// </remarks>
public static unsafe class SoftmaxCrossEntropy
{
    /// <summary>The losses, and the probabilities that the backward pass reads.</summary>
    /// <param name="x">The logits: rows·columns elements.</param>
    /// <param name="labels">One label for each row, 0 ≤ label &lt; columns.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="losses">One loss for each row.</param>
    /// <param name="probabilities">The softmax of each row: rows·columns elements, or none where no backward pass follows. May be the memory of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit, spans overlap, or a label names no column; nothing is written then.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<int> labels, int rows, int columns, Span<T> losses, Span<T> probabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Matrix(x, rows, columns);
        RowCheck.Labels(labels, rows, columns);
        RowCheck.Rows((ReadOnlySpan<T>)losses, rows, nameof(losses));
        SpanCheck.Disjoint(x, losses);
        bool keep = probabilities.Length > 0;
        if (keep)
        {
            SpanCheck.SameLength(probabilities, x);
            SpanCheck.SameOrDisjoint(x, probabilities);
            SpanCheck.Disjoint(probabilities, losses);
        }
        fixed (T* px = x, pp = probabilities)
        {
            for (int r = 0; r < rows; r++)
            {
                T* row = px + (nint)r * columns;
                RowRange<T> range = RowRange<T>.Of(row, columns);
                T chosen = row[labels[r]], sum;
                if (keep)
                {
                    Span<T> result = probabilities.Slice(r * columns, columns);
                    sum = RowExp.Store(row, range, pp + (nint)r * columns, columns);
                    Unary.Apply(new MultiplyScalar<T>(T.One / sum), result, result);
                }
                else
                    sum = RowExp.Sum(row, range, columns);
                losses[r] = Log<T>.At(sum) + (range.Maximum - chosen);
            }
        }
    }

    /// <summary>dx = dlosses_r·(probabilities − onehot(label_r)) in each row, or += that.</summary>
    /// <param name="probabilities">The softmax that <see cref="Forward{T}"/> left.</param>
    /// <param name="labels">One label for each row, 0 ≤ label &lt; columns.</param>
    /// <param name="dlosses">The gradient with respect to the losses: one for each row, or one for all, such as 1/rows for their mean.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="dx">The gradient with respect to the logits; it may be the memory of <paramref name="probabilities"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit, spans overlap, or a label names no column; nothing is written then.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward<T>(
        ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels, ReadOnlySpan<T> dlosses, int rows, int columns, Span<T> dx, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Matrix(probabilities, rows, columns);
        RowCheck.Labels(labels, rows, columns);
        if (dlosses.Length != 1)
            RowCheck.Rows(dlosses, rows);
        SpanCheck.SameLength(dx, probabilities);
        SpanCheck.SameOrDisjoint(probabilities, dx);
        SpanCheck.Disjoint(dlosses, dx);
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<T> row = probabilities.Slice(r * columns, columns);
            Span<T> gradient = dx.Slice(r * columns, columns);
            T scale = dlosses[dlosses.Length == 1 ? 0 : r];

            // The label's element is computed apart, so that probability − 1 is formed before it is scaled.
            int label = labels[r];
            T chosen = scale * (row[label] - T.One), before = gradient[label];
            Unary.Apply(new MultiplyScalar<T>(scale), row, gradient, accumulate);
            gradient[label] = accumulate ? before + chosen : chosen;
        }
    }
}
