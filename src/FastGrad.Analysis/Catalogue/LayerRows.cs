using FastGrad.Autograd;
using FastGrad.Modules;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Layers without memory of a sequence: arguments are the input, then every parameter in the order of declaration.</summary>
internal static class LayerRows
{
    private static readonly Tensor<int> s_indices = Tensor.From([2, 0, 2, 3], [2, 2]);

    public static IEnumerable<OperatorRow> All => [.. Maps, .. Activations, .. Convolutions, .. Norms, .. Containers];

    private static IEnumerable<OperatorRow> Maps =>
    [
        Layers.Row("linear-layer", typeof(Linear<>), [2, 3], () => new Linear<double>(3, 2), () => new Linear<float>(3, 2))
            .Like(x => x[0].MatMul(x[1].Transpose()) + x[2]),
        Layers.Row("linear-layer-unbiased", typeof(Linear<>), [2, 2, 3], () => new Linear<double>(3, 2, bias: false), () => new Linear<float>(3, 2, bias: false))
            .Like(x => x[0].MatMul(x[1].Transpose())),
        Layers.Row("weight-norm-layer", typeof(WeightNorm<>), [2, 3], () => new WeightNorm<double>(3, 2), () => new WeightNorm<float>(3, 2))
            .Like(x => x[0].MatMul((x[1] * x[2] / x[2].Square().Sum([1], keepAxes: true).Sqrt()).Transpose()) + x[3]),
        // Indices are no argument: the table alone has a derivative.
        Layers.Row("embedding-layer", typeof(Embedding<>), [], () => new Embedding<double>(4, 2), () => new Embedding<float>(4, 2), (layer, _) => layer.Forward(s_indices), (layer, _) => layer.Forward(s_indices))
            .Like(x => Rows(x[0], 2, 0, 2, 3).Reshape([2, 2, 2])),
        Layers.Row("embedding-layer-padded", typeof(Embedding<>), [], () => new Embedding<double>(4, 2, padding: 2), () => new Embedding<float>(4, 2, padding: 2), (layer, _) => layer.Forward(Tensor.From(1, 0, 3)), (layer, _) => layer.Forward(Tensor.From(1, 0, 3)))
            .Like(x => Rows(x[0], 1, 0, 3)),
        Layers.Row("flatten-layer", typeof(Flatten<>), [2, 2, 3], () => new Flatten<double>(), () => new Flatten<float>()).Like(x => x[0].Reshape([2, 6])),
        Layers.Row("unflatten-layer", typeof(Unflatten<>), [2, 6], () => new Unflatten<double>([2, 3]), () => new Unflatten<float>([2, 3])).Like(x => x[0].Reshape([2, 2, 3])),
        // The mask is the first of its seed's stream in every call.
        Layers.Row("dropout-layer", typeof(Dropout<>), [3, 5], () => new Dropout<double>(0.25, 7), () => new Dropout<float>(0.25, 7)),
        Layers.Row("dropout-layer-eval", typeof(Dropout<>), [3, 5], () => new Dropout<double>(0.25, 7), () => new Dropout<float>(0.25, 7), training: false).Like(x => x[0] * 1.0),
    ];

    private static IEnumerable<OperatorRow> Activations =>
    [
        Layers.Row("activation-layer", typeof(Activation<,>), [2, 3], () => new Activation<FastGrad.Kernels.Functions.Erf<double>, double>(), () => new Activation<FastGrad.Kernels.Functions.Erf<float>, float>()).Like(x => x[0].Erf()),
        Layers.Row("relu-layer", typeof(Relu<>), [2, 3], () => new Relu<double>(), () => new Relu<float>()).Kinked(x => Math.Abs(x[0])).Like(x => x[0].Maximum(Tensor.Scalar(0.0))),
        Layers.Row("leaky-relu-layer", typeof(LeakyRelu<>), [2, 3], () => new LeakyRelu<double>(0.125), () => new LeakyRelu<float>(0.125)).Kinked(x => Math.Abs(x[0])).Like(x => x[0].Maximum(x[0] * 0.125)),
        Layers.Row("elu-layer", typeof(Elu<>), [2, 3], () => new Elu<double>(0.5), () => new Elu<float>(0.5)).Kinked(x => Math.Abs(x[0])).Like(x => x[0].Relu() - (-(-x[0]).Relu()).Expm1() * -0.5),
        Layers.Row("tanh-layer", typeof(Tanh<>), [2, 3], () => new Tanh<double>(), () => new Tanh<float>()).Like(x => 1.0 - 2.0 / ((x[0] * 2.0).Exp() + 1.0)),
        Layers.Row("sigmoid-layer", typeof(Sigmoid<>), [2, 3], () => new Sigmoid<double>(), () => new Sigmoid<float>()).Like(x => Logistic(x[0])),
        Layers.Row("silu-layer", typeof(Silu<>), [2, 3], () => new Silu<double>(), () => new Silu<float>()).Like(x => x[0] * Logistic(x[0])),
        Layers.Row("gelu-layer", typeof(Gelu<>), [2, 3], () => new Gelu<double>(), () => new Gelu<float>()).Like(x => x[0] * ((x[0] / Math.Sqrt(2)).Erf() + 1.0) * 0.5),
        Layers.Row("gelu-tanh-layer", typeof(GeluTanh<>), [2, 3], () => new GeluTanh<double>(), () => new GeluTanh<float>())
            .Like(x => x[0] * 0.5 * (((x[0] + x[0] * x[0] * x[0] * 0.044715) * Math.Sqrt(2 / Math.PI)).Tanh() + 1.0)),
        Layers.Row("softplus-layer", typeof(Softplus<>), [2, 3], () => new Softplus<double>(), () => new Softplus<float>()).Like(x => (x[0].Exp() + 1.0).Log()),
        Layers.Row("softmax-layer", typeof(Softmax<>), [2, 3], () => new Softmax<double>(0), () => new Softmax<float>(0)).Like(x => x[0].Exp() / x[0].Exp().Sum([0], keepAxes: true)),
        Layers.Row("log-softmax-layer", typeof(LogSoftmax<>), [2, 3], () => new LogSoftmax<double>(), () => new LogSoftmax<float>()).Like(x => x[0] - x[0].Exp().Sum([1], keepAxes: true).Log()),
    ];

    private static IEnumerable<OperatorRow> Convolutions =>
    [
        Layers.Row("conv1d-layer", typeof(Conv1d<>), [2, 2, 5], () => new Conv1d<double>(2, 3, 3), () => new Conv1d<float>(2, 3, 3))
            .Like(x => Enumerable.Range(0, 3).Select(k => x[1].Slice(2, k, 1).Reshape([3, 2]).MatMul(x[0].Slice(2, k, 3))).Aggregate((a, b) => a + b) + x[2].Reshape([3, 1])),
        Layers.Row("conv2d-layer", typeof(Conv2d<>), [1, 2, 3, 4], () => new Conv2d<double>(2, 2, 2), () => new Conv2d<float>(2, 2, 2))
            .Like(x => (from i in Enumerable.Range(0, 2) from j in Enumerable.Range(0, 2)
                        select x[1].Slice(2, i, 1).Slice(3, j, 1).Reshape([2, 2]).MatMul(x[0].Slice(2, i, 2).Slice(3, j, 3).Reshape([1, 2, 6]))).Aggregate((a, b) => a + b).Reshape([1, 2, 2, 3]) + x[2].Reshape([2, 1, 1])),
        Layers.Row("conv2d-layer-options", typeof(Conv2d<>), [1, 2, 4, 3], () => new Conv2d<double>(2, 4, 3, Padded(2), bias: false), () => new Conv2d<float>(2, 4, 3, Padded(2), bias: false)),
        Layers.Row("conv-transposed1d-layer", typeof(ConvTransposed1d<>), [2, 2, 3], () => new ConvTransposed1d<double>(2, 3, 2), () => new ConvTransposed1d<float>(2, 3, 2))
            .Like(x => Enumerable.Range(0, 2).Select(k => x[1].Slice(2, k, 1).Reshape([2, 3]).Transpose().MatMul(x[0]).Pad([k, 1 - k])).Aggregate((a, b) => a + b) + x[2].Reshape([3, 1])),
        Layers.Row("conv-transposed2d-layer", typeof(ConvTransposed2d<>), [1, 2, 2, 3], () => new ConvTransposed2d<double>(2, 2, 2), () => new ConvTransposed2d<float>(2, 2, 2)),
        Layers.Row("max-pool1d-layer", typeof(MaxPool1d<>), [1, 2, 4], () => new MaxPool1d<double>(2), () => new MaxPool1d<float>(2)) with { KinkDistance = ReductionRows.Gap },
        Layers.Row("max-pool2d-layer", typeof(MaxPool2d<>), [1, 1, 4, 2], () => new MaxPool2d<double>(2), () => new MaxPool2d<float>(2)) with { KinkDistance = ReductionRows.Gap },
        Layers.Row("adaptive-max-pool1d-layer", typeof(AdaptiveMaxPool1d<>), [1, 2, 5], () => new AdaptiveMaxPool1d<double>(2), () => new AdaptiveMaxPool1d<float>(2)) with { KinkDistance = ReductionRows.Gap },
        Layers.Row("adaptive-max-pool2d-layer", typeof(AdaptiveMaxPool2d<>), [1, 1, 3, 3], () => new AdaptiveMaxPool2d<double>((2, 1)), () => new AdaptiveMaxPool2d<float>((2, 1))) with { KinkDistance = ReductionRows.Gap },
        Layers.Row("avg-pool1d-layer", typeof(AvgPool1d<>), [1, 2, 6], () => new AvgPool1d<double>(2), () => new AvgPool1d<float>(2)).Like(x => x[0].Reshape([1, 2, 3, 2]).Mean([3])),
        Layers.Row("avg-pool2d-layer", typeof(AvgPool2d<>), [1, 2, 4, 2], () => new AvgPool2d<double>(2), () => new AvgPool2d<float>(2)).Like(x => x[0].Reshape([1, 2, 2, 2, 1, 2]).Mean([3, 5])),
        Layers.Row("adaptive-avg-pool1d-layer", typeof(AdaptiveAvgPool1d<>), [1, 2, 6], () => new AdaptiveAvgPool1d<double>(2), () => new AdaptiveAvgPool1d<float>(2)).Like(x => x[0].Reshape([1, 2, 2, 3]).Mean([3])),
        Layers.Row("adaptive-avg-pool2d-layer", typeof(AdaptiveAvgPool2d<>), [1, 2, 4, 3], () => new AdaptiveAvgPool2d<double>((2, 1)), () => new AdaptiveAvgPool2d<float>((2, 1))).Like(x => x[0].Reshape([1, 2, 2, 2, 3]).Mean([3, 4]).Reshape([1, 2, 2, 1])),
    ];

    private static IEnumerable<OperatorRow> Norms =>
    [
        Layers.Row("batch-norm1d-layer", typeof(BatchNorm1d<>), [4, 2], () => new BatchNorm1d<double>(2), () => new BatchNorm1d<float>(2)).Like(x => Normal(x[0], 1e-5, 0) * x[1] + x[2]),
        Layers.Row("batch-norm1d-layer-eval", typeof(BatchNorm1d<>), [4, 2], () => new BatchNorm1d<double>(2), () => new BatchNorm1d<float>(2), training: false)
            .Like(x => (x[0] - Tensor.From(0.25, -0.5)) / (Tensor.From(0.5, 2.0) + 1e-5).Sqrt() * x[1] + x[2]),
        Layers.Row("batch-norm1d-layer-eval-of-batch", typeof(BatchNorm1d<>), [3, 2, 2], () => new BatchNorm1d<double>(2, affine: false, trackRunningStats: false), () => new BatchNorm1d<float>(2, affine: false, trackRunningStats: false), training: false)
            .Like(x => Normal(x[0], 1e-5, 0, 2)),
        Layers.Row("batch-norm2d-layer", typeof(BatchNorm2d<>), [2, 2, 2, 2], () => new BatchNorm2d<double>(2), () => new BatchNorm2d<float>(2))
            .Like(x => Normal(x[0], 1e-5, 0, 2, 3) * x[1].Reshape([2, 1, 1]) + x[2].Reshape([2, 1, 1])),
        Layers.Row("batch-norm2d-layer-eval", typeof(BatchNorm2d<>), [2, 2, 2, 2], () => new BatchNorm2d<double>(2), () => new BatchNorm2d<float>(2), training: false)
            .Like(x => (x[0] - Tensor.From([0.25, -0.5], [2, 1, 1])) / (Tensor.From([0.5, 2], [2, 1, 1]) + 1e-5).Sqrt() * x[1].Reshape([2, 1, 1]) + x[2].Reshape([2, 1, 1])),
        Layers.Row("layer-norm-layer", typeof(LayerNorm<>), [3, 4], () => new LayerNorm<double>([4]), () => new LayerNorm<float>([4])).Like(x => Normal(x[0], 1e-5, 1) * x[1] + x[2]),
        Layers.Row("rms-norm-layer", typeof(RmsNorm<>), [3, 4], () => new RmsNorm<double>([4], 1e-5), () => new RmsNorm<float>([4], 1e-5))
            .Like(x => x[0] / (x[0].Square().Mean([1], keepAxes: true) + 1e-5).Sqrt() * x[1]),
        Layers.Row("group-norm-layer", typeof(GroupNorm<>), [2, 4, 2], () => new GroupNorm<double>(2, 4), () => new GroupNorm<float>(2, 4))
            .Like(x => Normal(x[0].Reshape([2, 2, 4]), 1e-5, 2).Reshape([2, 4, 2]) * x[1].Reshape([4, 1]) + x[2].Reshape([4, 1])),
        Layers.Row("instance-norm-layer", typeof(InstanceNorm<>), [2, 2, 3], () => new InstanceNorm<double>(2, affine: true), () => new InstanceNorm<float>(2, affine: true))
            .Like(x => Normal(x[0], 1e-5, 2) * x[1].Reshape([2, 1]) + x[2].Reshape([2, 1])),
    ];

    private static IEnumerable<OperatorRow> Containers =>
    [
        Layers.Row("sequential-layer", typeof(Sequential<>), [2, 3], () => new Sequential<double>(new Linear<double>(3, 2), new Tanh<double>(), new Linear<double>(2, 2)), () => new Sequential<float>(new Linear<float>(3, 2), new Tanh<float>(), new Linear<float>(2, 2)))
            .Like(x => (x[0].MatMul(x[1].Transpose()) + x[2]).Tanh().MatMul(x[3].Transpose()) + x[4]),
        Layers.Row("residual-layer", typeof(Residual<>), [2, 3], () => new Residual<double>(new Linear<double>(3, 3)), () => new Residual<float>(new Linear<float>(3, 3)))
            .Like(x => x[0] + x[0].MatMul(x[1].Transpose()) + x[2]),
    ];

    /// <summary>(x − μ)/√(σ² + ε) over the axes, with the biased variance.</summary>
    internal static Tensor<double> Normal(Tensor<double> x, double epsilon, params int[] axes)
    {
        Tensor<double> away = x - x.Mean(axes, keepAxes: true);
        return away / (away.Square().Mean(axes, keepAxes: true) + epsilon).Sqrt();
    }

    /// <summary>1/(1 + e⁻ˣ), as it is written.</summary>
    internal static Tensor<double> Logistic(Tensor<double> x) => 1.0 / ((-x).Exp() + 1.0);

    private static Tensor<double> Rows(Tensor<double> table, params int[] rows) => TensorShapes.Concatenate<double>(0, [.. rows.Select(row => table.Slice(0, row, 1))]);

    private static ConvOptions Padded(int groups) => new() { Padding = 1, Stride = (2, 1), Dilation = (1, 1), Groups = groups };
}
