using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;

namespace FastGrad.Legs.Cases;

/// <summary>Binary and ternary operators: values and every partial derivative, with full and scalar operands.</summary>
internal static class OperatorCases
{
    public static IEnumerable<Case> All() =>
    [
        .. Both("add", new Add<float>(), new Add<double>()),
        .. Both("subtract", new Subtract<float>(), new Subtract<double>()),
        .. Both("multiply", new Multiply<float>(), new Multiply<double>()),
        .. Both("divide", new Divide<float>(), new Divide<double>()),
        .. Both("maximum", new Maximum<float>(), new Maximum<double>()),
        .. Both("minimum", new Minimum<float>(), new Minimum<double>()),
        .. Both("add_scaled", new AddScaled<float>(0.3f), new AddScaled<double>(0.3)),
        new("fused_multiply_add.float", digest => Ternary<FusedMultiplyAdd<float>, float>(digest, default)),
        new("fused_multiply_add.double", digest => Ternary<FusedMultiplyAdd<double>, double>(digest, default)),
        new("lerp.float", digest => Ternary<Lerp<float>, float>(digest, default)),
        new("lerp.double", digest => Ternary<Lerp<double>, double>(digest, default)),
    ];

    private static IEnumerable<Case> Both<TSingle, TDouble>(string name, TSingle single, TDouble twice)
        where TSingle : struct, IBinaryOperator<float>
        where TDouble : struct, IBinaryOperator<double> =>
    [
        new($"{name}.float", digest => Binary<TSingle, float>(digest, single)),
        new($"{name}.double", digest => Binary<TDouble, double>(digest, twice)),
    ];

    private static void Binary<TOperator, T>(Digest digest, TOperator op)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Spread<T>(), y = [.. Inputs.Spread<T>().Reverse()], dz = Inputs.Uniform<T>(x.Length, 5);
        T[] z = new T[x.Length], gradient = new T[x.Length];
        foreach (T[] right in (T[][])[y, [T.One / T.CreateTruncating(3)]])
        {
            Kernels.Elementwise.Binary.Apply(op, x, right, z);
            digest.Add<T>(z);
            Kernels.Elementwise.Binary.BackwardLeft(op, x, right, z, dz, gradient, accumulate: false);
            digest.Add<T>(gradient);
            Kernels.Elementwise.Binary.BackwardRight(op, x, right, z, dz, gradient, accumulate: true);
            digest.Add<T>(gradient);
        }
    }

    private static void Ternary<TOperator, T>(Digest digest, TOperator op)
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Spread<T>(), y = [.. Inputs.Spread<T>().Reverse()], z = Inputs.Uniform<T>(x.Length, 6), dw = Inputs.Uniform<T>(x.Length, 5);
        T[] w = new T[x.Length], gradient = new T[x.Length];
        Kernels.Elementwise.Ternary.Apply(op, x, y, z, w);
        digest.Add<T>(w);
        Kernels.Elementwise.Ternary.BackwardFirst(op, x, y, z, dw, gradient, accumulate: false);
        digest.Add<T>(gradient);
        Kernels.Elementwise.Ternary.BackwardSecond(op, x, y, z, dw, gradient, accumulate: true);
        digest.Add<T>(gradient);
        Kernels.Elementwise.Ternary.BackwardThird(op, x, y, z, dw, gradient, accumulate: true);
        digest.Add<T>(gradient);
    }
}
