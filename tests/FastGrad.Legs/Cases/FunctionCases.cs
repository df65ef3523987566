using System.Numerics;
using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;

namespace FastGrad.Legs.Cases;

/// <summary>Unary operators: values, and gradients written and added, over the whole format.</summary>
internal static class FunctionCases
{
    public static IEnumerable<Case> All() =>
    [
        .. Both<Exp<float>, Exp<double>>("exp"),
        .. Both<Silu<float>, Silu<double>>("silu"),
    ];

    private static IEnumerable<Case> Both<TFloat, TDouble>(string name)
        where TFloat : struct, IUnaryOperator<float>
        where TDouble : struct, IUnaryOperator<double> =>
    [
        new($"{name}.float", digest => Compute<TFloat, float>(digest)),
        new($"{name}.double", digest => Compute<TDouble, double>(digest)),
    ];

    private static void Compute<TOperator, T>(Digest digest)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Spread<T>(), y = new T[x.Length], dy = Inputs.Uniform<T>(x.Length, 5), dx = new T[x.Length];
        Unary.Apply(default(TOperator), x, y);
        digest.Add<T>(y);
        T[] residual = TOperator.Residual == Residual.Output ? y : x;
        Unary.Backward(default(TOperator), dy, residual, dx, accumulate: false);
        digest.Add<T>(dx);
        Unary.Backward(default(TOperator), dy, residual, dx, accumulate: true);
        digest.Add<T>(dx);
    }
}
