using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Pooling;

/// <summary>The mean of each window of a plane; sliding and adaptive windows. 1-D pooling has planes of one row.</summary>
/// <remarks>
/// A window's elements are added in row-major order, then divided by their number: error ≤ n·u·Σ|x|/n. Where the one window is the whole plane, as in global
/// pooling, they are added in the order of <see cref="Reduce"/>. Gradients that meet in one element are added in row-major order of their windows. None of it
/// depends on the machine.
/// </remarks>
public static unsafe class AvgPool
{
    /// <summary>y[plane, p, q] = Σ of its window / divisor, or y += that.</summary>
    /// <param name="planes">Planes: the batch times the channels.</param>
    /// <param name="rows">The windows' rows; dilation 1.</param>
    /// <param name="columns">The windows' columns; dilation 1.</param>
    /// <param name="includePadding">Whether the divisor counts the padding's positions, as PyTorch's count_include_pad; those beyond it never count.</param>
    /// <param name="x">planes · rows · columns elements.</param>
    /// <param name="y">One element for each window.</param>
    /// <param name="accumulate">Whether to add to <paramref name="y"/>.</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap.</exception>
    public static void Forward<T>(
        int planes, PoolAxis rows, PoolAxis columns, bool includePadding, ReadOnlySpan<T> x, Span<T> y, bool accumulate = false, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PoolCheck.Planes(planes, rows, columns, x, nameof(x), y, nameof(y));
        fixed (T* px = x, py = y)
            PlaneJob<Means<T>>.Run(new(rows, columns, includePadding, accumulate, px, py), planes, (long)rows.Input * columns.Input, workers);
    }

    /// <summary>dx = the transpose of <see cref="Forward"/> applied to dy: each window's elements get dy / divisor; or dx += that.</summary>
    /// <param name="planes">Planes.</param>
    /// <param name="rows">The windows' rows; dilation 1.</param>
    /// <param name="columns">The windows' columns; dilation 1.</param>
    /// <param name="includePadding">As in <see cref="Forward"/>.</param>
    /// <param name="dy">One element for each window.</param>
    /// <param name="dx">planes · rows · columns elements.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>.</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap.</exception>
    public static void Backward<T>(
        int planes, PoolAxis rows, PoolAxis columns, bool includePadding, ReadOnlySpan<T> dy, Span<T> dx, bool accumulate = false, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PoolCheck.Planes<T>(planes, rows, columns, dx, nameof(dx), dy, nameof(dy));
        fixed (T* pdy = dy, pdx = dx)
            PlaneJob<Shares<T>>.Run(new(rows, columns, includePadding, accumulate, pdy, pdx), planes, (long)rows.Input * columns.Input, workers);
    }

    private static T Divisor<T>(PoolAxis rows, PoolAxis columns, int p, int q, bool includePadding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateTruncating(
            includePadding ? rows.PaddedCount(p) * columns.PaddedCount(q) : rows.Count(p) * columns.Count(q));

    private readonly struct Means<T>(PoolAxis rows, PoolAxis columns, bool includePadding, bool accumulate, T* source, T* target) : IPlaneWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int plane)
        {
            T* x = source + (nint)plane * rows.Input * columns.Input, y = target + (nint)plane * rows.Output * columns.Output;
            if (rows.IsWhole && columns.IsWhole)
            {
                // One chain over a plane would add one element in the time in which vectors add a hundred.
                T whole = FlatReduction.Of(default(Sum<T>), ref *x, ref *x, (nuint)(rows.Input * columns.Input)) / Divisor<T>(rows, columns, 0, 0, includePadding);
                *y = accumulate ? *y + whole : whole;
                return;
            }
            for (int p = 0; p < rows.Output; p++)
            {
                int top = rows.First(p), height = rows.Count(p);
                for (int q = 0; q < columns.Output; q++, y++)
                {
                    int left = columns.First(q), width = columns.Count(q);
                    T sum = T.Zero;
                    for (int i = 0; i < height; i++)
                    {
                        T* row = x + (nint)(top + i) * columns.Input + left;
                        for (int j = 0; j < width; j++)
                            sum += row[j];
                    }
                    T mean = sum / Divisor<T>(rows, columns, p, q, includePadding);
                    *y = accumulate ? *y + mean : mean;
                }
            }
        }
    }

    private readonly struct Shares<T>(PoolAxis rows, PoolAxis columns, bool includePadding, bool accumulate, T* source, T* target) : IPlaneWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int plane)
        {
            T* dx = target + (nint)plane * rows.Input * columns.Input, dy = source + (nint)plane * rows.Output * columns.Output;
            if (!accumulate)
                new Span<T>(dx, rows.Input * columns.Input).Clear();
            for (int p = 0; p < rows.Output; p++)
            {
                int top = rows.First(p), height = rows.Count(p);
                for (int q = 0; q < columns.Output; q++, dy++)
                {
                    int left = columns.First(q), width = columns.Count(q);
                    T share = *dy / Divisor<T>(rows, columns, p, q, includePadding);
                    for (int i = 0; i < height; i++)
                    {
                        T* row = dx + (nint)(top + i) * columns.Input + left;
                        for (int j = 0; j < width; j++)
                            row[j] += share;
                    }
                }
            }
        }
    }
}
