using FastGrad.Optimization.Parameters;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Modern;
using FastGrad.Testing.Conformance;

namespace FastGrad.Optimization.Tests.Engine;

public class EvaluationWeightsTests
{
    [Fact]
    public void They_are_the_references_and_training_weights_come_back_bit_for_bit()
    {
        TestProblem problem = TestProblem.Mixed();
        ScheduleFreeSgd definition = new();
        ArrayParameter<double>[] parameters = problem.Parameters<double>();
        Optimizer<double> optimizer = definition.Create<double>(parameters, new ScheduleFreeSgdOptions { LearningRate = 0.1 });
        ReferenceOptimizer reference = definition.CreateReference(problem.Shapes, new() { { "lr", 0.1 } });
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
        }
        Assert.Equal(WeightsInUse.Training, optimizer.WeightsInUse);
        for (int p = 0; p < training.Length; p++)
            Assert.Equal(training[p], parameters[p].Values);
        optimizer.Step();
    }

    /// <summary>Until ASGD averages, its average is a copy: the difference from the last one, −1 − 1.5e-8, would be rounded.</summary>
    [Fact]
    public void An_average_that_has_not_begun_is_the_parameter_bit_for_bit()
    {
        float[] gradient = [0];
        ArrayParameter<float> x = new("x", [1f], gradient);
        Optimizer<float> optimizer = new Asgd().Create<float>([x], new AsgdOptions { LearningRate = 0.1, Lambda = 0, Power = 0 });
        optimizer.Step();
        gradient[0] = 10;
        optimizer.Step();
        float trained = x.Values[0];
        Assert.InRange(trained, -1.6e-8f, -1.4e-8f);
        using (optimizer.EvaluationWeights())
            Assert.Equal(trained, x.Values[0]);
    }
}
