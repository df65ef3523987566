using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.Simd;

/// <summary>The instruction sets that kernels are written for, from narrow to wide.</summary>
public enum InstructionSet
{
    /// <summary>One lane at a time.</summary>
    Scalar,

    /// <summary>128-bit vectors: SSE4.2 or NEON.</summary>
    Vector128,

    /// <summary>256-bit vectors: AVX2 with FMA.</summary>
    Vector256,

    /// <summary>512-bit vectors: AVX-512.</summary>
    Vector512,
}

/// <summary>The one ranking of instruction sets: the widest that the machine has in hardware comes first.</summary>
/// <remarks>
/// <para>
/// Wider needs fewer instructions and, with 512 bits, has twice the registers, and masks; also where 512-bit operations run as two
/// halves. A vector type without hardware support is emulated, hundreds of times slower, so each kernel
/// descends this ladder.
/// </para>
/// <para>Expression-bodied members fold in compiled code; a static readonly field would not fold under AggressiveOptimization.</para>
/// </remarks>
public static class Isa
{
    /// <summary>Whether 512-bit kernels run in hardware.</summary>
    public static bool Has512 => Vector512.IsHardwareAccelerated;

    /// <summary>Whether 256-bit kernels run in hardware, with fused multiply-add.</summary>
    public static bool Has256 => Vector256.IsHardwareAccelerated && Fma.IsSupported;

    /// <summary>Whether 128-bit kernels run in hardware.</summary>
    public static bool Has128 => Vector128.IsHardwareAccelerated;

    /// <summary>The instruction set in use.</summary>
    public static InstructionSet Best =>
        Has512 ? InstructionSet.Vector512
        : Has256 ? InstructionSet.Vector256
        : Has128 ? InstructionSet.Vector128
        : InstructionSet.Scalar;

    /// <summary>The name of the instruction set in use, as reports print it: avx512, avx2, sse4.2, neon or scalar.</summary>
    public static string Name => Best switch
    {
        InstructionSet.Vector512 => "avx512",
        InstructionSet.Vector256 => "avx2",
        InstructionSet.Vector128 => X86Base.IsSupported ? "sse4.2" : "neon",
        _ => "scalar",
    };
}
