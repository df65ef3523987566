using System.Globalization;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Testing.Conformance;

/// <summary>What traits promise: descent, and steps without allocation.</summary>
public sealed partial class OptimizerConformance
{
    /// <summary>With a learning rate of 1/L the loss of a convex quadratic of curvature L never rises by more than rounding.</summary>
    public void MonotoneOnConvexQuadratics() => Hold("monotone on convex quadratics", 23, s_lengths.Prepend(1), Descends);

    /// <summary>A steady step allocates nothing.</summary>
    public void NoAllocation() => Hold("no allocation", TestProblem.Mixed(), TestProblem.FromTheSmallest(), Allocates);

    private string? Descends(int length)
    {
        double[] curvature = [.. Values(3, length).Select(x => x * x)];
        OptionValues rate = new() { { Rate!.Name, 1 / curvature.Max() } };
        ArrayParameter<double> x = new("x", Values(1, length), new double[length]);
        Optimizer<double> optimizer = definition.Create([x], rate);
        double loss = Loss();
        for (int step = 0; step < 50; step++)
        {
            for (int i = 0; i < length; i++)
                x.Gradient![i] = curvature[i] * x.Values[i];
            optimizer.Step();
            double next = Loss();
            if (next > loss * (1 + length * 2.3e-16))
                return string.Create(CultureInfo.InvariantCulture, $"step {step + 1} raises the loss of {length} numbers from {loss:R} to {next:R}");
            loss = next;
        }
        return null;

        double Loss() => Enumerable.Range(0, length).Sum(i => 0.5 * curvature[i] * x.Values[i] * x.Values[i]);
    }

    private string? Allocates(TestProblem problem)
    {
        TestRun<float> run = new(definition, values, problem);
        run.Go(0, 4, (_, _) => false);
        Objective<float> still = new() // what it needs costs nothing here: the optimizer's own allocations are counted
        {
            Loss = () => 1,
            Reevaluate = () => 1,
            HessianVector = (direction, product) =>
            {
                for (int p = 0; p < run.Parameters.Length; p++)
                    direction(p).CopyTo(product(p));
            },
        };
        long best = long.MaxValue;
        for (int attempt = 0; attempt < 5 && best > 0; attempt++) // the runtime may allocate once while it compiles
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int step = 0; step < 10; step++)
                run.Optimizer.Step(still);
            best = Math.Min(best, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return best > 0 ? $"10 steps of {string.Join(", ", problem.Shapes.Select(s => $"'{s}'"))} allocate {best} bytes" : null;
    }
}
