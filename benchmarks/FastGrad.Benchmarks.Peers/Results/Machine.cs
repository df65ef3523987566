using System.Runtime.InteropServices;

namespace FastGrad.Benchmarks.Peers.Results;

/// <summary>The machine as results name it.</summary>
internal static class Machine
{
    /// <summary>Processor, cores, system and runtime.</summary>
    public static string Name { get; } =
        $"{Processor} (family {Field("cpu family")}, model {Field("model")}), {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}";

    /// <summary>A folder's name.</summary>
    public static string Folder { get; } = $"{Processor.ToLowerInvariant().Replace(' ', '-')}-{Field("cpu family")}-{Field("model")}";

    private static string Processor => Field("model name").Replace(" Processor", "", StringComparison.Ordinal);

    private static string Field(string name) => File.ReadLines("/proc/cpuinfo")
        .Select(line => line.Split(':'))
        .Where(parts => parts.Length > 1 && parts[0].Trim() == name)
        .Select(parts => parts[1].Trim())
        .FirstOrDefault("unknown");
}
