using System.Diagnostics;
using System.Globalization;

namespace FastGrad.Benchmarks.Peers.Contests;

/// <summary>What other processes, and a hypervisor's other guests, took of the machine since this was made.</summary>
/// <remarks>Source: the first line of /proc/stat, in hundredths of a second: user, nice, system, idle, iowait, irq, softirq, steal.</remarks>
internal sealed class Neighbours
{
    private const double TicksPerSecond = 100;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly double _busy = Busy(), _own = Own();

    /// <summary>Cores that others kept busy, on average.</summary>
    public double Cores => Math.Max(0, (Busy() - _busy - (Own() - _own)) / Stopwatch.GetElapsedTime(_start).TotalSeconds);

    private static double Own() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private static double Busy()
    {
        double[] ticks = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        return (ticks.Take(8).Sum() - ticks[3] - ticks[4]) / TicksPerSecond;
    }
}
