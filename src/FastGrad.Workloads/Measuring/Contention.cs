using System.Diagnostics;

namespace FastGrad.Workloads.Measuring;

/// <summary>Other processes that keep cores busy while something is measured.</summary>
/// <remarks>Each is a process of its own, as a neighbour on a server is: the system's scheduler shares cores between processes. It ends with this one.</remarks>
public sealed class Contention : IDisposable
{
    private readonly Process[] _processes;

    /// <summary>Starts the processes.</summary>
    /// <param name="count">How many; each keeps one core busy.</param>
    /// <param name="start">Starts one, with its standard input in this process's hands; see <see cref="Spin"/>.</param>
    public Contention(int count, Func<Process> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        _processes = [.. Enumerable.Range(0, count).Select(_ => start())];
    }

    /// <summary>What such a process does: spins until its standard input ends, which it does when the starter ends, however that ends.</summary>
    public static void Spin()
    {
        bool ended = false;
        var listener = new Thread(() =>
        {
            while (Console.In.Read() >= 0)
            {
            }
            Volatile.Write(ref ended, true);
        });
        listener.Start();
        while (!Volatile.Read(ref ended))
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
