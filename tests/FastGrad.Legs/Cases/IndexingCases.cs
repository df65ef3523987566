using System.Numerics;
using FastGrad.Kernels.Indexing;
using FastGrad.Kernels.Workers;

namespace FastGrad.Legs.Cases;

/// <summary>Gathers, sums by index and running sums: their order of addition.</summary>
internal static class IndexingCases
{
    public static IEnumerable<Case> All(WorkerTeam workers) => [.. In<float>("float", workers), .. In<double>("double", workers)];

    private static IEnumerable<Case> In<T>(string type, WorkerTeam workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        new($"index_add.{type}", digest =>
        {
            T[] x = Inputs.Uniform<T>(2 * 900 * 77, 31), y = Inputs.Uniform<T>(2 * 13 * 77, 32);
            IndexSelect.Add(x, Indices(900, 13), 2, 13, 77, y, ignored: 5, workers);
            digest.Add<T>(y);
        }),
        new($"scatter_add.{type}", digest =>
        {
            T[] x = Inputs.Uniform<T>(3 * 50 * 20, 33), y = Inputs.Uniform<T>(3 * 9 * 20, 34);
            Scatter.Add(x, Indices(x.Length, 9), 3, 9, 50, 20, y);
            digest.Add<T>(y);
        }),
        new($"cumulative_sum.{type}", digest =>
        {
            T[] x = Inputs.Uniform<T>(3 * 50 * 20, 35), y = new T[x.Length];
            foreach ((int outer, int inner) in new[] { (3, 20), (60, 1), (1, 60) })
            {
                CumulativeSum.Along(x, outer, 50, inner, y, reverse: inner == 20);
                digest.Add<T>(y);
            }
        }),
    ];

    private static int[] Indices(int count, int bound) => [.. Enumerable.Range(0, count).Select(i => i * 31 % 101 % bound)];
}
