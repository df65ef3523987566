using System.Numerics;
using FastGrad.Kernels.Normalization;
using FastGrad.Kernels.Workers;

namespace FastGrad.Legs.Cases;

/// <summary>Softmax and its kin along a middle axis, forward and backward, with strips, tails and teams.</summary>
internal static class AxisSoftmaxCases
{
    private const int Outer = 3, Length = 17, Inner = 301;

    public static IEnumerable<Case> All(WorkerTeam workers) => [.. In<float>("float", workers), .. In<double>("double", workers)];

    private static IEnumerable<Case> In<T>(string type, WorkerTeam workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        yield return new($"softmax_along.{type}", digest => Run<T>(digest, (x, w, y, dx) =>
        {
            SoftmaxAlong.Forward<T>(x, Outer, Length, Inner, y, workers);
            SoftmaxAlong.Backward<T>(y, w, Outer, Length, Inner, dx, accumulate: true, workers);
        }));
        yield return new($"log_softmax_along.{type}", digest => Run<T>(digest, (x, w, y, dx) =>
        {
            LogSoftmaxAlong.Forward<T>(x, Outer, Length, Inner, y, workers);
            LogSoftmaxAlong.Backward<T>(y, w, Outer, Length, Inner, dx, accumulate: true, workers);
        }));
        yield return new($"log_sum_exp_along.{type}", digest => Run<T>(digest, (x, w, y, dx) =>
        {
            Span<T> sums = y.AsSpan(0, Outer * Inner);
            LogSumExpAlong.Forward<T>(x, Outer, Length, Inner, sums, workers);
            LogSumExpAlong.Backward<T>(x, sums, w.AsSpan(0, Outer * Inner), Outer, Length, Inner, dx, accumulate: true, workers);
        }));
    }

    private static void Run<T>(Digest digest, Action<T[], T[], T[], T[]> kernels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int all = Outer * Length * Inner;
        T[] x = Inputs.Uniform<T>(all, 61), y = new T[all], dx = Inputs.Uniform<T>(all, 63);
        kernels(x, Inputs.Uniform<T>(all, 62), y, dx);
        digest.Add<T>(y);
        digest.Add<T>(dx);
    }
}
