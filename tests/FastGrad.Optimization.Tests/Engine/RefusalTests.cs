using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Modern;

namespace FastGrad.Optimization.Tests.Engine;

/// <summary>What is refused leaves nothing behind.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_that_a_gradient_forbids_is_not_counted(bool twoGroups)
    {
        ArrayParameter<double> a = new("a", [1.0], [1.0]);
        Faulty b = new("b") { LongGradient = true };
        Optimizer<double> optimizer = new Adam().Create<double>(
            [a, b], new AdamOptions(), twoGroups ? new() { Groups = [new() { Name = "a", Patterns = ["a"] }, ParameterGroup.Everything] } : new());
        byte[][] before = [.. optimizer.State.Select(e => e.Bytes.ToArray())];
        Assert.Throws<InvalidOperationException>(() => optimizer.Step());
        Assert.Equal(before, optimizer.State.Select(e => e.Bytes.ToArray()));
    }

    [Fact]
    public void Evaluation_weights_that_fail_half_way_leave_the_training_weights()
    {
        ArrayParameter<double> a = new("a", [1.0], [1.0]);
        Faulty b = new("b");
        Optimizer<double> optimizer = new ScheduleFreeSgd().Create<double>([a, b], new ScheduleFreeSgdOptions(), new());
        for (int i = 0; i < 3; i++)
            optimizer.Step();
        double training = a.Values[0];
        using (optimizer.EvaluationWeights())
            Assert.NotEqual(training, a.Values[0]);
        b.FailingAccess = 2; // the first keeps the training weights
        Assert.Throws<IOException>(() => optimizer.EvaluationWeights());
        Assert.Equal((training, WeightsInUse.Training), (a.Values[0], optimizer.WeightsInUse));
    }

    [Fact]
    public void State_is_not_loaded_while_evaluation_weights_are_in_use()
    {
        Optimizer<double> optimizer = new ScheduleFreeSgd().Create<double>([new ArrayParameter<double>("a", [1.0], [1.0])], new ScheduleFreeSgdOptions(), new());
        optimizer.Step();
        StateTensor[] state = [.. optimizer.State.Select(e => e.ToTensor())];
        using (optimizer.EvaluationWeights())
            Assert.Throws<InvalidOperationException>(() => optimizer.LoadState(state));
        optimizer.LoadState(state);
    }

    [Fact]
    public void A_gradient_of_the_wrong_length_counts_no_step()
    {
        ArrayParameter<double> good = new("good", [1.0], [1.0]);
        Optimizer<double> optimizer = new Lion().Create<double>([good, new Faulty("short") { LongGradient = true }]);
        Assert.Throws<InvalidOperationException>(() => optimizer.Step());
        Assert.Equal(0, optimizer.Updates);
        Assert.All(optimizer.State.Where(e => e.Name.EndsWith("step", StringComparison.Ordinal)), e => Assert.All(e.Bytes.ToArray(), b => Assert.Equal(0, b)));
    }

    [Fact]
    public void A_need_that_is_not_supplied_is_named()
    {
        Optimizer<float> optimizer = new Lbfgs().Create<float>([new ArrayParameter<float>("w", [1f], [1f])]);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => optimizer.Step());
        Assert.Contains("lbfgs needs Loss, Reevaluate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_does_not_bear_the_name_of_the_optimizers_own_state()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Adam().Create<double>(
            [new ArrayParameter<double>("a", [1.0])], new AdamOptions(), new() { Groups = [new() { Name = "optimizer" }] }));
        Assert.Contains("'optimizer'", error.Message, StringComparison.Ordinal);
    }

    private sealed class Faulty(string name) : IParameter<double>
    {
        private readonly double[] _values = [1.0];
        private readonly double[] _gradient = [1.0];

        public bool LongGradient { get; init; }

        public int FailingAccess { get; set; }

        public ParameterInfo Info { get; } = new(name, [1]);

        public Span<double> Value => FailingAccess > 0 && --FailingAccess == 0 ? throw new IOException("no values now") : _values;

        public bool TryGetGradient(out Span<double> gradient)
        {
            gradient = LongGradient ? new double[2] : _gradient;
            return true;
        }
    }
}
