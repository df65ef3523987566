using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Training;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FastGrad.Tests.Training;

/// <summary>Random stacks of modules, random optimizers, random ways to capture, on one and two threads: weights, statistics and losses have the bits of eager steps.</summary>
public sealed class RandomModelTests
{
    private const int Width = 24;

    // Those that update each parameter by itself, and two that do not.
    private static readonly string[] s_separate = [.. Optimizers.All.Select(o => o.Name).Where(name => Step(new Sequential<float>(new Linear<float>(2, 2)), name, new()).Optimizer.UpdatesSeparately)];

    [Property(MaxTest = 60, Replay = "(20261124,7)")]
    public Property CapturedStepsHaveTheBitsOfEagerOnes() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        Random random = new(seed);
        bool early = random.Next(2) == 0;
        string optimizer = early ? s_separate[random.Next(s_separate.Length)] : ((string[])["adamw", "lbfgs", "muon", "lamb"])[random.Next(4)];
        int[] layers = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(12))];
        TrainingStepOptions options = new()
        {
            UpdateInBackward = early,
            CountCorrect = random.Next(2) == 0,
            Passes = new()
            {
                FoldConstants = random.Next(4) > 0,
                ShareCommonSubexpressions = random.Next(4) > 0,
                RemoveDeadCode = random.Next(4) > 0,
                ShareCopies = random.Next(4) > 0,
                FuseEpilogues = random.Next(4) > 0,
                ReuseInPlace = random.Next(4) > 0,
                FuseElementwise = random.Next(4) > 0,
                UpdateEarly = random.Next(4) > 0,
            },
        };
        int rows = random.Next(2) == 0 ? 5 : 400; // tiles from some 340 rows on
        using ComputeContext context = new(random.Next(1, 3));
        using ComputeContext.Usage _ = context.Use();
        float[] expected = Trained(new() { Capture = false, CountCorrect = options.CountCorrect }, 0), captured = Trained(options, 0), tight = [];
        // With a budget too, as far as it goes down.
        try
        {
            tight = Trained(options, 0.8);
        }
        catch (InvalidOperationException)
        {
            tight = expected;
        }
        return expected.SequenceEqual(captured) && expected.SequenceEqual(tight);

        float[] Trained(TrainingStepOptions with, double share)
        {
            Sequential<float> model = new([new Linear<float>(7, Width), .. layers.Select(Layer), new Linear<float>(Width, 3)]);
            if (share > 0)
            {
                // Its own model, since a capture makes gradients.
                Sequential<float> other = new([new Linear<float>(7, Width), .. layers.Select(Layer), new Linear<float>(Width, 3)]);
                with = with.TrainWithin((long)(share * Step(other, optimizer, with).Capture(X(rows, 0), Y(rows)).PeakBytes));
            }
            TrainingStep<float> step = Step(model, optimizer, with);
            List<float> seen = [];
            for (int i = 0; i < 3; i++)
            {
                StepResult result = step.Run(X(rows, i), Y(rows));
                seen.AddRange([(float)result.Loss, result.Correct]);
            }
            return [.. seen, .. model.NamedParameters().SelectMany(p => p.Tensor.ToArray()), .. model.NamedBuffers().SelectMany(b => b.Buffer.ToArray())];
        }
    });

    private static Module<float> Layer(int choice) => choice switch
    {
        0 => new Relu<float>(),
        1 => new Gelu<float>(),
        2 => new Tanh<float>(),
        3 => new Linear<float>(Width, Width),
        4 => new LayerNorm<float>([Width]),
        5 => new BatchNorm1d<float>(Width),
        6 => new Dropout<float>(0.3, 11),
        7 => new Residual<float>(new Sequential<float>(new Linear<float>(Width, Width), new Silu<float>())),
        8 => new Residual<float>(new Sequential<float>(new RmsNorm<float>([Width]), new Linear<float>(Width, Width), new Gelu<float>(), new Linear<float>(Width, Width))),
        9 => new Softmax<float>(),
        10 => new Residual<float>(new Residual<float>(new Linear<float>(Width, Width))),
        _ => new TwoDrops(),
    };

    private static TrainingStep<float> Step(Sequential<float> model, string optimizer, TrainingStepOptions options)
    {
        model.Initialize(5);
        return new(model, new CrossEntropy<float>(), Optimizers.All[optimizer].Create<float>(model.NamedParameters()), options);
    }

    private static Tensor<float> X(int rows, int seed) => Tensor.From<float>([.. Enumerable.Range(0, rows * 7).Select(i => MathF.Sin(1.3f * i + seed))], [rows, 7]);

    private static Tensor<int> Y(int rows) => Tensor.From<int>([.. Enumerable.Range(0, rows).Select(i => i % 3)], [rows]);

    /// <summary>One value through two masks: they are no common subexpression.</summary>
    private sealed class TwoDrops : Module<float>
    {
        private readonly Dropout<float> _first, _second;

        public TwoDrops() => (_first, _second) = (Child("first", new Dropout<float>(0.4, 21)), Child("second", new Dropout<float>(0.4, 22)));

        protected override bool IsReplayable => true;

        public override Tensor<float> Forward(Tensor<float> x) => _first.Invoke(x) - _second.Invoke(x) + _first.Invoke(x);
    }
}
