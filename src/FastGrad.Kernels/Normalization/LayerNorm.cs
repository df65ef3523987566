using System.Numerics;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Normalization;

/// <summary>Layer normalization of each row: y = (x − μ)·r·w + b with μ = Σx/n and r = 1/√(Σ(x − μ)²/n + ε).</summary>
/// <remarks>
/// Ba, Kiros, Hinton 2016, <see href="https://arxiv.org/abs/1607.06450"/>, eq. 3 and 4. The variance is biased and taken in two passes; its
/// error bound is that of <see cref="Reductions.Reduce"/>. Sums have the order of <see cref="Reductions.Reduce"/>. A row with NaN or ∞ gives NaN. As
/// torch.nn.functional.layer_norm.
/// </remarks>
public static class LayerNorm
{
    /// <summary>y = layer norm of each row of x.</summary>
    /// <param name="x">rows·columns elements.</param>
    /// <param name="weight">The scale w of each column; none for 1.</param>
    /// <param name="bias">The shift b of each column; none for 0, and none without a weight.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="y">As many results; the memory of <paramref name="x"/>, or none of it.</param>
    /// <param name="mean">μ of each row, for the backward pass; or none.</param>
    /// <param name="reciprocal">r of each row, for the backward pass; or none.</param>
    /// <param name="workers">The team to share the rows; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap.</exception>
    public static void Forward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, int rows, int columns, T epsilon,
        Span<T> y, Span<T> mean = default, Span<T> reciprocal = default, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowNorm.Forward(x, weight, bias, rows, columns, epsilon, y, mean, reciprocal, centred: true, workers);

    /// <summary>dx = r·(g − Σg/n − x̂·Σ(g·x̂)/n), or += that, with g = dy·w and x̂ = (x − μ)·r.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="weight">The scales; none for 1.</param>
    /// <param name="mean">μ of each row, as <see cref="Forward{T}"/> left it.</param>
    /// <param name="reciprocal">r of each row, as <see cref="Forward{T}"/> left it.</param>
    /// <param name="dy">The gradient with respect to the outputs.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="dx">The gradient with respect to the inputs; it may be the memory of <paramref name="x"/> or <paramref name="dy"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>.</param>
    /// <param name="workers">The team to share the rows; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap without being the same.</exception>
    public static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> mean, ReadOnlySpan<T> reciprocal, ReadOnlySpan<T> dy, int rows, int columns,
        Span<T> dx, bool accumulate, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Rows(mean, rows);
        RowNorm.Backward(x, weight, mean, reciprocal, dy, rows, columns, dx, accumulate, workers);
    }

    /// <summary>dw = Σ dy·x̂ and db = Σ dy over the rows, or += those. Each column is a chain over 32 rows, then a tree.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="mean">μ of each row.</param>
    /// <param name="reciprocal">r of each row.</param>
    /// <param name="dy">The gradient with respect to the outputs.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="dweight">The gradient with respect to the weight; or none.</param>
    /// <param name="dbias">The gradient with respect to the bias; or none.</param>
    /// <param name="accumulate">Whether to add.</param>
    /// <param name="workers">The team to share the columns; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap.</exception>
    public static void BackwardParameters<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> reciprocal, ReadOnlySpan<T> dy, int rows, int columns,
        Span<T> dweight, Span<T> dbias, bool accumulate, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Rows(mean, rows);
        RowNorm.BackwardParameters(x, mean, reciprocal, dy, rows, columns, dweight, dbias, accumulate, workers);
    }
}
