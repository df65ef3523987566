using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace FastGrad.Kernels.Tests.Legs;

/// <summary>Runs FastGrad.Legs as a child process in a leg's environment; each leg once.</summary>
internal static class LegProcess
{
    private static readonly ConcurrentDictionary<string, Lazy<LegResult>> s_results = new();

    public static LegResult Run(Leg leg) => s_results.GetOrAdd(leg.Name, _ => new(() => Start(leg))).Value;

    /// <summary>Runs a published copy of the program, with whatever instruction set it was published for.</summary>
    public static LegResult Run(string fileName, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(fileName) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Finish(start);
    }

    private static LegResult Start(Leg leg)
    {
        string program = typeof(LegProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "LegsProgram").Value!;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, leg.Expected.ToString(), leg.Threads.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A leg is its own variable alone, whatever leg these tests themselves run on.
        foreach (Leg other in Leg.All.Where(other => other.Variable.Length > 0))
            start.Environment.Remove(other.Variable);
        if (leg.Variable.Length > 0)
            start.Environment[leg.Variable] = leg.Value;
        return Finish(start);
    }

    private static LegResult Finish(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToDictionary(words => words[0], words => words[1]);
        return new LegResult(process.ExitCode, error.Result.Trim(), lines);
    }
}

/// <summary>What a leg's process said: exit code, its report of itself, and a hash per result.</summary>
internal sealed record LegResult(int ExitCode, string Report, IReadOnlyDictionary<string, string> Hashes);
