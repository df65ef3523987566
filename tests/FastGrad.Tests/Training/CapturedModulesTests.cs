using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>Every module, and every optimizer: captured training has the bits of eager training.</summary>
public sealed class CapturedModulesTests
{
    private static readonly Shape s_rows = [6, 8], s_sequences = [2, 5, 8], s_lines = [2, 4, 8], s_images = [2, 4, 6, 8];

    // By the name of the type: a module, and inputs that it takes.
    private static readonly Dictionary<string, (Func<Module<float>> Make, Shape Inputs)> s_modules = new()
    {
        ["Activation`2"] = (() => new Activation<Kernels.Activations.Mish<float>, float>(), s_rows),
        ["Relu`1"] = (() => new Relu<float>(), s_rows),
        ["LeakyRelu`1"] = (() => new LeakyRelu<float>(0.1), s_rows),
        ["Elu`1"] = (() => new Elu<float>(), s_rows),
        ["Tanh`1"] = (() => new Tanh<float>(), s_rows),
        ["Sigmoid`1"] = (() => new Sigmoid<float>(), s_rows),
        ["Silu`1"] = (() => new Silu<float>(), s_rows),
        ["Gelu`1"] = (() => new Gelu<float>(), s_rows),
        ["GeluTanh`1"] = (() => new GeluTanh<float>(), s_rows),
        ["Softplus`1"] = (() => new Softplus<float>(), s_rows),
        ["Softmax`1"] = (() => new Softmax<float>(), s_rows),
        ["LogSoftmax`1"] = (() => new LogSoftmax<float>(), s_rows),
        ["BatchNorm1d`1"] = (() => new BatchNorm1d<float>(8), s_rows),
        ["BatchNorm2d`1"] = (() => new BatchNorm2d<float>(4), s_images),
        ["Bilinear`1"] = (() => new Bilinear<float>(3, 5, 4), s_rows),
        ["Conv1d`1"] = (() => new Conv1d<float>(4, 3, 3, new() { Padding = 1 }), s_lines),
        ["Conv2d`1"] = (() => new Sequential<float>(new Conv2d<float>(4, 3, 3), new Relu<float>(), new Conv2d<float>(3, 5, 3, new() { Padding = 1 }), new Relu<float>()), s_images),
        ["ConvTransposed1d`1"] = (() => new ConvTransposed1d<float>(4, 3, 3, new() { Stride = 2 }), s_lines),
        ["ConvTransposed2d`1"] = (() => new ConvTransposed2d<float>(4, 3, 3), s_images),
        ["Dropout`1"] = (() => new Dropout<float>(0.4, 3), s_rows),
        ["Embedding`1"] = (() => new Embedding<float>(9, 8), [3, 4]),
        ["Flatten`1"] = (() => new Flatten<float>(), s_images),
        ["Unflatten`1"] = (() => new Unflatten<float>([2, 4]), s_rows),
        ["GroupNorm`1"] = (() => new GroupNorm<float>(2, 4), s_images),
        ["InstanceNorm`1"] = (() => new InstanceNorm<float>(4, affine: true, trackRunningStats: true), s_images),
        ["LayerNorm`1"] = (() => new LayerNorm<float>([8]), s_sequences),
        ["RmsNorm`1"] = (() => new RmsNorm<float>([8]), s_sequences),
        ["Linear`1"] = (() => new Linear<float>(8, 5), s_rows),
        ["WeightNorm`1"] = (() => new WeightNorm<float>(8, 5), s_rows),
        ["MultiHeadAttention`1"] = (() => new MultiHeadAttention<float>(8, 2, dropout: 0.2, seed: 5), s_sequences),
        ["TransformerEncoderBlock`1"] = (() => new TransformerEncoderBlock<float>(8, 2, dropout: 0.2, seed: 5), s_sequences),
        ["TransformerDecoderBlock`1"] = (() => new TransformerDecoderBlock<float>(8, 2), s_sequences),
        ["MaxPool1d`1"] = (() => new MaxPool1d<float>(3, 2), s_lines),
        ["MaxPool2d`1"] = (() => new MaxPool2d<float>(2), s_images),
        ["AvgPool1d`1"] = (() => new AvgPool1d<float>(3, 2), s_lines),
        ["AvgPool2d`1"] = (() => new AvgPool2d<float>(2), s_images),
        ["AdaptiveAvgPool1d`1"] = (() => new AdaptiveAvgPool1d<float>(3), s_lines),
        ["AdaptiveAvgPool2d`1"] = (() => new AdaptiveAvgPool2d<float>(3), s_images),
        ["AdaptiveMaxPool1d`1"] = (() => new AdaptiveMaxPool1d<float>(3), s_lines),
        ["AdaptiveMaxPool2d`1"] = (() => new AdaptiveMaxPool2d<float>(3), s_images),
        ["Rnn`1"] = (() => new Rnn<float>(8, 6, layers: 2, bidirectional: true), s_sequences),
        ["Lstm`1"] = (() => new Lstm<float>(8, 6, layers: 2, dropout: 0.3, seed: 7), s_sequences),
        ["Gru`1"] = (() => new Gru<float>(8, 6), s_sequences),
        ["RnnCell`1"] = (() => new RnnCell<float>(8, 6), s_rows),
        ["LstmCell`1"] = (() => new LstmCell<float>(8, 6), s_rows),
        ["GruCell`1"] = (() => new GruCell<float>(8, 6), s_rows),
        ["Residual`1"] = (() => new Residual<float>(new Sequential<float>(new Linear<float>(8, 8), new Relu<float>())), s_rows),
        ["Sequential`1"] = (() => new Sequential<float>(new Linear<float>(8, 8), new Gelu<float>(), new Linear<float>(8, 8)), s_rows),
    };

    // What has no function of its own.
    private static readonly Dictionary<string, string> s_exceptions = new() { ["ModuleList`1"] = "a list that its owner calls" };

    public static TheoryData<string> Modules => [.. s_modules.Keys];

    public static TheoryData<string> Names => [.. Optimizers.All.Select(o => o.Name)];

    [Fact]
    public void NoModuleIsForgotten()
    {
        string[] all = [.. typeof(Module<>).Assembly.GetExportedTypes().Where(t => !t.IsAbstract && IsModule(t)).Select(t => t.Name)];
        Assert.True(all.Length > 40);
        Assert.Empty(all.Except(s_modules.Keys).Except(s_exceptions.Keys));

        static bool IsModule(Type? type)
        {
            for (type = type?.BaseType; type is not null; type = type.BaseType)
            {
                if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Module<>))
                    return true;
            }
            return false;
        }
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void CapturedIsEagerForEveryModule(string name) => Compare(name, "adamw", steps: 4);

    [Theory]
    [MemberData(nameof(Names))]
    public void CapturedIsEagerForEveryOptimizer(string optimizer) => Compare("Sequential`1", optimizer, steps: 8);

    private static void Compare(string name, string optimizer, int steps)
    {
        float[] eager = Trained(new() { Capture = false });
        Assert.Equal(eager, Trained(new()));
        Assert.Equal(eager, Trained(new() { Passes = CaptureOptions.None }));

        float[] Trained(TrainingStepOptions options)
        {
            (Func<Module<float>> make, Shape inputs) = s_modules[name];
            Module<float> inner = make();
            bool indices = inner is Embedding<float>;
            Module<float> model = new Sequential<float>(indices ? [inner, new Linear<float>(8, 8)] : [new Linear<float>(inputs[-1], inputs[-1]), inner]).Initialize(3);
            TrainingStep<float> step = new(model, new MeanSquaredError<float>(), Optimizers.All[optimizer].Create<float>(model.NamedParameters()), options);
            Tensor<float> x = Tensor.From<float>([.. Enumerable.Range(0, inputs.Length).Select(i => indices ? i * 5 % 9 : MathF.Sin(i))], inputs), y;
            Module<float> shape = make().Initialize(1);
            using (NoGrad _ = new())
                y = Tensor.Full<float>(indices ? [3, 4, 8] : shape.Invoke(x).Shape, 0.25f);
            List<float> seen = [];
            for (int i = 0; i < steps; i++)
                seen.Add((float)step.Run(x, y).Loss);
            Assert.Equal(options.Capture, step.Program is not null);
            return [.. seen, .. model.NamedParameters().SelectMany(p => p.Tensor.ToArray()), .. model.NamedBuffers().SelectMany(b => b.Buffer.ToArray())];
        }
    }
}
