using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Normalization;

/// <summary>Log-softmax of each row: yᵢ = (xᵢ − m) − log Σⱼ exp(xⱼ − m) with m = maxⱼ xⱼ.</summary>
/// <remarks>
/// −∞ is a masked entry and stays −∞; a row of −∞ alone gives NaN, and so does a row with NaN or with +∞: as torch.log_softmax.
/// The sum has the order of <see cref="Reduce"/>.
/// </remarks>
public static unsafe class LogSoftmax
{
    /// <summary>y = log-softmax of each row of x.</summary>
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

    /// <summary>dx = dy − exp(y)·Σⱼ dyⱼ in each row, or += that: from the outputs alone.</summary>
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
            RowRange<T> next = RowRange<T>.Of(x + (nint)first * columns, columns);
            for (int r = first; r < first + count; r++)
            {
                T* row = x + (nint)r * columns, result = y + (nint)r * columns;
                RowRange<T> range = next;
                T sum = RowExp.Sum(row, range, columns);
                if (r + 1 < first + count)
                    next = RowRange<T>.Of(row + columns, columns);
                ElementPass.Write(new Unary.Values<Shift<T>, T>(new(range.Maximum, Log<T>.At(sum)), row), result, columns);
            }
        }
    }

    private readonly struct BackwardKernel<T>(T* y, T* dy, T* dx, int columns, bool accumulate) : IRowKernel
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int first, int count)
        {
            for (int r = first; r < first + count; r++)
            {
                T* output = y + (nint)r * columns, gradient = dy + (nint)r * columns, result = dx + (nint)r * columns;
                T sum = FlatReduction.Of(new Sum<T>(), ref *gradient, ref *gradient, (nuint)columns);
                ElementPass.Write(new Binary.Values<Gradient<T>, Full<T>, T>(new(sum), new(output), new(gradient)), result, columns, accumulate);
            }
        }
    }

    /// <summary>(x − a) − b: two steps, since a + b would lose digits of b where a is large.</summary>
    private readonly struct Shift<T>(T a, T b) : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static Residual Residual => Residual.None;

        public static bool IsShort => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V>(V x)
            where V : struct, IArithmetic<V, T> => x - V.Create(a) - V.Create(b);

        public V Derivative<V>(V residual)
            where V : struct, IArithmetic<V, T> => V.Create(T.One);
    }

    /// <summary>d − eʸ·s: the row's transposed Jacobian applied, with s = Σ d.</summary>
    private readonly struct Gradient<T>(T s) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static Residual Residual => Residual.Input;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V>(V y, V d)
            where V : struct, IArithmetic<V, T> => d - V.Apply(default(FallingExp<T>), y) * V.Create(s); // y ≤ 0

        public V Left<V>(V y, V d, V z, V gradient)
            where V : struct, IArithmetic<V, T> => -(gradient * (Exp<T>.Of(y) * V.Create(s)));

        public V Right<V>(V y, V d, V z, V gradient)
            where V : struct, IArithmetic<V, T> => gradient;
    }
}
