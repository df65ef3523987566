using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Normalization;

/// <summary>The one loop of kernels along an axis: strips of neighbouring lines, shared among threads.</summary>
/// <remarks>Each line is computed in order by one lane, so neither widths nor threads show in its bits.</remarks>
internal struct AxisStrips<TFormula, TStore, T> : IRowKernel, ILoop<T>
    where TFormula : struct, IAxisFormula<T>
    where TStore : struct, IStore
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Wide enough that a strip's rows are whole cache lines, narrow enough that a long axis stays in the second level.
    private const int Strip = 128;

    private AxisOperand<T> _x, _y, _z, _result;
    private int _length, _inner;

    /// <summary>Runs the formula over all lines.</summary>
    public static void Run(
        AxisOperand<T> x, AxisOperand<T> y, AxisOperand<T> z, AxisOperand<T> result, int outer, int length, int inner, WorkerTeam? workers)
    {
        if (outer == 0 || inner == 0)
            return;
        var strips = new AxisStrips<TFormula, TStore, T> { _x = x, _y = y, _z = z, _result = result, _length = length, _inner = inner };
        RowJob<AxisStrips<TFormula, TStore, T>>.Run(strips, outer * Strips(inner), (long)outer * length * inner, workers);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int first, int count)
    {
        int strips = Strips(_inner);
        for (int i = first; i < first + count; i++)
        {
            (int block, int strip) = Math.DivRem(i, strips);
            nint start = (nint)strip * Strip, element = (nint)block * _length * _inner + start, line = (nint)block * _inner + start;
            AxisStrips<TFormula, TStore, T> one = this;
            (one._x, one._y, one._z, one._result) = (_x.From(element, line), _y.From(element, line), _z.From(element, line), _result.From(element, line));
            Ladder.Descend<AxisStrips<TFormula, TStore, T>, T>(ref one, (nuint)Math.Min(Strip, _inner - start));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    readonly nuint ILoop<T>.Run<V>(nuint i, nuint length)
    {
        nuint inner = (nuint)_inner;
        for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            TFormula.Apply<V, TStore>(_x.Lines<V>(i, inner, _length), _y.Lines<V>(i, inner, _length), _z.Lines<V>(i, inner, _length), _result.Lines<V>(i, inner, _length));
        return i;
    }

    private static int Strips(int inner) => (inner + Strip - 1) / Strip;
}

/// <summary>The choice of the way of storing.</summary>
internal static class AxisStrips
{
    /// <summary>Runs a formula with one to three operands over all lines.</summary>
    public static void Run<TFormula, T>(
        AxisOperand<T> x, AxisOperand<T> y, AxisOperand<T> z, AxisOperand<T> result, int outer, int length, int inner, bool accumulate, WorkerTeam? workers)
        where TFormula : struct, IAxisFormula<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (accumulate)
            AxisStrips<TFormula, Added, T>.Run(x, y, z, result, outer, length, inner, workers);
        else
            AxisStrips<TFormula, Written, T>.Run(x, y, z, result, outer, length, inner, workers);
    }
}
