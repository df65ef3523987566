using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Pooling;

/// <summary>The largest element of each window of a plane; sliding and adaptive windows. 1-D pooling has planes of one row.</summary>
/// <remarks>
/// Where several elements of a window are equal, the first in row-major order is meant; where there is NaN, the first NaN. Positions
/// outside the input never count. Gradients that meet in one element are added in row-major order of their windows.
/// </remarks>
public static unsafe class MaxPool
{
    /// <summary>y[plane, p, q] = max of its window, and where it lies.</summary>
    /// <param name="planes">Planes: the batch times the channels.</param>
    /// <param name="rows">The windows' rows.</param>
    /// <param name="columns">The windows' columns.</param>
    /// <param name="x">planes · rows · columns elements.</param>
    /// <param name="y">One element for each window.</param>
    /// <param name="indices">Empty, or for each window the place of its maximum within its plane, counted in row-major order.</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap.</exception>
    public static void Forward<T>(
        int planes, PoolAxis rows, PoolAxis columns, ReadOnlySpan<T> x, Span<T> y, Span<int> indices = default, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PoolCheck.Planes(planes, rows, columns, x, nameof(x), y, nameof(y));
        if (!indices.IsEmpty && indices.Length != y.Length)
            throw new ArgumentException($"{indices.Length} indices; expected {y.Length}, one a window, or none.", nameof(indices));
        fixed (T* px = x, py = y)
        fixed (int* pi = indices)
            PlaneJob<Work<T>>.Run(new(rows, columns) { X = px, Y = py, Indices = pi }, planes, (long)rows.Input * columns.Input, workers);
    }

    /// <summary>dx[plane, index] = Σ of dy over the windows that chose it, 0 elsewhere; or dx += that.</summary>
    /// <param name="planes">Planes.</param>
    /// <param name="rows">The windows' rows.</param>
    /// <param name="columns">The windows' columns.</param>
    /// <param name="dy">One element for each window.</param>
    /// <param name="indices">What <see cref="Forward"/> gave.</param>
    /// <param name="dx">planes · rows · columns elements.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is not of its plane.</exception>
    public static void Backward<T>(
        int planes, PoolAxis rows, PoolAxis columns, ReadOnlySpan<T> dy, ReadOnlySpan<int> indices, Span<T> dx, bool accumulate = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PoolCheck.Planes<T>(planes, rows, columns, dx, nameof(dx), dy, nameof(dy));
        if (indices.Length != dy.Length)
            throw new ArgumentException($"{indices.Length} indices; expected {dy.Length}, one a window.", nameof(indices));
        if (!accumulate)
            dx.Clear();
        int input = rows.Input * columns.Input, output = rows.Output * columns.Output;
        for (int i = 0; i < dy.Length; i++)
        {
            if ((uint)indices[i] >= (uint)input)
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"Index {i} is {indices[i]}; expected 0 to {input - 1}.");
            dx[i / output * input + indices[i]] += dy[i];
        }
    }

    /// <summary>The same without stored indices: the places of the maxima are found in x again.</summary>
    /// <param name="planes">Planes.</param>
    /// <param name="rows">The windows' rows.</param>
    /// <param name="columns">The windows' columns.</param>
    /// <param name="x">The input of <see cref="Forward"/>.</param>
    /// <param name="dy">One element for each window.</param>
    /// <param name="dx">In x's shape.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>.</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or dx overlaps an input.</exception>
    public static void Place<T>(
        int planes, PoolAxis rows, PoolAxis columns, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx, bool accumulate = false, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PoolCheck.Planes(planes, rows, columns, x, nameof(x), dy, nameof(dy));
        PoolCheck.Planes<T>(planes, rows, columns, dx, nameof(dx), dy, nameof(dy));
        if (dx.Overlaps(x))
            throw new ArgumentException("dx overlaps x; expected no memory in common.", nameof(dx));
        fixed (T* px = x, pdy = dy, pdx = dx)
        {
            Work<T> work = new(rows, columns) { X = px, Dy = pdy, Dx = pdx, Accumulate = accumulate };
            PlaneJob<Work<T>>.Run(work, planes, (long)rows.Input * columns.Input, workers);
        }
    }

    /// <summary>y[plane, p, q] = t at the place of the window's maximum in x: the derivative along t.</summary>
    /// <param name="planes">Planes.</param>
    /// <param name="rows">The windows' rows.</param>
    /// <param name="columns">The windows' columns.</param>
    /// <param name="x">The input of <see cref="Forward"/>.</param>
    /// <param name="t">In x's shape.</param>
    /// <param name="y">One element for each window.</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or y overlaps an input.</exception>
    public static void Pick<T>(
        int planes, PoolAxis rows, PoolAxis columns, ReadOnlySpan<T> x, ReadOnlySpan<T> t, Span<T> y, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PoolCheck.Planes(planes, rows, columns, x, nameof(x), y, nameof(y));
        PoolCheck.Planes(planes, rows, columns, t, nameof(t), y, nameof(y));
        fixed (T* px = x, pt = t, py = y)
            PlaneJob<Work<T>>.Run(new(rows, columns) { X = px, Tangent = pt, Y = py }, planes, (long)rows.Input * columns.Input, workers);
    }

    /// <summary>What all four do: for each window find the place of its maximum, then do what the pointers ask for.</summary>
    private struct Work<T>(PoolAxis rows, PoolAxis columns) : IPlaneWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, Y, Tangent, Dy, Dx;
        public int* Indices;
        public bool Accumulate;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int plane)
        {
            nint input = (nint)rows.Input * columns.Input, output = (nint)rows.Output * columns.Output;
            T* x = X + plane * input, dx = Dx == null ? null : Dx + plane * input;
            nint window = plane * output;
            if (dx != null && !Accumulate)
                new Span<T>(dx, (int)input).Clear();
            if (rows.IsPairs && columns.IsPairs && Indices == null && Tangent == null)
            {
                Pairs(x, dx, window);
                return;
            }
            for (int p = 0; p < rows.Output; p++)
            {
                int top = rows.First(p), height = rows.Count(p);
                for (int q = 0; q < columns.Output; q++, window++)
                {
                    int left = columns.First(q), width = columns.Count(q);
                    int best = top * columns.Input + left;
                    T largest = x[best];
                    for (int i = 0; i < height; i++)
                    {
                        int at = (top + i * rows.Dilation) * columns.Input + left;
                        for (int j = 0; j < width; j++, at += columns.Dilation)
                        {
                            T value = x[at];
                            if (value > largest || (T.IsNaN(value) && !T.IsNaN(largest)))
                                (largest, best) = (value, at);
                        }
                    }
                    if (dx != null)
                        dx[best] += Dy[window];
                    else
                        Y[window] = Tangent == null ? largest : (Tangent + plane * input)[best];
                    if (Indices != null)
                        Indices[window] = best;
                }
            }
        }

        // Windows of 2 × 2 side by side, the usual ones: no loop over the window.
        private readonly void Pairs(T* x, T* dx, nint window)
        {
            for (int p = 0; p < rows.Output; p++)
            {
                nint at = (nint)2 * p * columns.Input;
                int done = 0;
                if (typeof(T) == typeof(float))
                {
                    float* upper = (float*)(x + at), lower = upper + columns.Input, to = (float*)(dx + at);
                    done = dx == null
                        ? MaxPoolPairs.Forward(upper, lower, (float*)(Y + window), columns.Output)
                        : MaxPoolPairs.Backward(upper, lower, (float*)(Dy + window), to, to + columns.Input, columns.Output, Accumulate);
                    at += 2 * done;
                    window += done;
                }
                for (int q = done; q < columns.Output; q++, at += 2, window++)
                {
                    nint best = at;
                    T largest = x[at];
                    Consider(x, at + 1, ref largest, ref best);
                    Consider(x, at + columns.Input, ref largest, ref best);
                    Consider(x, at + columns.Input + 1, ref largest, ref best);
                    if (dx == null)
                        Y[window] = largest;
                    else
                        dx[best] += Dy[window];
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Consider(T* x, nint at, ref T largest, ref nint best)
        {
            T value = x[at];
            bool better = value > largest || (T.IsNaN(value) && !T.IsNaN(largest));
            largest = better ? value : largest;
            best = better ? at : best;
        }
    }
}
