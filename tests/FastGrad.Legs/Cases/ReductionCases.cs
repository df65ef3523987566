using System.Numerics;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Workers;

namespace FastGrad.Legs.Cases;

/// <summary>Reductions of flat spans and along axes, at lengths about every boundary of their order.</summary>
internal static class ReductionCases
{
    public static IEnumerable<Case> All(WorkerTeam workers) => [.. In<float>("float", workers), .. In<double>("double", workers)];

    private static IEnumerable<Case> In<T>(string type, WorkerTeam workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        new($"sum.{type}", digest => Compute<Sum<T>, T>(digest, new())),
        new($"dot.{type}", digest => Compute<Dot<T>, T>(digest, new())),
        new($"sum_of_squares.{type}", digest => Compute<SumOfSquares<T>, T>(digest, new())),
        new($"sum_of_abs.{type}", digest => Compute<SumOfAbs<T>, T>(digest, new())),
        new($"max.{type}", digest => Compute<Max<T>, T>(digest, new())),
        new($"min.{type}", digest => Compute<Min<T>, T>(digest, new())),
        new($"max_abs.{type}", digest => Compute<MaxAbs<T>, T>(digest, new())),
        new($"product.{type}", digest => Compute<Product<T>, T>(digest, new())),
        new($"squared_deviations.{type}", digest => Compute<SquaredDeviations<T>, T>(digest, new(T.CreateTruncating(0.25)))),
        new($"variance_and_norms.{type}", digest =>
        {
            T[] x = Inputs.Uniform<T>(4 * 33 * 70, 9), y = new T[4 * 70], mean = new T[4 * 70];
            Variance.Along<T>(x, 4, 33, 70, 1, mean, y);
            digest.Add<T>(y);
            foreach (double p in (double[])[2, 2.5])
            {
                Norm.Along<T>(x, 280, 33, 1, p, y);
                digest.Add<T>(y);
            }
            int[] order = new int[x.Length];
            Ordering.Indices<T>(x, 4, 33, 70, 33, descending: true, order);
            digest.AddIntegers(order);
        }),
        new($"team_sums.{type}", digest =>
        {
            T[] x = Inputs.Uniform<T>(300_001, 3), y = Inputs.Uniform<T>(300_001, 4);
            digest.Add<T>([Sum.Of<T>(x, workers), Dot.Of<T>(x, y, workers), Norm.Of<T>(x, workers)]);
        }),
        new($"arg_max.{type}", digest =>
        {
            T[] x = Inputs.Uniform<T>(4 * 33 * 70, 9), best = new T[4 * 70];
            int[] index = new int[4 * 70];
            ArgMax.Along<T>(x, 4, 33, 70, best, index);
            digest.AddIntegers(index);
            ArgMin.Along<T>(x, 280, 33, 1, best, index);
            digest.AddIntegers(index);
        }),
    ];

    private static void Compute<TReduction, T>(Digest digest, TReduction reduction)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Inputs.Uniform<T>(70_001, 3), y = Inputs.Uniform<T>(70_001, 4), result = new T[1];
        foreach (int length in (int[])[.. Enumerable.Range(0, 70), 127, 128, 129, 300, 4095, 4096, 4097, 12_300, 70_001])
        {
            result[0] = Reduce.All<TReduction, T>(reduction, x.AsSpan(0, length), y.AsSpan(0, length));
            digest.Add<T>(result);
        }
        foreach ((int outer, int axis, int inner) in new[] { (2, 100, 1), (3, 33, 17), (1, 70, 300), (5, 32, 128) })
        {
            T[] z = new T[outer * inner];
            int n = outer * axis * inner;
            Reduce.Along<TReduction, T>(reduction, x.AsSpan(0, n), y.AsSpan(0, n), outer, axis, inner, z, accumulate: false);
            digest.Add<T>(z);
        }
    }
}
