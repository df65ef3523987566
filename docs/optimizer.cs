#:project ../src/FastGrad/FastGrad.csproj

// An optimizer of one's own as a plugin, in one file: run it with 'dotnet run docs/optimizer.cs'.

using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Kernels.Simd;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Rules;
using FastGrad.Plugins;
using FastGrad.Training;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

PluginRegistry plugins = new([.. StandardPlugins.All, new BallPlugin()]);

Console.WriteLine("1. In a loop of one's own: two updates on f(x) = x²/2 from x = 1, with η = 0.1 and β = 0.5");
Linear<double> line = new(1, 1, bias: false);
line.Initialize(seed: 0);
Tensor<double> x = line.NamedParameters().Single().Tensor;
x.AsSpan()[0] = 1;
Optimizer<double> ball = plugins.Optimizers["my-ball"].Create<double>(line.NamedParameters(), new() { { "lr", 0.1 }, { "momentum", 0.5 } });
for (int step = 1; step <= 2; step++)
{
    line.ZeroGrad();
    (x.Square().Sum() / 2).Backward();
    ball.Step();
    Console.WriteLine($"   x after update {step}: {x[0, 0]:F4}");
}

Console.WriteLine();
Console.WriteLine("2. By its name, with a schedule and captured steps: points above or below a line");
float[] points = [.. Enumerable.Range(0, 400).SelectMany(i => new[] { i % 20 / 10f - 1, i / 20 / 10f - 1 })];
int[] above = [.. Enumerable.Range(0, 400).Select(i => points[2 * i + 1] > 0.5f * points[2 * i] ? 1 : 0)];
DataSet<float> data = DataSet<float>.Classification(points, 2, above, labelNames: ["below", "above"]);
FitResult<float> fit = Model.Fit(data, new FitOptions { Optimizers = plugins.Optimizers, Optimizer = "my-ball", OptimizerOptions = new() { { "lr", 0.05 } } });
Console.WriteLine($"   {(fit.HeldOut!.Accuracy > 0.9 ? "more than 90" : "fewer than 90")} of 100 held-out points are right");

/// <summary>What may be set: names, defaults, ranges and meanings, for command lines, configuration, schedules and error texts.</summary>
internal sealed record BallOptions
{
    public double LearningRate { get; set; } = 0.01;

    public double Momentum { get; set; } = 0.9;

    public static OptionTable<BallOptions> Table { get; } = new OptionTable<BallOptions>("my-ball")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("momentum", o => o.Momentum, (o, v) => o.Momentum = v, OptionRange.Fraction, "share β of the last step that is kept");
}

/// <summary>m ← βm + g; θ ← θ − ηm.</summary>
internal sealed class Ball : OptimizerDefinition<BallOptions>
{
    public override string Name => "my-ball";

    public override string Source => "Polyak 1964, USSR Comput. Math. Math. Phys. 4(5)";

    public override OptimizerTraits Traits => OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    public override OptionTable<BallOptions> Options => BallOptions.Table;

    protected override UpdateMethod<float, BallOptions> Single(OptimizerConfiguration<BallOptions> configuration) => Method<float>();

    protected override UpdateMethod<double, BallOptions> Double(OptimizerConfiguration<BallOptions> configuration) => Method<double>();

    // The same in plain scalar code: what the conformance kit tests the rule against.
    protected override ReferenceOptimizer Reference(BallOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 1, (x, g, slot, step) =>
        {
            slot[0] = o.Momentum * slot[0] + g;
            return x - o.LearningRate * slot[0];
        });

    // Two rules in one pass over memory; the last returns the parameter's new value. The state is saved under its name.
    private static UpdateMethod<T, BallOptions> Method<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, BallOptions>.Method(["momentum_buffer"], static (o, step) => Chain<T>.Of(new Keep<T>(o.Momentum), new Descend<T>(o.LearningRate)));

    private readonly struct Keep<T>(double momentum) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _momentum = T.CreateTruncating(momentum);

        public static int SlotCount => 1;

        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> => slots[0] = V.FusedMultiplyAdd(V.Create(_momentum), slots[0], update);
    }
}

internal sealed class BallPlugin : IFastGradPlugin
{
    public PluginManifest Manifest { get; } = new("Mine", "1.0.0");

    public void Register(IPluginRegistry registry) => registry.Add(new Ball());
}
