using FastGrad.Kernels.Workers;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Workloads.Kernels;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Steps;

/// <summary><c>opt.*.{1K,1M,25M}</c>: steps of an optimizer over one tensor, parameters from seed 1, gradients from seed 2, learning rate 1e-3.</summary>
public static class OptimizerWorkloads
{
    /// <summary>SGD with momentum 0.9, Adam, AdamW.</summary>
    public static IEnumerable<Workload> All => Sizes.Parameters.SelectMany(size => new[]
    {
        // Streams of memory: parameter, gradient and slots read, parameter and slots written.
        Make("sgdm", new Sgd(), new() { { "lr", 1e-3 }, { "momentum", 0.9 } }, streams: 5, size.Name, size.Length),
        Make("adam", new Adam(), new() { { "lr", 1e-3 } }, streams: 7, size.Name, size.Length),
        Make("adamw", new AdamW(), new() { { "lr", 1e-3 } }, streams: 7, size.Name, size.Length),
    });

    private static Workload Make(string name, OptimizerDefinition definition, OptionValues options, int streams, string size, int n) =>
        new($"opt.{name}.{size}", 4.0 * streams * n, WorkUnit.Bytes, threads =>
        {
            float[] values = Inputs.Uniform(n, 1);
            Optimizer<float> optimizer = definition.Create<float>([new ArrayParameter<float>("x", values, Inputs.Uniform(n, 2))], options);
            var workers = new WorkerTeam(threads);
            optimizer.Workers = workers;
            return new WorkloadRun(() => optimizer.Step(), () => Checks.Sum(values), threads, workers.Dispose);
        });
}
