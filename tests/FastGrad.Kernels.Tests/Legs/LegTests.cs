using System.Runtime.InteropServices;
using FastGrad.Kernels.Simd;
using Xunit;
using Xunit.Abstractions;

namespace FastGrad.Kernels.Tests.Legs;

/// <summary>The same bytes on every instruction set, number of threads and C library.</summary>
public class LegTests(ITestOutputHelper output)
{
    public static TheoryData<Leg> Legs() => [.. Leg.All];

    [Theory]
    [MemberData(nameof(Legs))]
    public void Every_result_has_the_same_bits(Leg leg)
    {
        AssertSameBits(leg.Name, LegProcess.Run(leg));
    }

    /// <summary>
    /// Programs published for other machines or with NativeAOT, which a script makes: FASTGRAD_PUBLISHED_LEGS holds command lines,
    /// one a line. FASTGRAD_ALL_LEGS makes their absence a failure.
    /// </summary>
    [Fact]
    public void Published_programs_give_the_same_bits()
    {
        string[] commands = (Environment.GetEnvironmentVariable("FASTGRAD_PUBLISHED_LEGS") ?? "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (commands.Length == 0)
        {
            Assert.Null(Environment.GetEnvironmentVariable("FASTGRAD_ALL_LEGS"));
            output.WriteLine("not run: FASTGRAD_PUBLISHED_LEGS is not set");
        }
        foreach (string command in commands)
        {
            string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            AssertSameBits(command, LegProcess.Run(words[0], words[1..]));
        }
    }

    /// <summary>Results that do not depend on the input, or hash nothing, would agree on all legs and show nothing.</summary>
    [Fact]
    public void Different_results_have_different_hashes()
    {
        LegResult first = LegProcess.Run(Leg.All[0]);
        Assert.NotEmpty(first.Hashes);
        Assert.Equal(first.Hashes.Count, first.Hashes.Values.Distinct().Count());
    }

    /// <summary>The tunable hides glibc's FMA variants: its pow must then give other bits, or the leg is not what it claims.</summary>
    [Fact]
    public void The_glibc_leg_is_real()
    {
        bool glibc = OperatingSystem.IsLinux() && !RuntimeInformation.RuntimeIdentifier.Contains("musl");
        if (!glibc || RuntimeInformation.ProcessArchitecture != Architecture.X64 || Isa.Best < InstructionSet.Vector256)
            return;   // nothing to hide
        Assert.NotEqual(LegProcess.Run(Leg.All[0]).Report, LegProcess.Run(Leg.All.Single(leg => leg.Name == "glibc")).Report);
    }

    private void AssertSameBits(string leg, LegResult result)
    {
        LegResult first = LegProcess.Run(Leg.All[0]);
        output.WriteLine($"{leg}: {result.Report}");
        Assert.True(result.ExitCode == 0, $"{leg}: exit code {result.ExitCode}, {result.Report}");
        Assert.Equal(first.Hashes.Keys.Order(), result.Hashes.Keys.Order());
        string[] different = [.. first.Hashes.Keys.Where(name => first.Hashes[name] != result.Hashes[name])];
        Assert.True(different.Length == 0, $"{leg} ({result.Report}) differs in {string.Join(", ", different)}.");
    }
}
