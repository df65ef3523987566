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
    /// <summary>Ten networks, a process each: the program's peak, known before it runs, and what the system counts.</summary>
    [Fact]
    public void The_predicted_peak_is_the_peak()
    {
        if (!OperatingSystem.IsLinux())
            return; // the peak is set back through /proc
        string[][] rows = Run("memory");
        Assert.Equal(10, rows.Length);
        Assert.All(rows, row =>
        {
            double predicted = Number(row[1]), measured = Number(row[2]);
            Assert.True(Math.Abs(measured - predicted) <= 0.05 * predicted + 2, string.Join(" ", row));
        });
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    // The rows of the table that a command of the benchmark program prints.
    private static string[][] Run(string command)
    {
        string program = typeof(ProcessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ProcessesProgram").Value!;
        using Process child = Process.Start(new ProcessStartInfo("dotnet", [program, command]) { RedirectStandardOutput = true })!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return [.. output.Split('\n').Where(line => line.StartsWith('|')).Skip(2).Select(line => line.Trim('|', ' ', '\r').Split('|', StringSplitOptions.TrimEntries))];
    }
}
