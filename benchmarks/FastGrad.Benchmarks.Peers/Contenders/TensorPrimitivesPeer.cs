using System.Numerics.Tensors;
using System.Reflection;
using FastGrad.Workloads.Kernels;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Benchmarks.Peers.Contenders;

/// <summary><c>elem.*</c> by System.Numerics.Tensors.</summary>
internal sealed class TensorPrimitivesPeer() : Peer("TensorPrimitives")
{
    private delegate void Map(ReadOnlySpan<float> x, Span<float> y);

    private delegate void Zip(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z);

    private delegate float Reduction(ReadOnlySpan<float> x, ReadOnlySpan<float> y);

    private static readonly Dictionary<string, Map> s_maps = new()
    {
        ["exp"] = TensorPrimitives.Exp,
        ["log"] = TensorPrimitives.Log,
        ["tanh"] = TensorPrimitives.Tanh,
        ["sigmoid"] = TensorPrimitives.Sigmoid,
        ["sin"] = TensorPrimitives.Sin,
        ["cos"] = TensorPrimitives.Cos,
        ["relu"] = (x, y) => TensorPrimitives.Max(x, 0f, y),
    };

    private static readonly Dictionary<string, Zip> s_zips = new() { ["add"] = TensorPrimitives.Add, ["mul"] = TensorPrimitives.Multiply };

    private static readonly Dictionary<string, Reduction> s_reductions = new()
    {
        ["sum"] = (x, _) => TensorPrimitives.Sum(x),
        ["dot"] = TensorPrimitives.Dot,
        ["norm"] = (x, _) => TensorPrimitives.Norm(x),
    };

    public static TensorPrimitivesPeer Instance { get; } = new();

    public override string Version { get; } =
        typeof(TensorPrimitives).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()!.Version;

    public override WorkloadRun? Prepare(string id, int threads)
    {
        (string name, int n, float low, float high) = Elementwise.Parse(id);
        if (s_maps.TryGetValue(name, out Map? map))
        {
            Floats x = Inputs.Uniform(n, 1, low, high), y = new(n);
            return new WorkloadRun(() => map(x, y), () => Checks.Sum(y));
        }
        if (s_zips.TryGetValue(name, out Zip? zip))
        {
            Floats x = Inputs.Uniform(n, 1, low, high), y = Inputs.Uniform(n, 2, low, high), z = new(n);
            return new WorkloadRun(() => zip(x, y, z), () => Checks.Sum(z));
        }
        if (s_reductions.TryGetValue(name, out Reduction? reduce))
        {
            Floats x = Inputs.Uniform(n, 1, low, high), y = Inputs.Uniform(n, 2, low, high);
            float result = 0;
            return new WorkloadRun(() => result = reduce(x, y), () => result);
        }
        return null;
    }
}
