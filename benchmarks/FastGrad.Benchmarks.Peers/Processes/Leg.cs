using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Benchmarks.Peers.Processes;

/// <summary>A child of this program with the environment that its peers need: they read it as they are loaded.</summary>
internal static class Leg
{
    public const string Native = "native", Avx2 = "avx2";

    /// <summary>Measures the ids in a child, and gives its lines as they come.</summary>
    /// <exception cref="InvalidOperationException">The child failed.</exception>
    public static IEnumerable<string> Start(string leg, int threads, IEnumerable<string> ids)
    {
        string count = threads.ToString(CultureInfo.InvariantCulture);
        var environment = new Dictionary<string, string>(leg == Native ? [] : s_withoutAvx512)
        {
            ["OPENBLAS_NUM_THREADS"] = count,
            ["OMP_NUM_THREADS"] = count,
            // Code is recompiled as soon as it has run often, for every contender, instead of when nothing new has been compiled for a while.
            ["DOTNET_TC_CallCountingDelayMs"] = "0",
            // Debian's OpenBLAS takes Haswell's kernels by itself on machines that it does not know.
            ["OPENBLAS_CORETYPE"] = leg == Native && Avx512F.IsSupported ? "SkylakeX" : "Haswell",
        };
        using Process child = Self.Start(["--child", "--threads", count, "--filter", .. ids], environment);
        while (child.StandardOutput.ReadLine() is { } line)
            yield return line;
        child.WaitForExit();
        if (child.ExitCode != 0)
            throw new InvalidOperationException($"the measuring process ended with {child.ExitCode}.");
    }

    private static readonly Dictionary<string, string> s_withoutAvx512 = new()
    {
        ["DOTNET_EnableAVX512"] = "0",
        ["ATEN_CPU_CAPABILITY"] = "avx2",
        ["ONEDNN_MAX_CPU_ISA"] = "AVX2",
    };
}
