using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Tests.Legs;

/// <summary>One way to run the same program: what the environment takes away, and what must then be found.</summary>
/// <param name="Name">As tests print it.</param>
/// <param name="Variable">The environment variable that makes the leg; empty for none.</param>
/// <param name="Value">Its value.</param>
/// <param name="Widest">The widest instruction set that the leg may have.</param>
/// <param name="Threads">Size of the worker team.</param>
public sealed record Leg(string Name, string Variable, string Value, InstructionSet Widest, int Threads)
{
    /// <summary>Every leg that needs nothing but the runtime. The first is the one that the others are compared with.</summary>
    public static IReadOnlyList<Leg> All { get; } =
    [
        new("default", "", "", InstructionSet.Vector512, 1),
        new("two threads", "", "", InstructionSet.Vector512, 2),
        new("three threads, avx2", "DOTNET_EnableAVX512", "0", InstructionSet.Vector256, 3),
        new("avx2", "DOTNET_EnableAVX512", "0", InstructionSet.Vector256, 1),
        new("128 bits", "DOTNET_EnableAVX2", "0", InstructionSet.Vector128, 1),
        new("scalar", "DOTNET_EnableHWIntrinsic", "0", InstructionSet.Scalar, 1),
        new("glibc", "GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4", InstructionSet.Vector512, 1),
    ];

    /// <summary>What this machine finds itself on in this leg.</summary>
    public InstructionSet Expected => (InstructionSet)Math.Min((int)Widest, (int)Isa.Best);

    public override string ToString() => Name;
}
