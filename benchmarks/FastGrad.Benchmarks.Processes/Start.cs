using System.Globalization;
using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Training;

namespace FastGrad.Benchmarks.Processes;

/// <summary>From a process's start to the end of the first training step of the network of <c>train.mnist_mlp.b64</c>, and the most memory of twenty.</summary>
internal static class Start
{
    public const string Empty = "empty", FirstStep = "first-step";

    private const int Samples = 15, Steps = 20, Batch = 64;

    /// <summary>Starts both programs in turns, and prints medians.</summary>
    public static int Measure()
    {
        string[] programs = [Empty, FirstStep];
        var times = programs.ToDictionary(name => name, _ => new List<double>());
        var memory = programs.ToDictionary(name => name, _ => new List<double>());
        for (int sample = 0; sample <= Samples; sample++)
            foreach (string name in programs)
            {
                List<(double Milliseconds, string Line)> lines = Self.Run(name);
                if (sample == 0)
                    continue; // it reads files
                times[name].Add(lines[0].Milliseconds);
                memory[name].Add(double.Parse(lines[1].Line, CultureInfo.InvariantCulture) / 1024);
            }
        double start = Median(times[FirstStep]) - Median(times[Empty]), peak = Median(memory[FirstStep]) - Median(memory[Empty]);
        Console.WriteLine("| program | start to the end of the first step, ms | peak memory, MiB |");
        Console.WriteLine("|---|---|---|");
        foreach (string name in programs)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(times[name]):F0} (least {times[name].Min():F0}) | {Median(memory[name]):F1} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| difference | {start:F0} | {peak:F1} |"));
        return 0;
    }

    /// <summary>The program that does nothing.</summary>
    public static int RunEmpty()
    {
        Console.WriteLine("stepped");
        Console.WriteLine(Self.Status("VmHWM"));
        return 0;
    }

    /// <summary>The program that trains.</summary>
    public static int RunFirstStep()
    {
        Module<float> model = new Sequential<float>(
            new Linear<float>(784, 512), new Relu<float>(), new Linear<float>(512, 256), new Relu<float>(), new Linear<float>(256, 10)).Initialize(seed: 1);
        var step = new TrainingStep<float>(model, new CrossEntropy<float>(), new AdamW().Create<float>(model.NamedParameters(), []));
        Tensor<float> inputs = Tensor.Full<float>([Batch, 784], 0.5f);
        int[] labels = new int[Batch];
        for (int i = 0; i < Batch; i++)
            labels[i] = i % 10;
        Target<float> target = Tensor.From<int>(labels);
        using var context = new ComputeContext(1);
        using ComputeContext.Usage _ = context.Use();
        step.Run(inputs, target);
        Console.WriteLine("stepped");
        for (int i = 1; i < Steps; i++)
            step.Run(inputs, target);
        Console.WriteLine(Self.Status("VmHWM"));
        return 0;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
