using System.Globalization;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Kernels.Philox;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;

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

    /// <summary>The norm to which training clips the whole gradient; null for no clipping. What is measured is never clipped.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>The seed of weights and data.</summary>
    public ulong Seed { get; init; }

    /// <summary>Builds it and measures: normal inputs, normal targets, mean squared error.</summary>
    /// <exception cref="ArgumentException">A name is unknown or a number too small.</exception>
    public FlowReport Measure()
    {
        (Sequential<double> model, Func<Tensor<double>> loss) = Build();
        return FlowMeter.Measure(model, loss);
    }

    /// <summary>Builds it and takes steps of gradient descent on the whole batch, clipped to <see cref="ClipNorm"/>.</summary>
    /// <param name="steps">The steps, at least 1; it ends before where loss or gradient are not finite.</param>
    /// <param name="rate">The learning rate, positive.</param>
    /// <exception cref="ArgumentException">A name is unknown or a number too small.</exception>
    public FlowTraining Train(int steps = 20, double rate = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!(rate > 0) || !double.IsFinite(rate))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"rate is {rate}; expected a positive finite number.");
        (Sequential<double> model, Func<Tensor<double>> loss) = Build();
        OptimizerSettings settings = new() { ClipNorm = ClipNorm, MeasureNorm = true, NonFinite = NonFinitePolicy.Skip };
        Optimizer<double> descent = OptimizerRegistry.Standard["sgd"].Create<double>(model.NamedParameters(), new() { { "lr", rate } }, settings);
        double before = double.NaN, after = double.NaN, largest = 0;
        for (int step = 0, clipped = 0; ; step++)
        {
            using TensorScope scope = new();
            model.ZeroGrad();
            Tensor<double> value = loss();
            after = value.Item();
            before = step == 0 ? after : before;
            if (step == steps || !double.IsFinite(after))
                return new(before, after, step, clipped, largest);
            value.Backward();
            StepReport report = descent.Step();
            largest = Math.Max(largest, report.GradientNorm);
            if (!report.Applied)
                return new(before, after, step, clipped, largest);
            clipped += report.ClipCoefficient < 1 ? 1 : 0;
        }
    }

    /// <summary>This network and what each mend makes of it: one change at a time, then the pairs that belong together.</summary>
    /// <remarks>
    /// Initialization, normalization and activation change the factor a layer. Clipping does not, for it multiplies all layers alike: what it changes is seen
    /// in training, where it keeps an exploding gradient's steps finite and leaves a vanishing one as it is.
    /// </remarks>
    /// <param name="steps">The steps of gradient descent by which each is tried; 0 for none.</param>
    /// <param name="rate">The learning rate of these.</param>
    /// <param name="clip">The norm of the trial with clipping.</param>
    /// <exception cref="ArgumentException">A name is unknown or a number out of range.</exception>
    public IReadOnlyList<FlowTrial> Mends(int steps = 0, double rate = 0.1, double clip = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return [.. Changes(clip).Where((trial, i) => i == 0 || trial.Network != this).Select(trial => new FlowTrial(trial.Change, trial.Network, trial.Network.Measure(), steps == 0 ? null : trial.Network.Train(steps, rate)))];
    }

    private IEnumerable<(string Change, FlowNetwork Network)> Changes(double clip) =>
    [
        ("as it is", this),
        (string.Create(CultureInfo.InvariantCulture, $"clipping to {clip}"), this with { ClipNorm = clip }),
        ("Xavier initialization", this with { Initialization = "xavier" }),
        ("He initialization", this with { Initialization = "he" }),
        ("orthogonal initialization", this with { Initialization = "orthogonal" }),
        ("layer normalization", this with { Normalization = "layer" }),
        ("batch normalization", this with { Normalization = "batch" }),
        ("ReLU", this with { Activation = "relu" }),
        ("tanh", this with { Activation = "tanh" }),
        ("He initialization and ReLU", this with { Initialization = "he", Activation = "relu" }),
        ("orthogonal initialization and tanh", this with { Initialization = "orthogonal", Activation = "tanh" }),
    ];

    private (Sequential<double> Model, Func<Tensor<double>> Loss) Build()
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
        return (model, () => loss.Forward(model.Invoke(inputs), targets));
    }

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
