using System.Diagnostics;
using System.Globalization;
using FastGrad.Benchmarks.Peers.Contenders.Libtorch;
using FastGrad.Benchmarks.Peers.Contests;
using FastGrad.Kernels.Simd;
using FastGrad.Workloads.Measuring;
using FastGrad.Workloads.Steps;

namespace FastGrad.Benchmarks.Peers.Processes;

/// <summary>From a process's start to the end of its first training step, and its peak memory after twenty; beside a program that does nothing.</summary>
internal static class FirstStep
{
    public const string Switch = "--first-step", Id = "process.first_step.mnist_mlp.b64", Empty = "empty program";

    private const string Workload = "train.mnist_mlp.b64", Own = "FastGrad", Torch = "TorchSharp";
    private const int Samples = 9, Steps = 20;

    /// <summary>The process to measure: prints its peak memory in KiB as it ends.</summary>
    public static int Run(string who)
    {
        using WorkloadRun? run = who switch { Own => Prepare(), Torch => PrepareTorch(), _ => null };
        run?.Step();
        Console.WriteLine("stepped");
        for (int step = 1; step < Steps; step++)
            run?.Step();
        Console.WriteLine(PeakMemory());
        return 0;
    }

    /// <summary>Starts each contender in turns.</summary>
    public static ContestResult Measure()
    {
        string[] names = [Own, Empty, Torch];
        Dictionary<string, List<(double Microseconds, double Megabytes)>> samples = names.ToDictionary(name => name, _ => new List<(double, double)>());
        for (int i = 0; i <= Samples; i++)
            foreach (string name in names)
            {
                (double, double) sample = Start(name);
                if (i > 0) // the first reads files
                    samples[name].Add(sample);
            }
        return new ContestResult(Id, 1, Isa.Name, 0, "")
        {
            Contenders =
            [
                .. names.Select(name =>
                {
                    double[] times = [.. samples[name].Select(sample => sample.Microseconds).Order()];
                    return new Timing(name, 1, Samples, 1, times[Samples / 2], times[0], 0, 0, null)
                    {
                        PeakMegabytes = samples[name].Select(sample => sample.Megabytes).Order().ElementAt(Samples / 2),
                        DiskMegabytes = name == Empty ? null : Disk(name),
                    };
                }),
            ],
        };
    }

    // Not the whole catalogue, whose hundred kernels a program that trains one network never compiles.
    private static WorkloadRun Prepare() => TrainingWorkloads.All.Single(workload => workload.Id == Workload).Prepare(1);

    private static WorkloadRun PrepareTorch() => TorchTraining.Instance.Prepare(Workload, 1)!;

    private static (double Microseconds, double Megabytes) Start(string name)
    {
        long start = Stopwatch.GetTimestamp();
        using Process child = Self.Start([Switch, name]);
        child.StandardOutput.ReadLine();
        double microseconds = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        double megabytes = double.Parse(child.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture) / 1024;
        child.WaitForExit();
        return (microseconds, megabytes);
    }

    // VmHWM: the most that was resident, in KiB.
    private static string PeakMemory() => File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];

    private static double Disk(string name)
    {
        string[] libraries = ["FastGrad.dll", "FastGrad.Kernels.dll", "FastGrad.Autograd.dll", "FastGrad.Optimization.dll", "FastGrad.Plugins.FirstOrder.dll", "FastGrad.Plugins.Schedules.dll"];
        IEnumerable<string> files = name == Own
            ? libraries.Select(library => Path.Combine(AppContext.BaseDirectory, library))
            : Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"), "*torch*").Append(Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll"));
        return files.Sum(file => new FileInfo(file).Length) / 1048576.0;
    }
}
