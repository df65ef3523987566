using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Normalization;

/// <summary>A loop over neighbouring lines of [outer, length, inner]: lane i walks down its line with steps of inner elements.</summary>
internal interface IAxisLoop<T> : ILoop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Goes to a strip: its first element in what has all elements, and its place in what has one for each line.</summary>
    void Move(nint element, nint line);
}

/// <summary>Strips of neighbouring lines, shared among threads. Each line is one chain down its axis, in order, so neither lanes nor threads show in its bits.</summary>
internal readonly struct AxisStrips<TLoop, T>(TLoop loop, int length, int inner) : IRowKernel
    where TLoop : struct, IAxisLoop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Wide enough that a strip's rows are whole cache lines, narrow enough that a long axis stays in the second level.
    private const int Strip = 128;

    /// <summary>Runs the loop over all strips.</summary>
    public static void Run(in TLoop loop, int outer, int length, int inner, WorkerTeam? workers = null)
    {
        if (outer != 0 && inner != 0)
            RowJob<AxisStrips<TLoop, T>>.Run(new(loop, length, inner), outer * Strips(inner), (long)outer * length * inner, workers);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int first, int count)
    {
        int strips = Strips(inner);
        for (int i = first; i < first + count; i++)
        {
            (int block, int strip) = Math.DivRem(i, strips);
            nint start = (nint)strip * Strip;
            TLoop one = loop;
            one.Move((nint)block * length * inner + start, (nint)block * inner + start);
            Ladder.Descend<TLoop, T>(ref one, (nuint)Math.Min(Strip, inner - start));
        }
    }

    private static int Strips(int inner) => (inner + Strip - 1) / Strip;
}
