using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;

namespace FastGrad.Legs.Cases;

/// <summary>Basic operators: values with spans and scalars, gradients written and added, over the whole format.</summary>
internal static class ElementwiseCases
{
    public static IEnumerable<Case> All() => [.. In<float>("float"), .. In<double>("double")];

    private static IEnumerable<Case> In<T>(string type)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        new($"negate.{type}", digest => Single<Negate<T>, T>(digest, new())),
        new($"abs.{type}", digest => Single<Abs<T>, T>(digest, new())),
        new($"square.{type}", digest => Single<Square<T>, T>(digest, new())),
        new($"reciprocal.{type}", digest => Single<Reciprocal<T>, T>(digest, new())),
        new($"sign.{type}", digest => Single<Sign<T>, T>(digest, new())),
        new($"round.{type}", digest => Single<Round<T>, T>(digest, new())),
        new($"floor.{type}", digest => Single<Floor<T>, T>(digest, new())),
        new($"ceiling.{type}", digest => Single<Ceiling<T>, T>(digest, new())),
        new($"truncate.{type}", digest => Single<Truncate<T>, T>(digest, new())),
        new($"clamp.{type}", digest => Single<Clamp<T>, T>(digest, new(-T.One, T.One))),
        new($"add.{type}", digest => Pair<Add<T>, T>(digest, new())),
        new($"subtract.{type}", digest => Pair<Subtract<T>, T>(digest, new())),
        new($"multiply.{type}", digest => Pair<Multiply<T>, T>(digest, new())),
        new($"divide.{type}", digest => Pair<Divide<T>, T>(digest, new())),
        new($"maximum.{type}", digest => Pair<Maximum<T>, T>(digest, new())),
        new($"minimum.{type}", digest => Pair<Minimum<T>, T>(digest, new())),
        new($"greater_of.{type}", digest => Pair<GreaterOf<T>, T>(digest, new())),
        new($"lesser_of.{type}", digest => Pair<LesserOf<T>, T>(digest, new())),
        new($"copy_sign.{type}", digest => Pair<CopySign<T>, T>(digest, new())),
        new($"greater_than.{type}", digest => Pair<GreaterThan<T>, T>(digest, new())),
        new($"less_than_or_equal.{type}", digest => Pair<LessThanOrEqual<T>, T>(digest, new())),
        new($"equal_to.{type}", digest => Pair<EqualTo<T>, T>(digest, new())),
        new($"fused_multiply_add.{type}", digest => Triple<FusedMultiplyAdd<T>, T>(digest, new())),
        new($"lerp.{type}", digest => Triple<Lerp<T>, T>(digest, new())),
    ];

    internal static void Single<TOperator, T>(Digest digest, TOperator op)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Spread<T>(), y = new T[x.Length], dx = new T[x.Length];
        Unary.Apply(op, x, y);
        digest.Add<T>(y);
        Unary.Backward(op, Inputs.Uniform<T>(x.Length, 5), TOperator.Residual == Residual.Output ? y : x, dx, accumulate: false);
        digest.Add<T>(dx);
    }

    internal static void Pair<TOperator, T>(Digest digest, TOperator op)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Spread<T>(), y = [.. x.Reverse()], z = new T[x.Length], d = Inputs.Uniform<T>(x.Length, 6), g = new T[x.Length];
        Binary.Apply(op, [x[20]], y, z);
        digest.Add<T>(z);
        Binary.Apply(op, x, y, z);
        digest.Add<T>(z);
        Binary.BackwardLeft(op, x, y, z, d, g, accumulate: false);
        digest.Add<T>(g);
        Binary.BackwardRight(op, x, y, z, d, g, accumulate: true);
        digest.Add<T>(g);
    }

    private static void Triple<TOperator, T>(Digest digest, TOperator op)
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Spread<T>(), y = [.. x.Reverse()], z = Inputs.Uniform<T>(x.Length, 7), d = Inputs.Uniform<T>(x.Length, 8), g = new T[x.Length];
        Ternary.Apply(op, x, y, z, g);
        digest.Add<T>(g);
        Ternary.BackwardFirst(op, x, y, z, d, g, accumulate: false);
        digest.Add<T>(g);
        Ternary.BackwardSecond(op, x, y, z, d, g, accumulate: false);
        digest.Add<T>(g);
        Ternary.BackwardThird(op, x, y, z, d, g, accumulate: true);
        digest.Add<T>(g);
    }
}
