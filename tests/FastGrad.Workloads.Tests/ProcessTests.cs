using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Xunit;

namespace FastGrad.Workloads.Tests;

/// <summary>Tests that compare what a process takes run while no other test does.</summary>
[CollectionDefinition(nameof(ProcessTests), DisableParallelization = true)]
public sealed class ProcessCollection;

/// <summary>Whole processes take the memory that was predicted.</summary>
[Collection(nameof(ProcessTests))]
public sealed class ProcessTests
{
    /// <summary>Networks of different kinds, a process each: the program's peak, known before it runs, and what the system counts. The page on performance has ten.</summary>
    [Theory]
    [InlineData("deep perceptron")]
    [InlineData("perceptron with batch norm")]
    [InlineData("LeNet")]
    [InlineData("transformer blocks")]
    public void The_predicted_peak_is_the_peak(string network)
    {
        if (!OperatingSystem.IsLinux())
            return; // the peak is set back through /proc
        string program = typeof(ProcessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ProcessesProgram").Value!;
        using Process child = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, "memory-of", network]) { RedirectStandardOutput = true })!;
        double[] kibibytes = [.. child.StandardOutput.ReadToEnd().Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        child.WaitForExit();
        (double predicted, double measured) = (kibibytes[0], kibibytes[1]);
        Assert.True(predicted > 20_000, $"{predicted}");
        Assert.True(Math.Abs(measured - predicted) <= 0.05 * predicted + 2048, $"{predicted} KiB predicted, {measured} measured");
    }
}
