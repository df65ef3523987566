using FastGrad.Workloads.Measuring;
using TorchSharp;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch;

/// <summary><c>attention.{forward,backward}.BATCHxHEADSxLENGTHxWIDTH[.causal]</c> by libtorch's tiled kernel; results are allocated.</summary>
internal sealed class TorchAttention() : Peer("libtorch")
{
    public static TorchAttention Instance { get; } = new();

    public override string Version => TorchLibrary.Version;

    public override WorkloadRun? Prepare(string id, int threads)
    {
        TorchLibrary.Prepare(threads);
        string[] parts = id.Split('.');
        long[] shape = [.. parts[2].Split('x').Select(long.Parse)];
        bool causal = parts.Contains("causal");
        torch.Tensor q = TorchLibrary.Uniform(1, -1, 1, shape), k = TorchLibrary.Uniform(2, -1, 1, shape), v = TorchLibrary.Uniform(3, -1, 1, shape);
        return parts[1] switch
        {
            "forward" => TorchGradient.Forward(threads, Attend),
            "backward" => TorchGradient.Backward(threads, [q, k, v], Attend, y => TorchLibrary.Uniform(4, -1, 1, y.shape)),
            _ => null,
        };

        torch.Tensor Attend() => torch.nn.functional.scaled_dot_product_attention(q, k, v, is_casual: causal);
    }
}
