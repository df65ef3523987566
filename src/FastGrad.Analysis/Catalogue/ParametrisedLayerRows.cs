using FastGrad.Autograd;
using FastGrad.Modules;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Bilinear maps, normalized weights, tracked statistics, dropout inside layers, attention to a memory.</summary>
internal static class ParametrisedLayerRows
{
    private static readonly Tensor<bool> s_padding = Tensor.From<bool>([false, true, false], [1, 3]);

    public static IEnumerable<OperatorRow> All =>
    [
        Layers.Row("bilinear-layer", typeof(Bilinear<>), [[2, 3], [2, 2]], () => new Bilinear<double>(3, 2, 2), () => new Bilinear<float>(3, 2, 2), (layer, x) => layer.Forward(x[0], x[1]), (layer, x) => layer.Forward(x[0], x[1]))
            .Like(x => (x[2] * x[0].Reshape([2, 1, 3, 1]) * x[1].Reshape([2, 1, 1, 2])).Sum([2, 3]) + x[3]),
        // Parameters: bias, weight_g, weight_v.
        Layers.Row("linear-layer-weight-norm", typeof(Linear<>), [2, 3], () => new Linear<double>(3, 2).WeightNorm(), () => new Linear<float>(3, 2).WeightNorm())
            .Like(x => x[0].MatMul((x[3] * (x[2] / x[3].Square().Sum([1], keepAxes: true).Sqrt())).Transpose()) + x[1]),
        Layers.Row("conv1d-layer-weight-norm", typeof(Conv1d<>), [1, 2, 3], () => new Conv1d<double>(2, 2, 2).WeightNorm(null), () => new Conv1d<float>(2, 2, 2).WeightNorm(null))
            .Like(x => x[0].Conv(x[3] * (x[2] / x[3].Square().Sum().Sqrt()), x[1])),
        Layers.Row("instance-norm-layer-tracked-eval", typeof(InstanceNorm<>), [2, 2, 3], () => new InstanceNorm<double>(2, affine: true, trackRunningStats: true), () => new InstanceNorm<float>(2, affine: true, trackRunningStats: true), training: false)
            .Like(x => (x[0] - Tensor.From([0.25, -0.5], [2, 1])) / (Tensor.From([0.5, 2], [2, 1]) + 1e-5).Sqrt() * x[1].Reshape([2, 1]) + x[2].Reshape([2, 1])),
        // Masks are the first of their streams in every call.
        Layers.Row("gru-layer-dropout", typeof(Gru<>), [2, 2, 2], () => new Gru<double>(2, 2, layers: 2, dropout: 0.25, seed: 3), () => new Gru<float>(2, 2, layers: 2, dropout: 0.25, seed: 3)),
        Layers.Row("attention-layer-dropout", typeof(MultiHeadAttention<>), [1, 3, 2], () => new MultiHeadAttention<double>(2, 1, causal: true, dropout: 0.25, seed: 3), () => new MultiHeadAttention<float>(2, 1, causal: true, dropout: 0.25, seed: 3)),
        Layers.Row("attention-layer-padded", typeof(MultiHeadAttention<>), [[1, 2, 2], [1, 3, 2]], () => new MultiHeadAttention<double>(2, 1), () => new MultiHeadAttention<float>(2, 1), (layer, x) => layer.Forward(x[0], x[1], keyPadding: s_padding), (layer, x) => layer.Forward(x[0], x[1], keyPadding: s_padding)),
        Layers.Row("transformer-decoder-layer-of-padded-memory", typeof(TransformerDecoderBlock<>), [[1, 2, 3], [1, 3, 3]], () => new TransformerDecoderBlock<double>(3, 1, 2, memory: true), () => new TransformerDecoderBlock<float>(3, 1, 2, memory: true), (layer, x) => layer.Forward(x[0], x[1], memoryKeyPadding: s_padding), (layer, x) => layer.Forward(x[0], x[1], memoryKeyPadding: s_padding)),
    ];
}
