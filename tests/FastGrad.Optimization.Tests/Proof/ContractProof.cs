using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Testing.Conformance;

namespace FastGrad.Optimization.Tests.Proof;

/// <summary>The contract carries optimizers of every kind, written against public API alone: each equals the recurrences of its paper.</summary>
public class ContractProof
{
    [Theory]
    [InlineData("")]
    [InlineData("lr=0.03", "weight_decay=0", "beta1=0.5")]
    public void Lion_is_an_elementwise_rule(params string[] options) => Check(new Lion(), options);

    [Fact]
    public void Muon_needs_shapes_and_matrix_products() => Check(new Muon());

    [Fact]
    public void Adafactor_keeps_factored_state() => Check(new Adafactor(), "lr=0.1");

    [Fact]
    public void Prodigy_couples_all_parameters() => Check(new Prodigy());

    [Fact]
    public void Lbfgs_reevaluates() => Check(new Lbfgs());

    [Fact]
    public void Sophia_takes_Hessian_vector_products() => Check(new Sophia());

    [Fact]
    public void ScheduleFree_evaluates_at_other_weights() => Check(new ScheduleFree());

    [Fact]
    public void Sam_takes_a_second_pass() => Check(new Sam());

    [Fact]
    public void Evaluation_weights_are_the_average_and_training_weights_come_back_bit_for_bit()
    {
        TestProblem problem = TestProblem.Mixed();
        ScheduleFree definition = new();
        ArrayParameter<double>[] parameters = problem.Parameters<double>();
        Optimizer<double> optimizer = definition.Create<double>(parameters);
        ReferenceOptimizer reference = definition.CreateReference(problem.Shapes);
        double[][] x = problem.Start();
        for (int step = 0; step < 20; step++)
        {
            problem.WriteGradients(parameters, step);
            optimizer.Step();
            reference.Step(x, problem.Gradient(x, step));
        }

        double[][] training = TestProblem.Values(parameters), average = reference.EvaluationWeights(x);
        using (optimizer.EvaluationWeights())
        {
            Assert.Equal(WeightsInUse.Evaluation, optimizer.WeightsInUse);
            for (int p = 0; p < average.Length; p++)
            {
                for (int i = 0; i < average[p].Length; i++)
                    Assert.Equal(average[p][i], parameters[p].Values[i], 1e-11);
            }
            Assert.NotEqual(training[0], parameters[0].Values);
            Assert.Throws<InvalidOperationException>(() => optimizer.Step());
            Assert.Throws<InvalidOperationException>(optimizer.EvaluationWeights);
            Assert.Throws<InvalidOperationException>(() => optimizer.LoadState([.. optimizer.State.Select(e => e.ToTensor())]));
        }
        Assert.Equal(WeightsInUse.Training, optimizer.WeightsInUse);
        for (int p = 0; p < training.Length; p++)
            Assert.Equal(training[p], parameters[p].Values);
        optimizer.Step();
    }

    [Fact]
    public void A_gradient_of_the_wrong_length_counts_no_step()
    {
        ArrayParameter<float> good = new("good", [1f], [1f]);
        Optimizer<float> optimizer = new Lion().Create<float>([good, new ShortGradient()]);
        Assert.Contains("has 1 elements; expected 2", Assert.Throws<InvalidOperationException>(() => optimizer.Step()).Message, StringComparison.Ordinal);
        Assert.Equal(0, optimizer.Updates);
        Assert.All(optimizer.State.Where(e => e.Name.EndsWith("step", StringComparison.Ordinal)), e => Assert.All(e.Bytes.ToArray(), b => Assert.Equal(0, b)));
    }

    private sealed class ShortGradient : IParameter<float>
    {
        private readonly float[] _values = [1, 2];

        public ParameterInfo Info { get; } = new("short", [2]);

        public Span<float> Value => _values;

        public bool TryGetGradient(out Span<float> gradient)
        {
            gradient = _values.AsSpan(0, 1);
            return true;
        }
    }

    [Fact]
    public void A_need_that_is_not_supplied_is_named()
    {
        ArrayParameter<float> parameter = new("w", [1f], [1f]);
        Optimizer<float> optimizer = new Lbfgs().Create<float>([parameter]);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => optimizer.Step());
        Assert.Contains("lbfgs needs Loss, Reevaluate", error.Message, StringComparison.Ordinal);
    }

    private static void Check(OptimizerDefinition definition, params string[] options) =>
        new OptimizerConformance(definition, OptionValues.Parse(options.Where(o => o.Length > 0))).CheckAll();
}
