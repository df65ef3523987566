using System.Globalization;
using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Training;

namespace FastGrad.Benchmarks.Processes;

/// <summary>The memory that a captured step says it will take, before it runs, against what the system counts: a process a network.</summary>
/// <remarks>
/// The same network with half the batch trains first, so that code is compiled, and gradients and the kernels' own scratch are there. Then the peak of resident memory is
/// set back, the step captured and run. Predicted is the program's peak; batches are read where they lie.
/// </remarks>
internal static class Memory
{
    public const string Of = "memory-of";

    private const double Slack = 2.0; // MiB
    private const double Share = 0.05;

    /// <summary>Starts a process a network, and prints the table.</summary>
    /// <returns>0 if all are as predicted, within 5 % and 2 MiB.</returns>
    public static int Measure()
    {
        bool all = true;
        Console.WriteLine("| network | predicted, MiB | measured, MiB | difference |");
        Console.WriteLine("|---|---|---|---|");
        foreach (string name in Networks.All.Keys)
        {
            double[] values = [.. Self.Run(Of, name)[0].Line.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture) / 1024)];
            (double predicted, double measured) = (values[0], values[1]);
            bool isNear = Math.Abs(measured - predicted) <= Share * predicted + Slack;
            all &= isNear;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {predicted:F1} | {measured:F1} | {measured - predicted:+0.0;-0.0} ({(measured - predicted) / predicted:+0.0%;-0.0%}){(isNear ? "" : " **off**")} |"));
        }
        return all ? 0 : 1;
    }

    /// <summary>Prints what is predicted and what is measured for one network, in KiB.</summary>
    public static int Run(string name)
    {
        Example example = Networks.All[name];
        using var context = new ComputeContext(1);
        using ComputeContext.Usage _ = context.Use();
        Module<float> model = example.Model().Initialize(seed: 1);
        Train(example, model, example.Rows / 2);
        Tensor<float> inputs = Inputs(example, example.Rows);
        Target<float> target = example.Target(example.Rows);
        Collect();
        File.WriteAllText("/proc/self/clear_refs", "5"); // VmHWM begins anew
        long before = Self.Status("VmHWM");
        long predicted = Train(example, model, inputs, target);
        long measured = Self.Status("VmHWM") - before;
        Console.WriteLine($"{predicted / 1024} {measured}");
        return 0;
    }

    // Twice: what the first frees, the second gives back to the system.
    private static void Collect()
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    private static Tensor<float> Inputs(Example example, int rows)
    {
        Tensor<float> inputs = example.Inputs(rows);
        inputs.AsSpan().Fill(example.IsCounts ? 1 : 0.5f);
        return inputs;
    }

    private static void Train(Example example, Module<float> model, int rows) => Train(example, model, Inputs(example, rows), example.Target(rows));

    private static long Train(Example example, Module<float> model, Tensor<float> inputs, Target<float> target)
    {
        var step = new TrainingStep<float>(model, example.Loss, new Sgd().Create<float>(model.NamedParameters(), []));
        long planned = step.Capture(inputs, target).PeakBytes;
        for (int i = 0; i < 3; i++)
            step.Run(inputs, target);
        return planned;
    }
}
