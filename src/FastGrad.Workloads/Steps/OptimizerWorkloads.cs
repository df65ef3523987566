using FastGrad.Kernels.Workers;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Workloads.Kernels;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Steps;

/// <summary><c>opt.*</c>: steps of an optimizer, parameters from seed 1, gradients from seed 2, learning rate 1e-3 where it is named.</summary>
/// <remarks>
/// <c>opt.{sgdm,adam,adamw}.{1K,1M,25M}</c> have one vector; <c>opt.NAME.{1K,1M}</c> is every plugin as it comes, over one matrix of 25 × 40
/// or 1000 × 1000 (<c>64K</c>: 256 × 256, for those that take eigenvectors). <c>opt.adamw.small</c> has a thousand vectors of 100, and
/// <c>opt.adamw.100K</c> the same number of parameters in one.
/// </remarks>
public static class OptimizerWorkloads
{
    private static readonly string[] s_eigenvectors = ["shampoo", "soap"];

    /// <summary>All of them.</summary>
    public static IEnumerable<Workload> All =>
    [
        .. Sizes.Parameters.SelectMany(size => new[]
        {
            // Streams of memory: parameter, gradient and slots read, parameter and slots written.
            Make("sgdm", new Sgd(), new() { { "lr", 1e-3 }, { "momentum", 0.9 } }, streams: 5, size.Name, [size.Length]),
            Make("adam", new Adam(), new() { { "lr", 1e-3 } }, streams: 7, size.Name, [size.Length]),
            Make("adamw", new AdamW(), new() { { "lr", 1e-3 } }, streams: 7, size.Name, [size.Length]),
        }),
        .. OptimizerRegistry.Standard.Where(o => o.Name is not ("adam" or "adamw")).SelectMany(o => new[]
        {
            Make(o.Name, o, [], Streams(o), "1K", [25, 40]),
            s_eigenvectors.Contains(o.Name) ? Make(o.Name, o, [], Streams(o), "64K", [256, 256]) : Make(o.Name, o, [], Streams(o), "1M", [1000, 1000]),
        }),
        Make("adamw", new AdamW(), [], streams: 7, "100K", [100_000]),
        Make("adamw", new AdamW(), [], streams: 7, "small", [.. Enumerable.Repeat(100, 1000)], separate: true),
    ];

    // What is read and written of slots as large as the parameter; others do not count.
    private static int Streams(OptimizerDefinition definition) =>
        3 + 2 * definition.DescribeState().Count(slot => slot.Shape.Length == 2 && slot.Shape[0] == 8 && slot.Shape[1] == 8);

    private static Workload Make(
        string name, OptimizerDefinition definition, OptionValues options, int streams, string size, int[] shape, bool separate = false)
    {
        int n = separate ? shape.Sum() : shape.Aggregate(1, (a, b) => a * b);
        return new($"opt.{name}.{size}", 4.0 * streams * n, WorkUnit.Bytes, threads =>
        {
            ArrayParameter<float>[] parameters = separate
                ? [.. shape.Select((length, p) => new ArrayParameter<float>($"x{p}", Inputs.Uniform(length, 1), Inputs.Uniform(length, 2)))]
                : [new ArrayParameter<float>(new ParameterInfo("x", shape), Inputs.Uniform(n, 1), Inputs.Uniform(n, 2))];
            Optimizer<float> optimizer = definition.Create<float>(parameters, options);
            Objective<float> still = new() // evaluations cost nothing: the step itself is measured
            {
                Loss = () => 1,
                Reevaluate = () => 1,
                HessianVector = (direction, product) =>
                {
                    for (int p = 0; p < parameters.Length; p++)
                        direction(p).CopyTo(product(p));
                },
            };
            var workers = new WorkerTeam(threads);
            optimizer.Workers = workers;
            return new WorkloadRun(() => optimizer.Step(still), () => Checks.Sum(parameters[0].Values), threads, workers.Dispose);
        });
    }
}
