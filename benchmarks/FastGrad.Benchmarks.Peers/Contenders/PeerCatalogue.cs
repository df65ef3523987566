using FastGrad.Benchmarks.Peers.Contenders.Libtorch;

namespace FastGrad.Benchmarks.Peers.Contenders;

/// <summary>Who is asked for which family of workloads. Peers are made when asked for: making one loads its library.</summary>
internal static class PeerCatalogue
{
    /// <summary>The peers of an id's family.</summary>
    public static IEnumerable<Peer> Of(string id) => id.Split('.')[0] switch
    {
        "sgemm" => [OpenBlasPeer.Instance],
        "elem" => [TensorPrimitivesPeer.Instance, TorchElementwise.Instance],
        "rows" => [TorchRows.Instance],
        "opt" => [TorchOptimizers.Instance, TorchFusedOptimizers.Instance],
        "conv" => [TorchConvolutions.Instance],
        "attention" => [TorchAttention.Instance],
        "train" => [TorchTraining.Instance],
        _ => [],
    };
}
