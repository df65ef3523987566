using System.Numerics;
using FastGrad.Kernels.Reductions;

namespace FastGrad.Legs.Cases;

/// <summary>Reductions over everything, rows and columns: the order of summation is where bits are easily lost.</summary>
internal static class ReductionCases
{
    private static readonly int[] s_lengths = [1, 7, 16, 33, 1000, 4097, 70_001];

    public static IEnumerable<Case> All() =>
    [
        .. Both<Sum<float>, Sum<double>>("sum"),
        .. Both<SumOfSquares<float>, SumOfSquares<double>>("sum_of_squares"),
        .. Both<SumOfAbs<float>, SumOfAbs<double>>("sum_of_abs"),
        .. Both<Max<float>, Max<double>>("max"),
        .. Both<MaxAbs<float>, MaxAbs<double>>("max_abs"),
        .. Both<Min<float>, Min<double>>("min"),
        new("dot.float", Product<float>),
        new("dot.double", Product<double>),
        new("arg_max.float", Position<float>),
        new("arg_max.double", Position<double>),
    ];

    private static IEnumerable<Case> Both<TSingle, TDouble>(string name)
        where TSingle : struct, IReduction<float>
        where TDouble : struct, IReduction<double> =>
    [
        new($"{name}.float", Compute<TSingle, float>),
        new($"{name}.double", Compute<TDouble, double>),
    ];

    private static void Compute<TReduction, T>(Digest digest)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TReduction reduction = default;
        T[] x = Inputs.Uniform<T>(70_001, 8);
        foreach (int length in s_lengths)
            digest.Add<T>([Reduce.All(reduction, x.AsSpan(0, length))]);
        foreach ((int outer, int axis, int inner) in ((int, int, int)[])[(30, 77, 1), (1, 130, 53), (7, 19, 11)])
        {
            T[] y = new T[outer * inner];
            Reduce.Along(reduction, x.AsSpan(0, outer * axis * inner), outer, axis, inner, y, accumulate: false);
            digest.Add<T>(y);
        }
    }

    private static void Product<T>(Digest digest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Uniform<T>(70_001, 8), y = Inputs.Uniform<T>(70_001, 9);
        foreach (int length in s_lengths)
            digest.Add<T>([Dot.Of<T>(x.AsSpan(0, length), y.AsSpan(0, length))]);
    }

    private static void Position<T>(Digest digest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Uniform<T>(70_001, 8), values = new T[53];
        int[] indices = new int[53];
        ArgMax.Along<T>(x.AsSpan(0, 130 * 53), 1, 130, 53, values, indices);
        digest.Add<T>(values);
        digest.AddIntegers([ArgMax.Of<T>(x), .. indices]);
    }
}
