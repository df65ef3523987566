using System.Diagnostics;

namespace FastGrad.Benchmarks.Peers.Processes;

/// <summary>This program, started again.</summary>
internal static class Self
{
    /// <summary>Starts a child whose standard output is read here.</summary>
    public static Process Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        string host = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(host) == "dotnet";
        var start = new ProcessStartInfo(host, [.. isHost ? [typeof(Self).Assembly.Location] : Array.Empty<string>(), .. arguments]) { RedirectStandardOutput = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
