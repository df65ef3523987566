using System.Text.Json;
using FastGrad.Kernels.Simd;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>The same seed gives the same checkpoint on every instruction set, C library and number of threads.</summary>
public sealed class LegTests : IDisposable
{
    private static readonly Lazy<string> s_default = new(() =>
    {
        using var tool = new ToolProcess();
        return Train(tool, [], "2").GetProperty("checkpoint_sha256").GetString()!;
    });

    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    public static TheoryData<string, string, InstructionSet, string> Legs() => new()
    {
        { "", "", InstructionSet.Vector512, "1" },
        { "DOTNET_EnableAVX512", "0", InstructionSet.Vector256, "2" },
        { "DOTNET_EnableAVX2", "0", InstructionSet.Vector128, "1" },
        { "DOTNET_EnableHWIntrinsic", "0", InstructionSet.Scalar, "2" },
        { "GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4", InstructionSet.Vector512, "1" },
    };

    [Theory]
    [MemberData(nameof(Legs))]
    public void Every_leg_gives_the_same_checkpoint(string variable, string value, InstructionSet widest, string threads)
    {
        JsonElement json = Train(_tool, variable.Length == 0 ? [] : [(variable, value)], threads);
        // The leg is what it claims to be, or the machine has no more than that.
        Assert.Equal(Name((InstructionSet)Math.Min((int)widest, (int)Isa.Best)), json.GetProperty("isa").GetString());
        Assert.Equal(threads, $"{json.GetProperty("threads").GetInt32()}");
        Assert.Equal(s_default.Value, json.GetProperty("checkpoint_sha256").GetString());
        // Nor does it matter whether steps are captured or eager.
        using ToolProcess tool = new();
        JsonElement eager = Train(tool, variable.Length == 0 ? [] : [(variable, value)], threads, "--eager");
        Assert.Equal(s_default.Value, eager.GetProperty("checkpoint_sha256").GetString());
    }

    private static JsonElement Train(ToolProcess tool, (string, string)[] environment, string threads, params string[] more) =>
        tool.Run(environment, ["train", "digits", "--seed", "7", "--epochs", "3", "--threads", threads, "--json", .. more]).Json;

    private static string Name(InstructionSet set) => set switch
    {
        InstructionSet.Vector512 => "avx512",
        InstructionSet.Vector256 => "avx2",
        InstructionSet.Vector128 => Isa.Name == "neon" ? "neon" : "sse4.2",
        _ => "scalar",
    };
}
