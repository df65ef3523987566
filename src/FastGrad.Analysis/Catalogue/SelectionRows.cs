using System.Numerics;
using FastGrad.Analysis.Reference;
using FastGrad.Autograd;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Simd;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Comparisons, masks and the selection by them.</summary>
/// <remarks>
/// A mask is no number and has no derivative, so each is checked where it is used: it chooses between x² and 3y. The derivative must
/// be the chosen branch's, and the mask's own contribution none.
/// </remarks>
internal static class SelectionRows
{
    public static IEnumerable<OperatorRow> All =>
    [
        Row<Greater>("select", typeof(Select<>), (x, y) => x > y),
        Row<Greater>("greater-than", typeof(GreaterThan<>), (x, y) => x > y),
        Row<GreaterOrEqual>("greater-than-or-equal", typeof(GreaterThanOrEqual<>), (x, y) => x >= y),
        Row<Less>("less-than", typeof(LessThan<>), (x, y) => x < y),
        Row<LessOrEqual>("less-than-or-equal", typeof(LessThanOrEqual<>), (x, y) => x <= y),
        Row<Equal>("equal-to", typeof(EqualTo<>), (x, y) => x == y),
        Row<Both>("mask-and", typeof(MaskAnd<>), (x, y) => x > 0 && y > 0),
        Row<Either>("mask-or", typeof(MaskOr<>), (x, y) => x > 0 || y > 0),
        Row<NotGreater>("mask-not", typeof(MaskNot<>), (x, y) => !(x > y)),
    ];

    private interface IMask
    {
        static abstract Recorded<T> Of<T>(Recorded<T> x, Recorded<T> y)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>;
    }

    private static OperatorRow Row<TMask>(string name, Type type, Func<double, double, bool> mask)
        where TMask : struct, IMask => new(name, type, Chosen<TMask, double>, Chosen<TMask, float>)
        {
            Cases = Rows.Pairs(),
            Reference = x => mask(x[0].High, x[1].High) ? x[0] * x[0] : x[1] * 3,
            KinkDistance = Rows.Distance(x => Math.Min(Math.Min(Math.Abs(x[0]), Math.Abs(x[1])), Math.Abs(x[0] - x[1]))),
            Stated = [.. new[] { (1.0, 1.0), (2, 1), (-1, 2), (-1, -1), (0, 0), (0, 1), (2, double.NaN) }
                .Select(p => At(p.Item1, p.Item2, mask(p.Item1, p.Item2)))],
        };

    private static Tensor<T> Chosen<TMask, T>(Tensor<T>[] inputs)
        where TMask : struct, IMask
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Recorded<T> x = new(inputs[0]), y = new(inputs[1]);
        return Recorded<T>.Select(TMask.Of(x, y), x * x, Recorded<T>.Constant(3) * y).Tensor;
    }

    // Exact, also at ties: the branch that the comparison takes.
    private static StatedPoint At(double x, double y, bool chosen) =>
        StatedPoint.At(x, y, chosen ? x * x : 3 * y, chosen ? 2 * x : 0, chosen ? 0 : 3);

    private readonly struct Greater : IMask
    {
        public static Recorded<T> Of<T>(Recorded<T> x, Recorded<T> y)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => Recorded<T>.GreaterThan(x, y);
    }

    private readonly struct GreaterOrEqual : IMask
    {
        public static Recorded<T> Of<T>(Recorded<T> x, Recorded<T> y)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => Recorded<T>.GreaterThanOrEqual(x, y);
    }

    private readonly struct Less : IMask
    {
        public static Recorded<T> Of<T>(Recorded<T> x, Recorded<T> y)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(x.Tensor.Zip(y.Tensor, default(LessThan<T>)));
    }

    private readonly struct LessOrEqual : IMask
    {
        public static Recorded<T> Of<T>(Recorded<T> x, Recorded<T> y)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(x.Tensor.Zip(y.Tensor, default(LessThanOrEqual<T>)));
    }

    private readonly struct Equal : IMask
    {
        public static Recorded<T> Of<T>(Recorded<T> x, Recorded<T> y)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => Recorded<T>.Equal(x, y);
    }

    private readonly struct Both : IMask
    {
        public static Recorded<T> Of<T>(Recorded<T> x, Recorded<T> y)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Recorded<T>.And(Recorded<T>.GreaterThan(x, Recorded<T>.Create(T.Zero)), Recorded<T>.GreaterThan(y, Recorded<T>.Create(T.Zero)));
    }

    private readonly struct Either : IMask
    {
        public static Recorded<T> Of<T>(Recorded<T> x, Recorded<T> y)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Recorded<T>.Or(Recorded<T>.GreaterThan(x, Recorded<T>.Create(T.Zero)), Recorded<T>.GreaterThan(y, Recorded<T>.Create(T.Zero)));
    }

    private readonly struct NotGreater : IMask
    {
        public static Recorded<T> Of<T>(Recorded<T> x, Recorded<T> y)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => Recorded<T>.Not(Recorded<T>.GreaterThan(x, y));
    }
}
