using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Kernels;

/// <summary><c>limits.*</c>: what the machine can do, so that a kernel's rate can be judged: multiply-adds in registers, memory read and copied.</summary>
/// <remarks>Each thread has its own memory of the stated size, which is all that it touches; both sides of a copy count.</remarks>
public static class LimitWorkloads
{
    // A step repeats its pass until it takes a millisecond or more, so that starting the threads counts for nothing.
    private const int ShortestStep = 256 << 20;

    private delegate float Pass(Span<float> first, Span<float> second);

    // In the first cache, in the second, in the third, in memory.
    private static readonly (string Name, int Bytes)[] s_sizes = [("16K", 16 << 10), ("512K", 512 << 10), ("8M", 8 << 20), ("256M", 256 << 20)];

    /// <summary>The peak of fused multiply-adds, then reading, copying and updating in place at each size.</summary>
    public static IEnumerable<Workload> All =>
    [
        MultiplyAdds(1_000_000),
        .. from size in s_sizes select Read(size.Name, size.Bytes),
        .. from size in s_sizes select Copy(size.Name, size.Bytes),
        .. from size in s_sizes select Update(size.Name, size.Bytes),
    ];

    private static Workload MultiplyAdds(int rounds) =>
        Make("fma", MachineLimits.FlopsPerRound * rounds, WorkUnit.Flops, 0, (_, _) => MachineLimits.MultiplyAdd(rounds));

    private static Workload Read(string size, int bytes) =>
        Make($"read.{size}", bytes, WorkUnit.Bytes, bytes, (first, second) => MachineLimits.Read(first) + MachineLimits.Read(second));

    private static Workload Copy(string size, int bytes) =>
        Make($"copy.{size}", bytes, WorkUnit.Bytes, bytes, (first, second) => MachineLimits.Copy(first, second));

    private static Workload Update(string size, int bytes) =>
        Make($"update.{size}", 2.0 * bytes, WorkUnit.Bytes, bytes, (first, second) => MachineLimits.Update(first) + MachineLimits.Update(second));

    private static Workload Make(string name, double amount, WorkUnit unit, int bytes, Pass pass)
    {
        int passes = bytes == 0 ? 1 : Math.Max(1, ShortestStep / bytes);
        return new($"limits.{name}", amount * passes, unit, threads =>
        {
            Floats[] memory = [.. Enumerable.Range(0, threads).Select(thread => (Floats)Inputs.Uniform(bytes / sizeof(float), (uint)thread))];
            var results = new float[threads];
            var gang = new Gang(threads, thread =>
            {
                Span<float> all = memory[thread].Span;
                float result = 0;
                for (int i = 0; i < passes; i++)
                    result += pass(all[..(all.Length / 2)], all[(all.Length / 2)..]);
                results[thread] = result;
            });
            return new WorkloadRun(gang.Run, () => results[0], threads, gang.Dispose);
        })
        { IsPerThread = true };
    }
}
