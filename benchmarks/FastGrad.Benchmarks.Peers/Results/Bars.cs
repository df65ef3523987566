using System.Text.RegularExpressions;
using FastGrad.Benchmarks.Peers.Contests;

namespace FastGrad.Benchmarks.Peers.Results;

/// <summary>The bars: the least that is asked of each kind of work, on any machine.</summary>
internal static class Bars
{
    // Squares, and the layers of small networks. The longer and thinner ones have no bar.
    private const string Products = @"^sgemm\.(nn|tn|nt)\.((\d+)x\3x\3|4x2x16|32x128x10|1x784x512|64x784x512|64x512x256|64x256x10)$";

    public static IReadOnlyList<Bar> All { get; } =
    [
        new("matrix products", "OpenBLAS", 0.93, Match(Products)) { Mean = 1.0, Isa = "avx512" },
        new("matrix products, AVX2", "OpenBLAS", 0, Match(Products)) { Mean = 0.95, Isa = "avx2" },
        new("exp, log in cache", "TensorPrimitives", 2, Match(@"^elem\.(exp|log)\.(1K|64K)$")),
        new("sigmoid in cache", "TensorPrimitives", 1.8, Match(@"^elem\.sigmoid\.(1K|64K)$")),
        new("tanh in cache", "TensorPrimitives", 1.3, Match(@"^elem\.tanh\.(1K|64K)$")),
        new("functions and activations in cache", "libtorch", 1, Match(@"^elem\.(exp|log|sigmoid|tanh|gelu|gelu_tanh|silu|softplus)\.(1K|64K)$")),
        new("add, relu, sum, dot, norm", "TensorPrimitives", 1, Match(@"^elem\.(add|relu|sum|dot|norm)\.")),
        new("softmax, layer norm", "libtorch", 2, Match(@"^rows\.(softmax|layernorm)\.256x1024$")),
        new("convolution 3x3, each of the three", "libtorch", 1, Match(@"^conv\.(forward|input|weight)\.16x64x32x32\.64x3x3\.p1$")),
        new("AdamW, SGD: 1K", "torch.optim", 15, Match(@"^opt\.(adamw|sgdm)\.1K$")),
        new("AdamW, SGD: 1M", "torch.optim", 4, Match(@"^opt\.(adamw|sgdm)\.1M$")),
        new("AdamW, SGD: 25M", "torch.optim", 10, Match(@"^opt\.(adamw|sgdm)\.25M$")),
        new("AdamW, SGD: 1K, 1M", "libtorch fused", 1, Match(@"^opt\.(adamw|sgdm)\.(1K|1M)$")),
        new("AdamW, SGD: 25M", "libtorch fused", 0.95, Match(@"^opt\.(adamw|sgdm)\.25M$")),
        Captured("xor, logreg30", 20, "xor|logreg30"),
        Captured("mnist_mlp.b64", 3.5, @"mnist_mlp\.b64"),
        Captured("mnist_mlp.b256", 2.5, @"mnist_mlp\.b256"),
        Captured("lenet", 1.6, "lenet"),
        Captured("gpt4x128", 2, "gpt4x128"),
        Captured("convbnrelu64", 1.2, "convbnrelu64"),
        new("eager training step: xor, logreg30", "TorchSharp", 6, Match(@"^train\.(xor|logreg30)\.")) { Own = Contest.OwnEager },
        new("eager training step: all", "TorchSharp", 1, Match(@"^train\.")) { Own = Contest.OwnEager },
    ];

    private static Bar Captured(string name, double least, string pattern) =>
        new($"captured training step: {name}", "TorchSharp", least, Match($@"^train\.({pattern})(\.|$)"));

    private static Func<string, bool> Match(string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant);
        return regex.IsMatch;
    }
}
