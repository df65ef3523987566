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
        .. Both("sqrt", new Sqrt<float>(), new Sqrt<double>()),
        .. Both("exp", new Exp<float>(), new Exp<double>()),
        .. Both("expm1", new Expm1<float>(), new Expm1<double>()),
        .. Both("log", new Log<float>(), new Log<double>()),
        .. Both("log1p", new Log1p<float>(), new Log1p<double>()),
        .. Both("tanh", new Tanh<float>(), new Tanh<double>()),
        .. Both("sigmoid", new Sigmoid<float>(), new Sigmoid<double>()),
        .. Both("erf", new Erf<float>(), new Erf<double>()),
        .. Both("erfc", new Erfc<float>(), new Erfc<double>()),
        .. Both("normal_tail", new NormalTail<float>(), new NormalTail<double>()),
        .. Both("gaussian", new Gaussian<float>(), new Gaussian<double>()),
        .. Both("weighted_tail", new WeightedTail<float>(), new WeightedTail<double>()),
        .. Both("sin", new Sin<float>(), new Sin<double>()),
        .. Both("cos", new Cos<float>(), new Cos<double>()),
        .. Both("exp2", new Exp2<float>(), new Exp2<double>()),
        .. Both("log2", new Log2<float>(), new Log2<double>()),
        .. Both("log10", new Log10<float>(), new Log10<double>()),
        .. Both("cbrt", new Cbrt<float>(), new Cbrt<double>()),
        .. Both("rsqrt", new Rsqrt<float>(), new Rsqrt<double>()),
        .. Both("tan", new Tan<float>(), new Tan<double>()),
        .. Both("asin", new Asin<float>(), new Asin<double>()),
        .. Both("acos", new Acos<float>(), new Acos<double>()),
        .. Both("atan", new Atan<float>(), new Atan<double>()),
        .. Both("sinh", new Sinh<float>(), new Sinh<double>()),
        .. Both("cosh", new Cosh<float>(), new Cosh<double>()),
        .. Both("asinh", new Asinh<float>(), new Asinh<double>()),
        .. Both("acosh", new Acosh<float>(), new Acosh<double>()),
        .. Both("atanh", new Atanh<float>(), new Atanh<double>()),
        .. Both("loggamma", new LogGamma<float>(), new LogGamma<double>()),
        .. Both("digamma", new Digamma<float>(), new Digamma<double>()),
        .. Both("trigamma", new Polygamma<float>(1), new Polygamma<double>(1)),
        .. Both("relu", new Relu<float>(), new Relu<double>()),
        .. Both("leaky_relu", new LeakyRelu<float>(0.01f), new LeakyRelu<double>(0.01)),
        .. Both("elu", new Elu<float>(1), new Elu<double>(1)),
        .. Both("softplus", new Softplus<float>(), new Softplus<double>()),
        .. Both("silu", new Silu<float>(), new Silu<double>()),
        .. Both("gelu", new Gelu<float>(), new Gelu<double>()),
        .. Both("gelu_tanh", new GeluTanh<float>(), new GeluTanh<double>()),
        .. Both("mish", new Mish<float>(), new Mish<double>()),
        .. Both("tanh_shrink", new TanhShrink<float>(), new TanhShrink<double>()),
        .. Both("log_sigmoid", new LogSigmoid<float>(), new LogSigmoid<double>()),
        .. Both("scaled_softplus", new ScaledSoftplus<float>(3), new ScaledSoftplus<double>(3)),
        .. Both("celu", new Celu<float>(1.5f), new Celu<double>(1.5)),
        .. Both("selu", new Selu<float>(), new Selu<double>()),
        .. Both("softsign", new Softsign<float>(), new Softsign<double>()),
        .. Both("hard_sigmoid", new HardSigmoid<float>(), new HardSigmoid<double>()),
        .. Both("hard_swish", new HardSwish<float>(), new HardSwish<double>()),
        new("hypot.float", digest => Powers<float>(digest, Hypot<float>.At)),
        new("hypot.double", digest => Powers<double>(digest, Hypot<double>.At)),
        new("atan2.float", digest => Powers<float>(digest, Atan2<float>.At)),
        new("atan2.double", digest => Powers<double>(digest, Atan2<double>.At)),
        new("pow.float", digest => Powers<float>(digest, Pow<float>.At)),
        new("pow.double", digest => Powers<double>(digest, Pow<double>.At)),
    ];

    private static void Powers<T>(Digest digest, Func<T, T, T> pow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Spread<T>(), y = [.. x.Reverse()], small = Inputs.Uniform<T>(x.Length, 9, 0, 2), z = new T[x.Length];
        for (int i = 0; i < z.Length; i++)
            z[i] = pow(x[i], y[i]);
        digest.Add<T>(z);
        for (int i = 0; i < z.Length; i++)
            z[i] = pow(small[i], y[i]);
        digest.Add<T>(z);
    }

    private static IEnumerable<Case> Both<TSingle, TDouble>(string name, TSingle single, TDouble twice)
        where TSingle : struct, IUnaryOperator<float>
        where TDouble : struct, IUnaryOperator<double> =>
    [
        new($"{name}.float", digest => Compute<TSingle, float>(digest, single)),
        new($"{name}.double", digest => Compute<TDouble, double>(digest, twice)),
    ];

    private static void Compute<TOperator, T>(Digest digest, TOperator op)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Spread<T>(), y = new T[x.Length], dy = Inputs.Uniform<T>(x.Length, 5), dx = new T[x.Length];
        Unary.Apply(op, x, y);
        digest.Add<T>(y);
        T[] residual = TOperator.Residual == Residual.Output ? y : x;
        Unary.Backward(op, dy, residual, dx, accumulate: false);
        digest.Add<T>(dx);
        Unary.Backward(op, dy, residual, dx, accumulate: true);
        digest.Add<T>(dx);
    }
}
