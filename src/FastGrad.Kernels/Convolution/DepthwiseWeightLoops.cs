using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Convolution;

/// <summary>The weight gradient of a depthwise convolution: sums over outputs, in a fixed number of lanes.</summary>
/// <remarks>
/// Output column q adds to lane q mod 16 (float) or 8 (double), a chain over images, rows and columns; a last block of columns that is
/// shorter is filled with zeros. Then lanes are added in halves: lane l and l + 8, + 4, + 2, + 1. Narrow machines hold the lanes in several vectors.
/// </remarks>
internal static unsafe class DepthwiseWeightLoops<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Chains of one sum.</summary>
    public static int Lanes => 64 / sizeof(T);

    /// <summary>One channel.</summary>
    public static void Run(in WeightGradient<T> work, int channel)
    {
        if (Isa.Has512)
            Run<Simd512<T>>(work, channel);
        else if (Isa.Has256)
            Run<Simd256<T>>(work, channel);
        else if (Isa.Has128)
            Run<Simd128<T>>(work, channel);
        else
            Run<Lane<T>>(work, channel);
    }

    /// <summary>The same with vectors of a given width.</summary>
    [SkipLocalsInit]
    public static void Run<V>(in WeightGradient<T> work, int channel)
        where V : unmanaged, ISimdVector<V, T>
    {
        ConvolutionShape shape = work.Shape;
        int taps = shape.Window, rows = shape.Rows.Output, columns = shape.Columns.Output, whole = columns / Lanes * Lanes;
        nint size = work.Plane.Size(rows), rowStep = (nint)work.Plane.RowStep * work.Plane.Pitch;
        nint sums = (nint)taps * Lanes;
        T* sum = Scratch.C<T>(sums + size + 2 * Lanes + 64);
        T* plane = sum + sums;
        T* rest = plane + (size + 15) / 16 * 16;
        new Span<T>(sum, checked((int)sums)).Clear();
        new Span<T>(rest, 2 * Lanes).Clear();
        for (int image = 0; image < shape.Batch; image++)
        {
            nint at = (nint)image * shape.InputChannels + channel;
            work.Plane.Copy(work.X + at * shape.InputPlane, 0, rows, plane);
            T* dy = work.Dy + at * shape.OutputPlane;
            for (int t = 0; t < taps; t++)
            {
                T* x = plane + work.Offsets[t];
                if (whole > 0)
                    Add<V>(x, rowStep, dy, columns, rows, whole, rest, sum + t * Lanes, columns - whole);
                else
                    AddShort<V>(x, rowStep, dy, columns, rows, rest, sum + t * Lanes);
            }
        }
        T* dw = work.Dw + (nint)channel * taps;
        for (int t = 0; t < taps; t++)
        {
            T total = Fold(sum + t * Lanes);
            dw[t] = work.Accumulate ? dw[t] + total : total;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<V>(T* x, nint xRow, T* dy, nint dyRow, int rows, int whole, T* rest, T* sum, int left)
        where V : unmanaged, ISimdVector<V, T>
    {
        for (int r = 0; r < rows; r++, x += xRow, dy += dyRow)
        {
            for (int lane = 0; lane < Lanes; lane += V.Count)
            {
                V chain = V.Load(ref sum[lane], 0);
                for (int q = lane; q < whole; q += Lanes)
                    chain = V.FusedMultiplyAdd(V.Load(ref dy[q], 0), V.Load(ref x[q], 0), chain);
                V.Store(chain, ref sum[lane], 0);
            }
            if (left > 0)
                AddShort<V>(x + whole, 0, dy + whole, left, 1, rest, sum);
        }
    }

    // Copies with zeros behind them: what lies beyond the columns is another row's, and might be infinite.
    private static void AddShort<V>(T* x, nint xRow, T* dy, nint columns, int rows, T* rest, T* sum)
        where V : unmanaged, ISimdVector<V, T>
    {
        for (int r = 0; r < rows; r++, x += xRow, dy += columns)
        {
            for (int q = 0; q < columns; q++)
                (rest[q], rest[Lanes + q]) = (dy[q], x[q]);
            for (int lane = 0; lane < Lanes; lane += V.Count)
            {
                V chain = V.FusedMultiplyAdd(V.Load(ref rest[lane], 0), V.Load(ref rest[Lanes + lane], 0), V.Load(ref sum[lane], 0));
                V.Store(chain, ref sum[lane], 0);
            }
        }
    }

    private static T Fold(T* lanes)
    {
        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
                lanes[i] += lanes[i + half];
        }
        return lanes[0];
    }
}
