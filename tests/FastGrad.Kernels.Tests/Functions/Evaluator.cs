using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>The ways to run one operator on numbers of type T.</summary>
public abstract class Evaluator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>By the span driver: the widest vectors, and their tails.</summary>
    public abstract void Values(ReadOnlySpan<T> x, Span<T> y);

    /// <summary>f′ at the inputs x by the span driver, with what the operator's derivative reads.</summary>
    public abstract void Derivatives(ReadOnlySpan<T> x, Span<T> d);

    /// <summary>One lane at a time.</summary>
    public abstract T Value(T x);

    public abstract T Derivative(T x);

    /// <summary>On vectors of 128, 256 or 512 bits, emulated where the machine has none. The length is a multiple of the width.</summary>
    public abstract T[] On(int bits, T[] x);
}

public sealed class Evaluator<TOperator, T>(TOperator op) : Evaluator<T>
    where TOperator : struct, IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Values(ReadOnlySpan<T> x, Span<T> y) => Unary.Apply(op, x, y);

    public override void Derivatives(ReadOnlySpan<T> x, Span<T> d)
    {
        T[] residual = x.ToArray(), ones = new T[x.Length];
        if (TOperator.Residual == Residual.Output)
            Values(x, residual);
        Array.Fill(ones, T.One);
        Unary.Backward<TOperator, T>(op, ones, residual, d, accumulate: false);
    }

    public override T Value(T x) => op.Value(new Lane<T>(x)).Value;

    public override T Derivative(T x) =>
        op.Derivative(new Lane<T>(TOperator.Residual == Residual.Output ? Value(x) : x)).Value;

    public override T[] On(int bits, T[] x) => bits switch
    {
        128 => On<Simd128<T>>(x),
        256 => On<Simd256<T>>(x),
        512 => On<Simd512<T>>(x),
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "Expected 128, 256 or 512."),
    };

    private T[] On<V>(T[] x)
        where V : struct, ISimdVector<V, T>
    {
        T[] y = new T[x.Length];
        for (int i = 0; i < x.Length; i += V.Count)
            V.Store(op.Value(V.Load(in x[i], 0)), ref y[i], 0);
        return y;
    }
}
