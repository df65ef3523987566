using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Convolution;

/// <summary>A correlation with one output channel a group, depthwise above all: vectors of neighbouring outputs straight from the laid-out planes.</summary>
/// <remarks>One row of weights would not repay gathering a strip: each element of it is used once.</remarks>
internal static unsafe class DirectLoops<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>One image and group, some rows of outputs.</summary>
    public static void Run(in Correlation<T> work, int image, int group, int row, int rows)
    {
        if (Isa.Has512)
            Run<Simd512<T>>(work, image, group, row, rows);
        else if (Isa.Has256)
            Run<Simd256<T>>(work, image, group, row, rows);
        else if (Isa.Has128)
            Run<Simd128<T>>(work, image, group, row, rows);
        else
            Run<Lane<T>>(work, image, group, row, rows);
    }

    /// <summary>The same with vectors of a given width.</summary>
    public static void Run<V>(in Correlation<T> work, int image, int group, int row, int rows)
        where V : unmanaged, ISimdVector<V, T>
    {
        // Rows are computed in whole vectors, so a vector reads as far behind a row as it is long.
        int vectors = (work.Columns + V.Count - 1) / V.Count;
        nint channel = work.Plane.Size(rows), rowStep = (nint)work.Plane.RowStep * work.Plane.Pitch;
        nint planes = work.Channels * channel + Strips.Slack, steps = work.Steps;
        T* plane = Scratch.C<T>(planes + vectors * V.Count + 32 + (steps + 1) * sizeof(nint) / sizeof(T));
        T* line = plane + (planes + 15) / 16 * 16;
        nint* offsets = (nint*)(line + (vectors * V.Count + 15) / 16 * 16);
        T* x = work.X + image * work.XImage + (nint)group * work.Channels * work.XChannel;
        for (int c = 0; c < work.Channels; c++)
        {
            work.Plane.Copy(x + c * work.XChannel, row, rows, plane + c * channel);
            for (int t = 0; t < work.Taps; t++)
                offsets[c * work.Taps + t] = c * channel + work.Offsets[t];
        }

        T* a = work.A + group * work.AGroup;
        T* bias = work.Bias == null ? null : work.Bias + group;
        T* y = work.Y + image * work.YImage + group * work.YChannel + row * work.YRow;
        for (int r = 0; r < rows; r++, plane += rowStep, y += work.YRow)
        {
            if (work.Accumulate)
            {
                for (int q = 0; q < work.Columns; q++)
                    line[q] = y[q * work.YColumn];
            }
            Line<V>(plane, offsets, a, steps, line, vectors, work.Accumulate, bias);
            if (work.YColumn == 1)
            {
                Plane.Move(line, y, work.Columns);
                work.Complete(image, group, 0, 1, (row + r) * work.Columns, work.Columns, y);
                continue;
            }
            for (int q = 0; q < work.Columns; q++)
                y[q * work.YColumn] = line[q];
        }
    }

    // Four chains side by side hide the latency of the fused multiply-add.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Line<V>(T* plane, nint* offsets, T* a, nint steps, T* line, int vectors, bool load, T* bias)
        where V : unmanaged, ISimdVector<V, T>
    {
        V addend = V.Create(bias == null ? T.Zero : *bias);
        int v = 0;
        for (; v + 4 <= vectors; v += 4, plane += 4 * V.Count, line += 4 * V.Count)
        {
            V c0 = default, c1 = default, c2 = default, c3 = default;
            if (load)
            {
                c0 = At<V>(line);
                c1 = At<V>(line + V.Count);
                c2 = At<V>(line + 2 * V.Count);
                c3 = At<V>(line + 3 * V.Count);
            }
            for (nint i = 0; i < steps; i++)
            {
                V w = V.Create(a[i]);
                T* x = plane + offsets[i];
                c0 = V.FusedMultiplyAdd(w, At<V>(x), c0);
                c1 = V.FusedMultiplyAdd(w, At<V>(x + V.Count), c1);
                c2 = V.FusedMultiplyAdd(w, At<V>(x + 2 * V.Count), c2);
                c3 = V.FusedMultiplyAdd(w, At<V>(x + 3 * V.Count), c3);
            }
            Put(bias == null ? c0 : c0 + addend, line);
            Put(bias == null ? c1 : c1 + addend, line + V.Count);
            Put(bias == null ? c2 : c2 + addend, line + 2 * V.Count);
            Put(bias == null ? c3 : c3 + addend, line + 3 * V.Count);
        }
        for (; v + 2 <= vectors; v += 2, plane += 2 * V.Count, line += 2 * V.Count)
        {
            V c0 = load ? At<V>(line) : default, c1 = load ? At<V>(line + V.Count) : default;
            for (nint i = 0; i < steps; i++)
            {
                V w = V.Create(a[i]);
                T* x = plane + offsets[i];
                c0 = V.FusedMultiplyAdd(w, At<V>(x), c0);
                c1 = V.FusedMultiplyAdd(w, At<V>(x + V.Count), c1);
            }
            Put(bias == null ? c0 : c0 + addend, line);
            Put(bias == null ? c1 : c1 + addend, line + V.Count);
        }
        for (; v < vectors; v++, plane += V.Count, line += V.Count)
        {
            V c = load ? At<V>(line) : default;
            for (nint i = 0; i < steps; i++)
                c = V.FusedMultiplyAdd(V.Create(a[i]), At<V>(plane + offsets[i]), c);
            Put(bias == null ? c : c + addend, line);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V At<V>(T* p)
        where V : unmanaged, ISimdVector<V, T> => V.Load(ref *p, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<V>(V value, T* p)
        where V : unmanaged, ISimdVector<V, T> => V.Store(value, ref *p, 0);
}
