using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Normalization;

/// <summary>What layer norm and RMS norm share: checks, and the choice of kernels.</summary>
internal static unsafe class RowNorm
{
    public static void Forward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, int rows, int columns, T epsilon,
        Span<T> y, Span<T> mean, Span<T> reciprocal, bool centred, WorkerTeam? workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Matrix(x, rows, columns);
        SpanCheck.SameLength(x, y);
        SpanCheck.SameOrDisjoint(x, y);
        RowCheck.Parameters(weight, columns, y);
        RowCheck.Parameters(bias, columns, y);
        if (weight.IsEmpty && !bias.IsEmpty)
            throw new ArgumentException("A bias without a weight; expected both, a weight alone, or neither.", nameof(bias));
        Saved(mean, rows, x, nameof(mean));
        Saved(reciprocal, rows, x, nameof(reciprocal));
        SpanCheck.Disjoint<T>(mean, y);
        SpanCheck.Disjoint<T>(reciprocal, y);
        if (x.Length == 0)
            return;
        fixed (T* px = x, pw = weight, pb = bias, py = y, pm = mean, pr = reciprocal)
        {
            if (weight.IsEmpty)
                RowJob<RowNormForward<Plain, T>>.Run(new() { X = px, Y = py, Mean = pm, Reciprocal = pr, Columns = columns, Epsilon = epsilon, Centred = centred }, rows, x.Length, workers);
            else if (bias.IsEmpty)
                RowJob<RowNormForward<Scaled, T>>.Run(new() { X = px, Weight = pw, Y = py, Mean = pm, Reciprocal = pr, Columns = columns, Epsilon = epsilon, Centred = centred }, rows, x.Length, workers);
            else
                RowJob<RowNormForward<ScaledShifted, T>>.Run(new() { X = px, Weight = pw, Bias = pb, Y = py, Mean = pm, Reciprocal = pr, Columns = columns, Epsilon = epsilon, Centred = centred }, rows, x.Length, workers);
        }
    }

    public static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> mean, ReadOnlySpan<T> reciprocal, ReadOnlySpan<T> dy, int rows, int columns,
        Span<T> dx, bool accumulate, WorkerTeam? workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Matrix(x, rows, columns);
        SpanCheck.SameLength(dy, x);
        SpanCheck.SameLength(dx, x);
        SpanCheck.SameOrDisjoint(x, dx);
        SpanCheck.SameOrDisjoint(dy, dx);
        RowCheck.Parameters(weight, columns, dx);
        RowCheck.Rows(reciprocal, rows);
        if (x.Length == 0)
            return;
        fixed (T* px = x, pw = weight, pd = dy, pdx = dx, pm = mean, pr = reciprocal)
        {
            if (weight.IsEmpty)
                Run<Plain, T>(px, pw, pm, pr, pd, pdx, rows, columns, accumulate, workers);
            else
                Run<Scaled, T>(px, pw, pm, pr, pd, pdx, rows, columns, accumulate, workers);
        }
    }

    public static void BackwardParameters<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> reciprocal, ReadOnlySpan<T> dy, int rows, int columns,
        Span<T> dweight, Span<T> dbias, bool accumulate, WorkerTeam? workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Matrix(x, rows, columns);
        SpanCheck.SameLength(dy, x);
        RowCheck.Rows(reciprocal, rows);
        RowCheck.Parameters((ReadOnlySpan<T>)dweight, columns, x);
        RowCheck.Parameters((ReadOnlySpan<T>)dbias, columns, dy);
        if (rows == 0)
        {
            if (!accumulate)
            {
                dweight.Clear();
                dbias.Clear();
            }
            return;
        }
        fixed (T* px = x, pd = dy, pm = mean, pr = reciprocal, pdw = dweight, pdb = dbias)
        {
            var kernel = new RowNormParameters<T>
            {
                X = px, Dy = pd, Mean = pm, Reciprocal = pr, DWeight = pdw, DBias = pdb, Rows = rows, Columns = columns, Accumulate = accumulate,
            };
            RowJob<RowNormParameters<T>>.Run(kernel, kernel.Strips, x.Length, workers);
        }
    }

    private static void Run<TAffine, T>(T* x, T* weight, T* mean, T* reciprocal, T* dy, T* dx, int rows, int columns, bool accumulate, WorkerTeam? workers)
        where TAffine : struct, IAffine
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (accumulate)
            RowJob<RowNormBackward<TAffine, Added, T>>.Run(new() { X = x, Weight = weight, Mean = mean, Reciprocal = reciprocal, Dy = dy, Dx = dx, Columns = columns }, rows, (long)rows * columns, workers);
        else
            RowJob<RowNormBackward<TAffine, Written, T>>.Run(new() { X = x, Weight = weight, Mean = mean, Reciprocal = reciprocal, Dy = dy, Dx = dx, Columns = columns }, rows, (long)rows * columns, workers);
    }

    private static void Saved<T>(Span<T> saved, int rows, ReadOnlySpan<T> x, string name)
        where T : unmanaged
    {
        if (saved.IsEmpty)
            return;
        RowCheck.Rows((ReadOnlySpan<T>)saved, rows, name);
        SpanCheck.Disjoint(x, saved);
    }
}
