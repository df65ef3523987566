using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Kernels.Convolution;

/// <summary>A correlation as a product: weights [M, steps] by panels of the image [steps, outputs], gathered strip by strip.</summary>
/// <remarks>
/// The matrix that a convolution multiplies by is never stored: a strip of it, as many outputs as a tile has columns, is gathered just before
/// all rows of weights pass over it. Gathering costs one copy for M multiply-adds. A bias is one more step, of ones: fma(b, 1, y) is y + b, so
/// no other pass over y is needed.
/// </remarks>
internal static unsafe class CorrelationLoops<TKernels, T>
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of gathered strips at once: well inside an L2 cache, and enough for weights to pass over several.</summary>
    private const int Gathered = 384 * 1024;

    /// <summary>Steps between two visits to C: a tile's rows of weights stay in L1.</summary>
    private const int MostSteps = 640;

    private static int Width => TKernels.Vectors * TKernels.Lanes;

    /// <summary>One image and group, some rows of outputs.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Correlation<T> work, int image, int group, int row, int rows)
    {
        int channels = ChannelsAtOnce(work), bias = work.Bias == null ? 0 : 1, steps = channels * work.Taps + bias, outputs = rows * work.Columns;
        int block = Math.Max(1, Gathered / sizeof(T) / Math.Max(1, steps) / Width) * Width;
        block = Math.Min(block, (outputs + Width - 1) / Width * Width);
        nint channel = work.InPlace ? work.XChannel : work.Plane.Size(rows);
        nint planes = work.InPlace ? 0 : work.Channels * channel + Strips.Slack;
        nint strips = (nint)block * steps + Strips.Slack;
        nint scattered = work.IsDense ? 0 : (nint)block * work.M;

        T* plane = Scratch.C<T>(planes + strips + scattered + 64);
        T* strip = plane + (planes + 15) / 16 * 16;
        T* c = strip + (strips + 15) / 16 * 16;
        T* x = work.X + image * work.XImage + (nint)group * work.Channels * work.XChannel;
        T* y = work.Y + image * work.YImage + (nint)group * work.M * work.YChannel;
        if (work.InPlace)
        {
            plane = x + (nint)row * work.Columns;
        }
        else
        {
            for (int i = 0; i < work.Channels; i++)
                work.Plane.Copy(x + i * work.XChannel, row, rows, plane + i * channel);
        }

        nint* starts = stackalloc nint[Width];
        int* lengths = stackalloc int[Width];
        Strips runs = new(starts, lengths);
        for (int first = 0; first < outputs; first += block)
        {
            int count = Math.Min(block, outputs - first);
            nint cRow = work.IsDense ? work.YChannel : block;
            T* target = work.IsDense ? y + (nint)row * work.Columns + first : c;
            if (!work.IsDense && work.Accumulate)
                Scatter.From(work, y, row, first, count, c, block);
            int done = 0;
            do
            {
                int some = Math.Min(channels, work.Channels - done), k = some * work.Taps + (done + some == work.Channels ? bias : 0);
                for (int j = 0; j < count; j += Width)
                {
                    int columns = Math.Min(Width, count - j);
                    runs.Find(first + j, columns, work.Columns, work.InPlace ? work.Columns : (nint)work.Plane.RowStep * work.Plane.Pitch);
                    if (work.InPlace)
                        runs.GatherExactly(plane + done * channel, channel, some, work.Offsets, work.Taps, strip + (nint)j * k, Step(columns));
                    else
                        runs.Gather(plane + done * channel, channel, some, work.Offsets, work.Taps, strip + (nint)j * k, Step(columns));
                    if (k > some * work.Taps)
                        new Span<T>(strip + (nint)j * k + (k - 1) * Step(columns), columns).Fill(T.One);
                }
                T* a = work.A + group * work.AGroup + (nint)done * work.Taps * TKernels.Rows;
                Multiply(work.M, k, a, ((nint)work.Steps + bias) * TKernels.Rows, strip, count, target, cRow, work.Accumulate || done > 0);
                done += some;
                if (done == work.Channels)
                    work.Complete(image, group, 0, work.M, row * work.Columns + first, count, target);
            }
            while (done < work.Channels);
            if (!work.IsDense)
                Scatter.To(work, y, row, first, count, c, block);
        }
    }

    /// <summary>All rows of weights over the strips: each row's weights come once, and stay in L1 while the strips come from L2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(int m, int k, T* a, nint aGroup, T* strips, int count, T* c, nint cRow, bool load)
    {
        for (int i = 0; i < m; i += TKernels.Rows, a += aGroup, c += TKernels.Rows * cRow)
        {
            for (int j = 0; j < count; j += Width)
            {
                int columns = Math.Min(Width, count - j);
                Tile(Math.Min(TKernels.Rows, m - i), columns, k, a, strips + (nint)j * k, c + j, cRow, load);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(int rows, int columns, int k, T* a, T* b, T* c, nint cRow, bool load)
    {
        int vectors = columns / TKernels.Lanes, lanes = columns % TKernels.Lanes, whole = columns - lanes;
        while (rows > 0)
        {
            int some = rows == TKernels.Rows ? rows : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;
            if (vectors > 0)
                TKernels.Run(some, vectors, k, a, 1, TKernels.Rows, b, Step(columns), c, cRow, 0, load, null);
            if (lanes > 0)
                TKernels.Run(some, 0, k, a, 1, TKernels.Rows, b + whole, Step(columns), c + whole, cRow, lanes, load, null);
            a += some;
            c += some * cRow;
            rows -= some;
        }
    }

    /// <summary>From one step of a strip to the next: whole vectors, so that loads are aligned.</summary>
    private static nint Step(int columns) => (columns + TKernels.Lanes - 1) / TKernels.Lanes * TKernels.Lanes;

    /// <summary>Equal shares of the channels with at most <see cref="MostSteps"/> steps, or one channel.</summary>
    private static int ChannelsAtOnce(in Correlation<T> work)
    {
        int shares = (int)Math.Min(Math.Max(1, work.Channels), ((long)work.Steps + MostSteps - 1) / MostSteps);
        return (work.Channels + Math.Max(1, shares) - 1) / Math.Max(1, shares);
    }
}
