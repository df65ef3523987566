using System.Numerics;
using FastGrad.Kernels.Functions;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization.Tests.Proof;

public sealed record AdafactorOptions
{
    public double LearningRate { get; set; } = 0.01;

    public double Decay { get; set; } = 0.8;

    public double Threshold { get; set; } = 1;

    public static OptionTable<AdafactorOptions> Table { get; } = new OptionTable<AdafactorOptions>("adafactor")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "largest relative step", OptionMeaning.LearningRate)
        .Real("beta2_decay", o => o.Decay, (o, v) => o.Decay = v, OptionRange.Positive, "c in β2 = 1 − t^−c")
        .Real("d", o => o.Threshold, (o, v) => o.Threshold = v, OptionRange.Positive, "clipping threshold of the update");
}

/// <summary>
/// Shazeer and Stern 2018, arXiv:1804.04235, algorithms 4 and 5: the second moments of a matrix as one vector of rows and one of
/// columns. Needs state of other shapes than the parameter's, and sums over the tensor before the pass.
/// </summary>
public sealed class Adafactor : OptimizerDefinition<AdafactorOptions>
{
    private const double Epsilon1 = 1e-30, Epsilon2 = 1e-3;

    public override string Name => "adafactor";

    public override string Source => "Shazeer and Stern 2018, arXiv:1804.04235";

    public override OptimizerTraits Traits => OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    public override Coupling Coupling => Coupling.Tensor;

    public override OptionTable<AdafactorOptions> Options => AdafactorOptions.Table;

    protected override UpdateMethod<float, AdafactorOptions> Single(OptimizerConfiguration<AdafactorOptions> configuration) => new Method<float>();

    protected override UpdateMethod<double, AdafactorOptions> Double(OptimizerConfiguration<AdafactorOptions> configuration) => new Method<double>();

    protected override ReferenceOptimizer Reference(AdafactorOptions options, IReadOnlyList<ParameterInfo> parameters) => new Scalar(options, parameters);

    private sealed class Method<T> : UpdateMethod<T, AdafactorOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.ScratchLike("update");
            if (parameter.Rank == 2)
            {
                slots.Add("exp_avg_sq_row", parameter.Shape[0]);
                slots.Add("exp_avg_sq_col", parameter.Shape[1]);
            }
            else
            {
                slots.Like("exp_avg_sq");
            }
        }

        public override void Step(in StepContext<T, AdafactorOptions> step)
        {
            foreach (ParameterState<T, AdafactorOptions> parameter in step.Parameters)
            {
                AdafactorOptions o = parameter.Options;
                long t = parameter.StepCount;
                double beta2 = 1 - Pow<double>.At(t, -o.Decay);
                Span<T> update = parameter.Slots[0];
                if (parameter.Info.Rank == 2)
                    Factored(parameter.Gradient, parameter.Slots[1], parameter.Slots[2], T.CreateTruncating(beta2), update);
                else
                    Full(parameter.Gradient, parameter.Slots[1], T.CreateTruncating(beta2), update);
                double relative = Math.Min(o.LearningRate, 1 / Math.Sqrt(t));
                double alpha = Math.Max(Epsilon2, RootMeanSquare(parameter.Value)) * relative;
                step.Apply(new Descend<T>(alpha / Math.Max(1, RootMeanSquare(update) / o.Threshold)), parameter, update, 1);
            }
        }

        private static void Factored(ReadOnlySpan<T> g, Span<T> row, Span<T> column, T beta2, Span<T> update)
        {
            T weight = T.One - beta2, tiny = T.CreateTruncating(Epsilon1), total = T.Zero;
            for (int i = 0; i < row.Length; i++)
            {
                T sum = T.Zero;
                for (int j = 0; j < column.Length; j++)
                    sum += g[i * column.Length + j] * g[i * column.Length + j] + tiny;
                row[i] = beta2 * row[i] + weight * sum;
                total += row[i];
            }
            for (int j = 0; j < column.Length; j++)
            {
                T sum = T.Zero;
                for (int i = 0; i < row.Length; i++)
                    sum += g[i * column.Length + j] * g[i * column.Length + j] + tiny;
                column[j] = beta2 * column[j] + weight * sum;
            }
            for (int i = 0; i < update.Length; i++)
                update[i] = g[i] / T.Sqrt(row[i / column.Length] * column[i % column.Length] / total);
        }

        private static void Full(ReadOnlySpan<T> g, Span<T> square, T beta2, Span<T> update)
        {
            for (int i = 0; i < g.Length; i++)
            {
                square[i] = beta2 * square[i] + (T.One - beta2) * (g[i] * g[i] + T.CreateTruncating(Epsilon1));
                update[i] = g[i] / T.Sqrt(square[i]);
            }
        }

        private static double RootMeanSquare(ReadOnlySpan<T> x)
        {
            double sum = 0;
            foreach (T element in x)
                sum += double.CreateTruncating(element) * double.CreateTruncating(element);
            return Math.Sqrt(sum / x.Length);
        }
    }

    private sealed class Scalar(AdafactorOptions o, IReadOnlyList<ParameterInfo> parameters) : ReferenceOptimizer
    {
        private readonly double[][] _row = [.. parameters.Select(p => new double[p.Rank == 2 ? p.Shape[0] : p.Count])];
        private readonly double[][] _column = [.. parameters.Select(p => new double[p.Rank == 2 ? p.Shape[1] : 1])];
        private readonly int[] _t = new int[parameters.Count];

        public override void Step(double[][] theta, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < theta.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                int t = ++_t[p], columns = _column[p].Length;
                double beta2 = 1 - Math.Pow(t, -o.Decay);
                double[] u = new double[g.Length];
                if (parameters[p].Rank == 2)
                {
                    for (int i = 0; i < _row[p].Length; i++)
                        _row[p][i] = beta2 * _row[p][i] + (1 - beta2) * Enumerable.Range(0, columns).Sum(j => g[i * columns + j] * g[i * columns + j] + Epsilon1);
                    for (int j = 0; j < columns; j++)
                        _column[p][j] = beta2 * _column[p][j] + (1 - beta2) * Enumerable.Range(0, _row[p].Length).Sum(i => g[i * columns + j] * g[i * columns + j] + Epsilon1);
                    double sum = _row[p].Sum();
                    for (int i = 0; i < g.Length; i++)
                        u[i] = g[i] / Math.Sqrt(_row[p][i / columns] * _column[p][i % columns] / sum);
                }
                else
                {
                    for (int i = 0; i < g.Length; i++)
                    {
                        _row[p][i] = beta2 * _row[p][i] + (1 - beta2) * (g[i] * g[i] + Epsilon1);
                        u[i] = g[i] / Math.Sqrt(_row[p][i]);
                    }
                }
                double scale = Math.Max(1, Math.Sqrt(u.Average(x => x * x)) / o.Threshold);
                double alpha = Math.Max(Epsilon2, Math.Sqrt(theta[p].Average(x => x * x))) * Math.Min(o.LearningRate, 1 / Math.Sqrt(t));
                for (int i = 0; i < g.Length; i++)
                    theta[p][i] -= alpha * u[i] / scale;
            }
        }
    }
}
