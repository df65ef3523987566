using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Convolution;

/// <summary>The weight gradient by Winograd: dw = Gᵀ[Σ (Bᵀ·d·B) ∘ (A·dy·Aᵀ)]G over all tiles of all images, the transpose of <see cref="Winograd{T}"/>.</summary>
/// <remarks>
/// Each of the 16 points is a product [input channels, tiles] by [tiles, output channels], one chain over (image, tile row, tile column). Threads share the
/// input channels, so no sum is split.
/// </remarks>
internal readonly unsafe struct WinogradGradient<TKernels, T> : IWorkerJob
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of sums that one part holds, and of sums and transformed tiles together: inside an L2 cache of 1 MiB.</summary>
    private const int HeldSums = 384 * 1024, Held = 896 * 1024;

    private readonly ConvolutionShape _shape;
    private readonly T* _x, _dy, _dw;
    private readonly bool _accumulate;
    private readonly Partition _inputs;

    private WinogradGradient(ConvolutionShape shape, T* x, T* dy, T* dw, bool accumulate, int inputs)
    {
        _shape = shape;
        _x = x;
        _dy = dy;
        _dw = dw;
        _accumulate = accumulate;
        _inputs = new(shape.InputChannels, inputs);
    }

    /// <summary>Elements from one tile's or sum's output channels to the next: whole vectors.</summary>
    private int Wide => WinogradRows.Padded(_shape.OutputChannels);

    private int TileRows => (_shape.Rows.Output + 1) / 2;

    private int TileColumns => (_shape.Columns.Output + 1) / 2;

    public static void Run(ConvolutionShape shape, T* x, T* dy, T* dw, bool accumulate, WorkerTeam? workers)
    {
        int threads = (int)Math.Clamp(shape.MultiplyAdds / GemmJob<TKernels, T>.Worthwhile, 1, workers?.Size ?? 1);
        int most = Math.Max(TKernels.Rows, HeldSums / sizeof(T) / Winograd<T>.Points / WinogradRows.Padded(shape.OutputChannels));
        int parts = (Math.Max(threads, (shape.InputChannels + most - 1) / most) + threads - 1) / threads * threads;
        int share = (shape.InputChannels + parts - 1) / parts;
        var job = new WinogradGradient<TKernels, T>(shape, x, dy, dw, accumulate, (share + TKernels.Rows - 1) / TKernels.Rows * TKernels.Rows);
        if (threads > 1)
        {
            workers!.Run(job._inputs.Count, ref job);
            return;
        }
        for (int part = 0; part < job._inputs.Count; part++)
            job.Execute(part);
    }

    public void Execute(int part)
    {
        if (Isa.Has512)
            Run<Simd512<T>>(_inputs.Start(part), _inputs.Size(part));
        else if (Isa.Has256)
            Run<Simd256<T>>(_inputs.Start(part), _inputs.Size(part));
        else if (Isa.Has128)
            Run<Simd128<T>>(_inputs.Start(part), _inputs.Size(part));
        else
            Run<Lane<T>>(_inputs.Start(part), _inputs.Size(part));
    }

    private void Run<V>(int input, int inputs)
        where V : struct, ISimdVector<V, T>
    {
        (ConvolutionAxis rows, ConvolutionAxis columns) = (_shape.Rows, _shape.Columns);
        int wide = Wide, positions = rows.Output * columns.Output;
        long free = Held / sizeof(T) / Winograd<T>.Points - (long)inputs * wide;
        int some = (int)Math.Clamp(free / (inputs + wide) / TileColumns, 1, TileRows);
        some = (TileRows + (TileRows + some - 1) / some - 1) / ((TileRows + some - 1) / some); // equal blocks
        int tiles = WinogradRows.Padded(some * TileColumns);

        nint sumPoint = (nint)inputs * wide, vPoint = (nint)inputs * tiles + WinogradRows.Lanes, dPoint = (nint)tiles * wide + WinogradRows.Lanes;
        nint lines = (nint)2 * some * columns.Output * wide;
        T* sums = Scratch.C<T>(Winograd<T>.Points * (sumPoint + vPoint + dPoint) + lines + wide + WinogradRows.BufferSize(some, TileColumns));
        T* v = sums + Winograd<T>.Points * sumPoint, d = v + Winograd<T>.Points * vPoint, line = d + Winograd<T>.Points * dPoint, zeros = line + lines;
        new Span<T>(zeros, wide).Clear();
        WinogradRows<T> transforms = new(zeros + wide, some, TileColumns);
        transforms.Begin();

        bool load = false;
        for (int image = 0; image < _shape.Batch; image++)
        {
            T* x = _x + ((nint)image * _shape.InputChannels + input) * _shape.InputPlane, dy = _dy + (nint)image * _shape.OutputChannels * positions;
            for (int first = 0; first < TileRows; first += some)
            {
                // A last block may be shorter: its other tiles are made, of what lies below, and not used.
                int blockRows = Math.Min(some, TileRows - first), outputs = Math.Min(2 * blockRows, rows.Output - 2 * first);
                for (int c = 0; c < inputs; c++)
                    transforms.Inputs<V>(x + (nint)c * _shape.InputPlane, 2 * first - rows.Padding, rows.Input, columns.Input, columns.Padding, v + (nint)c * tiles, vPoint);
                Transposition.Copy(dy + (nint)2 * first * columns.Output, positions, _shape.OutputChannels, outputs * columns.Output, line, wide);
                Outputs<V>(line, outputs, columns.Output, wide, zeros, d, dPoint);
                for (int point = 0; point < Winograd<T>.Points; point++)
                    Multiply(inputs, wide, blockRows * TileColumns, v + point * vPoint, tiles, d + point * dPoint, sums + point * sumPoint, load);
                load = true;
            }
        }
        if (!load)
            new Span<T>(sums, checked((int)(Winograd<T>.Points * sumPoint))).Clear(); // no images
        Finish(sums, sumPoint, wide, input, inputs);
    }

    /// <summary>A·dy·Aᵀ of all tiles, in vectors along the output channels: to[point·toPoint + tile·wide + channel].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outputs<V>(T* dy, int rows, int columns, int wide, T* zeros, T* to, nint toPoint)
        where V : struct, ISimdVector<V, T>
    {
        for (int row = 0; row < rows; row += 2)
        {
            for (int column = 0; column < columns; column += 2, to += wide)
            {
                bool right = column + 1 < columns, below = row + 1 < rows;
                T* d00 = dy + ((nint)row * columns + column) * wide, d01 = right ? d00 + wide : zeros;
                T* d10 = below ? d00 + (nint)columns * wide : zeros, d11 = below && right ? d10 + wide : zeros;
                for (int m = 0; m < wide; m += V.Count)
                {
                    V a = V.Load(in d00[m], 0), b = V.Load(in d01[m], 0), c = V.Load(in d10[m], 0), d = V.Load(in d11[m], 0);
                    T* target = to + m;
                    Row(a, b, target, toPoint);
                    Row(a + c, b + d, target + 4 * toPoint, toPoint);
                    Row(a - c, b - d, target + 8 * toPoint, toPoint);
                    Row(-c, -d, target + 12 * toPoint, toPoint);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Row(V left, V right, T* target, nint toPoint)
        {
            V.Store(left, ref *target, 0);
            V.Store(left + right, ref target[toPoint], 0);
            V.Store(left - right, ref target[2 * toPoint], 0);
            V.Store(-right, ref target[3 * toPoint], 0);
        }
    }

    /// <summary>One point's sums: c[inputs, wide] = or += a[inputs, tiles]·b[tiles, wide].</summary>
    private static void Multiply(int rows, int wide, int k, T* a, nint aRow, T* b, T* c, bool load)
    {
        while (rows > 0)
        {
            int some = rows >= TKernels.Rows ? TKernels.Rows : rows >= 4 ? 4 : rows >= 2 ? 2 : 1;
            for (int j = 0; j < wide;)
            {
                int vectors = (wide - j) / TKernels.Lanes;
                // Four vectors are better done as two and two than as three and one.
                vectors = vectors == 4 && TKernels.Vectors == 3 ? 2 : Math.Min(vectors, TKernels.Vectors);
                TKernels.Run(some, vectors, k, a, aRow, 1, b + j, wide, c + j, wide, 0, load, null);
                j += vectors * TKernels.Lanes;
            }
            a += some * aRow;
            c += (nint)some * wide;
            rows -= some;
        }
    }

    /// <summary>Gᵀ·s·G of each kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(T* sums, nint sumPoint, int wide, int input, int inputs)
    {
        T* s = stackalloc T[Winograd<T>.Points], g = stackalloc T[9];
        for (int m = 0; m < _shape.OutputChannels; m++)
        {
            T* dw = _dw + ((nint)m * _shape.InputChannels + input) * 9;
            for (int c = 0; c < inputs; c++, dw += 9)
            {
                for (int k = 0; k < Winograd<T>.Points; k++)
                    s[k] = sums[k * sumPoint + (nint)c * wide + m];
                WinogradWeights.Gradient(s, g);
                for (int k = 0; k < 9; k++)
                    dw[k] = _accumulate ? dw[k] + g[k] : g[k];
            }
        }
    }
}
