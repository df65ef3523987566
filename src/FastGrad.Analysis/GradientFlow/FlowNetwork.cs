using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Kernels.Philox;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Analysis.GradientFlow;

/// <summary>A deep network of equal layers on random data: what initialization, normalization and activation do to a gradient.</summary>
public sealed record FlowNetwork
{
    /// <summary>The names of activations.</summary>
    public static IReadOnlyList<string> Activations { get; } = ["sigmoid", "tanh", "relu", "leaky-relu", "silu", "gelu", "none"];

    /// <summary>The names of initializations.</summary>
    public static IReadOnlyList<string> Initializations { get; } = ["xavier", "he", "orthogonal", "default"];

    /// <summary>The names of normalizations.</summary>
    public static IReadOnlyList<string> Normalizations { get; } = ["none", "layer", "batch"];

    /// <summary>Hidden layers, at least 2.</summary>
    public int Depth { get; init; } = 30;

    /// <summary>Units a layer, at least 1.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Rows of the batch, at least 2.</summary>
    public int Rows { get; init; } = 64;

    /// <summary>The activation after each hidden layer.</summary>
    public string Activation { get; init; } = "sigmoid";

    /// <summary>How weights begin; biases are zero, except with <c>default</c>.</summary>
    public string Initialization { get; init; } = "xavier";

    /// <summary>What stands between a weight and its activation.</summary>
    public string Normalization { get; init; } = "none";

    /// <summary>The seed of weights and data.</summary>
    public ulong Seed { get; init; }

    /// <summary>Builds it and measures: normal inputs, normal targets, mean squared error.</summary>
    /// <exception cref="ArgumentException">A name is unknown or a number too small.</exception>
    public FlowReport Measure()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Depth, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Rows, 2);
        List<Module<double>> modules = [];
        for (int i = 0; i < Depth; i++)
        {
            modules.Add(NewLinear(Width));
            if (NewNormalization() is { } normalization)
                modules.Add(normalization);
            if (NewActivation() is { } activation)
                modules.Add(activation);
        }
        modules.Add(NewLinear(1));
        Sequential<double> model = new([.. modules]);
        model.Initialize(Seed);
        double[] x = new double[Rows * Width], y = new double[Rows];
        new PhiloxStream(Seed, 1).FillNormal<double>(x, 0, 1);
        new PhiloxStream(Seed, 2).FillNormal<double>(y, 0, 1);
        Tensor<double> inputs = Tensor.From<double>(x, [Rows, Width]), targets = Tensor.From<double>(y, [Rows, 1]);
        MeanSquaredError<double> loss = new();
        return FlowMeter.Measure(model, () => loss.Forward(model.Invoke(inputs), targets));
    }

    /// <summary>This network and what each mend makes of it: one change at a time, then the pairs that belong together.</summary>
    public IReadOnlyList<FlowTrial> Mends() =>
    [
        .. new (string Change, FlowNetwork Network)[]
        {
            ("as it is", this),
            ("Xavier initialization", this with { Initialization = "xavier" }),
            ("He initialization", this with { Initialization = "he" }),
            ("orthogonal initialization", this with { Initialization = "orthogonal" }),
            ("layer normalization", this with { Normalization = "layer" }),
            ("batch normalization", this with { Normalization = "batch" }),
            ("ReLU", this with { Activation = "relu" }),
            ("tanh", this with { Activation = "tanh" }),
            ("He initialization and ReLU", this with { Initialization = "he", Activation = "relu" }),
            ("orthogonal initialization and tanh", this with { Initialization = "orthogonal", Activation = "tanh" }),
        }.Where((trial, i) => i == 0 || trial.Network != this).Select(trial => new FlowTrial(trial.Change, trial.Network, trial.Network.Measure())),
    ];

    private Linear<double> NewLinear(int outputs)
    {
        if (Initialization == "default")
            return new(Width, outputs);
        return new(Width, outputs, true, Initialization switch
        {
            "xavier" => Initializers.XavierNormal<double>(),
            "he" => Initializers.HeNormal<double>(),
            "orthogonal" => Initializers.Orthogonal<double>(),
            _ => throw Unknown(nameof(Initialization), Initialization, Initializations),
        }, Initializers.Zeros<double>());
    }

    private Module<double>? NewNormalization() => Normalization switch
    {
        "none" => null,
        "layer" => new LayerNorm<double>([Width]),
        "batch" => new BatchNorm1d<double>(Width),
        _ => throw Unknown(nameof(Normalization), Normalization, Normalizations),
    };

    private Module<double>? NewActivation() => Activation switch
    {
        "sigmoid" => new Sigmoid<double>(),
        "tanh" => new Tanh<double>(),
        "relu" => new Relu<double>(),
        "leaky-relu" => new LeakyRelu<double>(),
        "silu" => new Silu<double>(),
        "gelu" => new Gelu<double>(),
        "none" => null,
        _ => throw Unknown(nameof(Activation), Activation, Activations),
    };

    private static ArgumentException Unknown(string name, string value, IReadOnlyList<string> known) =>
        new($"{name} is '{value}'; expected one of {string.Join(", ", known)}.", name);
}
