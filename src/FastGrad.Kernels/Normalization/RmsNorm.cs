using System.Numerics;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Normalization;

/// <summary>Root-mean-square normalization of each row: y = x·r·w with r = 1/√(Σx²/n + ε).</summary>
/// <remarks>
/// Zhang, Sennrich 2019, <see href="https://arxiv.org/abs/1910.07467"/>, eq. 4, with ε inside the root. Sums have the order of
/// <see cref="Reductions.Reduce"/>. As torch.nn.functional.rms_norm.
/// </remarks>
public static class RmsNorm
{
    /// <summary>y = RMS norm of each row of x.</summary>
    /// <param name="x">rows·columns elements.</param>
    /// <param name="weight">The scale w of each column; none for 1.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="y">As many results; the memory of <paramref name="x"/>, or none of it.</param>
    /// <param name="reciprocal">r of each row, for the backward pass; or none.</param>
    /// <param name="workers">The team to share the rows; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap.</exception>
    public static void Forward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, int rows, int columns, T epsilon, Span<T> y, Span<T> reciprocal = default, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowNorm.Forward(x, weight, default, rows, columns, epsilon, y, default, reciprocal, centred: false, workers);

    /// <summary>dx = r·(g − x̂·Σ(g·x̂)/n), or += that, with g = dy·w and x̂ = x·r.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="weight">The scales; none for 1.</param>
    /// <param name="reciprocal">r of each row, as <see cref="Forward{T}"/> left it.</param>
    /// <param name="dy">The gradient with respect to the outputs.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="dx">The gradient with respect to the inputs; it may be the memory of <paramref name="x"/> or <paramref name="dy"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>.</param>
    /// <param name="workers">The team to share the rows; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap without being the same.</exception>
    public static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> reciprocal, ReadOnlySpan<T> dy, int rows, int columns,
        Span<T> dx, bool accumulate, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowNorm.Backward(x, weight, default, reciprocal, dy, rows, columns, dx, accumulate, workers);

    /// <summary>dw = Σ dy·x̂ over the rows, or += that. Each column is a chain over 32 rows, then a tree.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="reciprocal">r of each row.</param>
    /// <param name="dy">The gradient with respect to the outputs.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="dweight">The gradient with respect to the weight.</param>
    /// <param name="accumulate">Whether to add.</param>
    /// <param name="workers">The team to share the columns; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap.</exception>
    public static void BackwardWeight<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> reciprocal, ReadOnlySpan<T> dy, int rows, int columns, Span<T> dweight, bool accumulate, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowNorm.BackwardParameters(x, default, reciprocal, dy, rows, columns, dweight, default, accumulate, workers);
}
