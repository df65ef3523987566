using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Normalization;

/// <summary>Softmax of each row: yᵢ = exp(xᵢ − m)/Σⱼ exp(xⱼ − m) with m = maxⱼ xⱼ.</summary>
/// <remarks>
/// Subtracting the maximum keeps every exponential in [0, 1] and one of them 1, so the sum s is between 1 and the number of columns and 1/s is
/// exact to half an ulp; rows are multiplied by it. −∞ is a masked entry and gives 0; a row of −∞ alone gives NaN, and so does a row with NaN or
/// with +∞: as torch.softmax. The sum has the order of <see cref="Reduce"/>.
/// </remarks>
public static unsafe class Softmax
{
    /// <summary>y = softmax of each row of x.</summary>
    /// <param name="x">rows·columns elements.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="y">As many results; the memory of <paramref name="x"/>, or none of it.</param>
    /// <param name="workers">The team to share the rows; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap without being the same.</exception>
    public static void Forward<T>(ReadOnlySpan<T> x, int rows, int columns, Span<T> y, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Matrix(x, rows, columns);
        SpanCheck.SameLength(x, y);
        SpanCheck.SameOrDisjoint(x, y);
        if (x.Length == 0)
            return;
        fixed (T* px = x, py = y)
            RowJob<ForwardKernel<T>>.Run(new(px, py, columns), rows, x.Length, workers);
    }

    /// <summary>dx = y·(dy − Σⱼ dyⱼ·yⱼ) in each row, or += that: from the outputs alone.</summary>
    /// <remarks>The Jacobian is symmetric: the same call takes a tangent dx to dy.</remarks>
    /// <param name="y">The outputs of <see cref="Forward{T}"/>.</param>
    /// <param name="dy">The gradient with respect to them.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="dx">The gradient with respect to the inputs; it may be the memory of <paramref name="dy"/> or <paramref name="y"/>.</param>
    /// <param name="accumulate">Whether to add to <paramref name="dx"/>.</param>
    /// <param name="workers">The team to share the rows; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap without being the same.</exception>
    public static void Backward<T>(
        ReadOnlySpan<T> y, ReadOnlySpan<T> dy, int rows, int columns, Span<T> dx, bool accumulate, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCheck.Matrix(y, rows, columns);
        SpanCheck.SameLength(dy, y);
        SpanCheck.SameLength(dx, y);
        SpanCheck.SameOrDisjoint(y, dx);
        SpanCheck.SameOrDisjoint(dy, dx);
        if (y.Length == 0)
            return;
        fixed (T* py = y, pd = dy, pdx = dx)
            RowJob<BackwardKernel<T>>.Run(new(py, pd, pdx, columns, accumulate), rows, y.Length, workers);
    }

    private readonly struct ForwardKernel<T>(T* x, T* y, int columns) : IRowKernel
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int first, int count)
        {
            // A row's range before the previous row is scaled, so that neither waits for a reduction's last steps.
            RowRange<T> range = RowRange<T>.Of(x + (nint)first * columns, columns);
            for (int r = first; r < first + count; r++)
            {
                T* row = x + (nint)r * columns, result = y + (nint)r * columns;
                T sum = RowExp.Store(row, range, result, columns);
                if (r + 1 < first + count)
                    range = RowRange<T>.Of(row + columns, columns);
                ElementPass.Write(new Unary.Values<MultiplyScalar<T>, T>(new(T.One / sum), result), result, columns);
            }
        }
    }

    private readonly struct BackwardKernel<T>(T* y, T* dy, T* dx, int columns, bool accumulate) : IRowKernel
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int first, int count)
        {
            T next = RowDot(first);
            for (int r = first; r < first + count; r++)
            {
                T* output = y + (nint)r * columns, gradient = dy + (nint)r * columns, result = dx + (nint)r * columns;
                T dot = next;
                if (r + 1 < first + count)
                    next = RowDot(r + 1);
                ElementPass.Write(new Binary.Values<Centred<T>, Full<T>, T>(new(dot), new(output), new(gradient)), result, columns, accumulate);
            }
        }

        private T RowDot(int r) => FlatReduction.Of(new Dot<T>(), ref dy[(nint)r * columns], ref y[(nint)r * columns], (nuint)columns);
    }

    /// <summary>y·(d − c): the row's Jacobian applied, with c = Σ d·y.</summary>
    private readonly struct Centred<T>(T c) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static Residual Residual => Residual.Input | Residual.Second;

        public static bool IsShort => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V>(V y, V d)
            where V : struct, IArithmetic<V, T> => y * (d - V.Create(c));

        public V Left<V>(V y, V d, V z, V gradient)
            where V : struct, IArithmetic<V, T> => gradient * (d - V.Create(c));

        public V Right<V>(V y, V d, V z, V gradient)
            where V : struct, IArithmetic<V, T> => gradient * y;
    }
}
