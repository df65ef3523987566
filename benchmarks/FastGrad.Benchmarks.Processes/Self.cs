using System.Diagnostics;

namespace FastGrad.Benchmarks.Processes;

/// <summary>This program, started again: as its own executable, or as an argument of dotnet.</summary>
internal static class Self
{
    /// <summary>Starts a child, and gives the lines that it writes and when they came, in milliseconds from its start.</summary>
    public static List<(double Milliseconds, string Line)> Run(params string[] arguments)
    {
        string host = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(host) == "dotnet";
        string program = Path.Combine(AppContext.BaseDirectory, "FastGrad.Benchmarks.Processes.dll");
        var lines = new List<(double, string)>();
        long start = Stopwatch.GetTimestamp();
        using Process child = Process.Start(new ProcessStartInfo(host, [.. isHost ? [program] : Array.Empty<string>(), .. arguments]) { RedirectStandardOutput = true })!;
        while (child.StandardOutput.ReadLine() is { } line)
            lines.Add((Stopwatch.GetElapsedTime(start).TotalMilliseconds, line));
        child.WaitForExit();
        return child.ExitCode == 0 ? lines : throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {child.ExitCode}.");
    }

    /// <summary>A line of /proc/self/status in KiB: VmHWM is the most that was resident, VmRSS what is.</summary>
    public static long Status(string name)
    {
        foreach (string line in File.ReadLines("/proc/self/status"))
            if (line.StartsWith(name, StringComparison.Ordinal))
                return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
        throw new InvalidOperationException($"/proc/self/status has no {name}.");
    }
}
