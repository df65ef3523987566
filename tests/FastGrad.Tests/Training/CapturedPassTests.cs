using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>Captured training gives the bits of eager training, for every standard optimizer, module and kind of target.</summary>
public sealed class CapturedPassTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string optimizer in new[] { "sgd", "rmsprop", "adam", "adamw" })
            {
                foreach (string task in new[] { "classes", "numbers", "binary" })
                    cases.Add(optimizer, task);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void CapturedIsEagerBitForBit(string optimizer, string task)
    {
        (float[] eagerWeights, double[] eagerLosses) = Train(optimizer, task, capture: false);
        (float[] weights, double[] losses) = Train(optimizer, task, capture: true);
        Assert.Equal(eagerLosses, losses);
        Assert.Equal(eagerWeights, weights);
    }

    [Fact]
    public void FreezingOneLayerForAnotherIsNoticed()
    {
        Assert.Equal(Weights(capture: false), Weights(capture: true));

        static float[] Weights(bool capture) => Steps(
            new Sequential<float>(new Linear<float>(2, 3), new Linear<float>(3, 3), new Linear<float>(3, 2)),
            capture,
            (model, i) =>
            {
                ((Sequential<float>)model)[0].Freeze(i % 2 == 0);
                ((Sequential<float>)model)[1].Freeze(i % 2 == 1);
            });
    }

    [Fact]
    public void AModuleThatChangesFromCallToCallIsNotReplayed() => Assert.Equal(
        Steps(new Sequential<float>(new Linear<float>(2, 4), new EveryOther(), new Linear<float>(4, 2)), capture: false),
        Steps(new Sequential<float>(new Linear<float>(2, 4), new EveryOther(), new Linear<float>(4, 2)), capture: true));

    private static float[] Steps(Module<float> model, bool capture, Action<Module<float>, int>? before = null)
    {
        model.Initialize(3);
        TrainingStep<float> step = new(model, new CrossEntropy<float>(), OptimizerRegistry.Standard["adam"].Create<float>(model.NamedParameters()), new() { Capture = capture });
        Tensor<float> x = Tensor.From<float>([1, 2, -1, 3, 0, 1], [3, 2]);
        for (int i = 0; i < 6; i++)
        {
            before?.Invoke(model, i);
            step.Run(x, Tensor.From(0, 1, 1));
        }
        return [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];
    }

    // As a dropout would: the mask comes from outside the tensors.
    private sealed class EveryOther : Module<float>
    {
        private int _calls;

        public override Tensor<float> Forward(Tensor<float> x)
        {
            int odd = _calls++ % 2;
            return x * Tensor.From<float>([.. Enumerable.Range(0, x.Length).Select(i => i % 2 == odd ? 2f : 0f)], x.Shape);
        }
    }

    private static (float[] Weights, double[] Losses) Train(string optimizer, string task, bool capture)
    {
        int outputs = task == "classes" ? 3 : 2;
        Sequential<float> model = new(
            new Linear<float>(5, 7), new Gelu<float>(), new Linear<float>(7, 6), new LeakyRelu<float>(), new Linear<float>(6, 6), new Silu<float>(), new Softplus<float>(), new Linear<float>(6, outputs));
        model.Initialize(11);
        Loss<float> loss = task switch { "classes" => new CrossEntropy<float>(), "numbers" => new MeanSquaredError<float>(), _ => new BinaryCrossEntropy<float>() };
        TrainingStep<float> step = new(model, loss, OptimizerRegistry.Standard[optimizer].Create<float>(model.NamedParameters()), new() { Capture = capture, CountCorrect = task != "numbers" });
        List<double> losses = [];
        for (int i = 0; i < 12; i++)
        {
            int rows = i % 4 == 3 ? 3 : 8; // the last batch of an epoch is smaller
            Tensor<float> x = Tensor.From<float>([.. Enumerable.Range(0, rows * 5).Select(k => MathF.Sin(k + i))], [rows, 5]);
            Target<float> target = task == "classes"
                ? Tensor.From([.. Enumerable.Range(0, rows).Select(k => (k + i) % 3)], [rows])
                : Tensor.From<float>([.. Enumerable.Range(0, rows * 2).Select(k => (float)((k + i) % 2))], [rows, 2]);
            StepResult result = step.Run(x, target);
            losses.Add(result.Loss);
            losses.Add(result.Correct);
        }
        return ([.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())], [.. losses]);
    }
}
