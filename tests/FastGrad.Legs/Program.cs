using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;
using FastGrad.Legs;

// Prints `name sha256` for every registered result. Run on every leg, the lines must be equal.
// Usage: FastGrad.Legs [INSTRUCTION-SET [THREADS]]; the instruction set is what this process must find itself on (Vector256, neon), or `any`.

string expected = args.Length > 0 ? args[0] : "any";
int threads = args.Length > 1 ? int.Parse(args[1]) : 1;
Console.Error.WriteLine($"isa {Isa.Name} fma {Fma.IsSupported} threads {threads} libm {PlatformMathematics.Fingerprint()}");
if (expected != "any" && expected != Isa.Best.ToString() && expected != Isa.Name)
{
    Console.Error.WriteLine($"This leg is {Isa.Best} ({Isa.Name}), not {expected}.");
    return 1;
}
if (Isa.Name == "neon" && !AdvSimd.Arm64.IsSupported)
{
    Console.Error.WriteLine("128-bit vectors that are neither x86's nor AdvSimd.Arm64's.");
    return 1;
}
// Kernels for 512 and 256 bits take the fused multiply-add for granted.
if (Isa.Best >= InstructionSet.Vector256 && !Fma.IsSupported)
{
    Console.Error.WriteLine($"{Isa.Best} without a fused multiply-add.");
    return 1;
}
using var workers = new WorkerTeam(threads);
foreach (Case item in Registry.All(workers))
{
    var digest = new Digest();
    item.Compute(digest);
    Console.WriteLine($"{item.Name} {digest}");
}
return 0;
