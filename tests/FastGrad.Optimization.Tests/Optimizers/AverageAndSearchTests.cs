using FastGrad.Optimization.Parameters;
using FastGrad.Plugins.FirstOrder;

namespace FastGrad.Optimization.Tests.Optimizers;

/// <summary>What the course of the parameters does not show: the average that is evaluated, and which lengths a line search takes.</summary>
public class AverageAndSearchTests
{
    /// <summary>Up to update t₀ + 2 the average is the weights themselves; from then on the mean of all weights since.</summary>
    [Fact]
    public void Averaged_descent_evaluates_the_mean_from_t0_on()
    {
        ArrayParameter<double> x = new("x", [1.0, -2]);
        Optimizer<double> optimizer = new Asgd().Create<double>([x], new AsgdOptions { LearningRate = 0.1, AverageFrom = 3 });
        List<double[]> weights = [];
        for (int t = 1; t <= 12; t++)
        {
            x.Gradient = [Math.Sin(t), x.Values[1] + 1.0 / t];
            optimizer.Step();
            weights.Add([.. x.Values]);
            double[][] averaged = [.. weights.Skip(Math.Min(t, 5) - 1)];
            using (optimizer.EvaluationWeights())
            {
                for (int i = 0; i < 2; i++)
                    Assert.Equal(averaged.Average(w => w[i]), x.Values[i], 1e-14);
            }
        }
    }

    /// <summary>
    /// Along a cubic with φ(0) = 0 and φ′(0) = −1 the length 1 is taken where φ(1) ≤ −1e-4 and |φ′(1)| ≤ 0.9 (Nocedal and Wright 2006, equation 3.7),
    /// and another one where not. The direction from 0 is 1, the gradient's opposite.
    /// </summary>
    [Theory]
    [InlineData(-1.1e-4, 0.3, true)]
    [InlineData(-5e-4, -0.3, true)]
    [InlineData(-0.9e-4, 0.3, false)]
    [InlineData(-0.3, 0.89, true)]
    [InlineData(-0.3, 0.91, false)]
    [InlineData(-0.3, -0.89, true)]
    [InlineData(-0.3, -0.91, false)]
    public void The_line_search_takes_what_the_strong_Wolfe_conditions_allow(double height, double slope, bool taken)
    {
        // −t + bt² + ct³ with the height and slope at t = 1.
        double c = slope + 1 - 2 * (height + 1), b = height + 1 - c;
        ArrayParameter<double> x = new("x", [0.0], [-1.0]);
        Optimizer<double> optimizer = new Lbfgs().Create<double>([x], new LbfgsOptions { Iterations = 1, Evaluations = 100, LineSearch = "strong_wolfe" });
        optimizer.Step(new()
        {
            Loss = Value,
            Reevaluate = () =>
            {
                x.Gradient![0] = -1 + x.Values[0] * (2 * b + 3 * c * x.Values[0]);
                return Value();
            },
        });
        Assert.Equal(taken, x.Values[0] == 1);
        // Whatever is taken fulfils them; where the cubic still falls at 1 it falls without bound, and no length does.
        Assert.True(slope < -0.9 || (Value() <= -1e-4 * x.Values[0] && Math.Abs(-1 + x.Values[0] * (2 * b + 3 * c * x.Values[0])) <= 0.9), $"{x.Values[0]}");

        double Value() => x.Values[0] * (-1 + x.Values[0] * (b + c * x.Values[0]));
    }
}
