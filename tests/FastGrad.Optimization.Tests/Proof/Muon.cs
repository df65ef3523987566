using System.Numerics;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;
using FastGrad.Plugins.FirstOrder.Rules;

namespace FastGrad.Optimization.Tests.Proof;

public sealed record MuonOptions
{
    public double LearningRate { get; set; } = 0.02;

    public double Momentum { get; set; } = 0.9;

    public static OptionTable<MuonOptions> Table { get; } = new OptionTable<MuonOptions>("muon")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size", OptionMeaning.LearningRate)
        .Real("momentum", o => o.Momentum, (o, v) => o.Momentum = v, OptionRange.Fraction, "momentum");
}

/// <summary>
/// Jordan et al. 2024: a matrix steps along its momentum, made nearly orthogonal by five Newton–Schulz iterations; what is no matrix
/// takes plain momentum. Needs shapes, matrix products, working memory, and an elementwise rule for some parameters only.
/// </summary>
public sealed class Muon : OptimizerDefinition<MuonOptions>
{
    private const double A = 3.4445, B = -4.7750, C = 2.0315, Epsilon = 1e-7;
    private const int Iterations = 5;

    public override string Name => "muon";

    public override string Source => "Jordan et al. 2024, kellerjordan.github.io/posts/muon";

    public override OptimizerTraits Traits => OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    public override Coupling Coupling => Coupling.Tensor;

    public override OptionTable<MuonOptions> Options => MuonOptions.Table;

    protected override UpdateMethod<float, MuonOptions> Single(OptimizerConfiguration<MuonOptions> configuration) => new Method<float>();

    protected override UpdateMethod<double, MuonOptions> Double(OptimizerConfiguration<MuonOptions> configuration) => new Method<double>();

    protected override ReferenceOptimizer Reference(MuonOptions options, IReadOnlyList<ParameterInfo> parameters) => new Scalar(options, parameters);

    private sealed class Method<T> : UpdateMethod<T, MuonOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Buffer = 0, X = 1, Next = 2, Gram = 3, Square = 4;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("momentum_buffer");
            if (parameter.Rank != 2)
                return;
            slots.ScratchLike("x");
            slots.ScratchLike("next");
            slots.Scratch("gram", parameter.Shape[0], parameter.Shape[0]);
            slots.Scratch("square", parameter.Shape[0], parameter.Shape[0]);
        }

        public override void Step(in StepContext<T, MuonOptions> step)
        {
            foreach (ParameterState<T, MuonOptions> parameter in step.Parameters)
            {
                if (parameter.Info.Rank == 2)
                    Matrix(step, parameter);
                else
                    step.Apply(Chain<T>.Of(new Momentum<T>(parameter.Options.Momentum, 0, parameter.StepCount), new Descend<T>(parameter.Options.LearningRate)), parameter);
            }
        }

        private static void Matrix(in StepContext<T, MuonOptions> step, ParameterState<T, MuonOptions> parameter)
        {
            int m = parameter.Info.Shape[0], n = parameter.Info.Shape[1];
            Span<T> buffer = parameter.Slots[Buffer], x = parameter.Slots[X], next = parameter.Slots[Next];
            Span<T> gram = parameter.Slots[Gram], square = parameter.Slots[Square];
            ReadOnlySpan<T> gradient = parameter.Gradient;
            T momentum = T.CreateTruncating(parameter.Options.Momentum);
            double sum = 0;
            for (int i = 0; i < buffer.Length; i++)
            {
                buffer[i] = momentum * buffer[i] + gradient[i];
                sum += double.CreateTruncating(buffer[i]) * double.CreateTruncating(buffer[i]);
            }
            T scale = T.CreateTruncating(1 / (Math.Sqrt(sum) + Epsilon));
            for (int i = 0; i < x.Length; i++)
                x[i] = scale * buffer[i];
            for (int iteration = 0; iteration < Iterations; iteration++)
            {
                Gemm.Multiply<T>(MatrixForm.NT, m, m, n, x, n, x, n, gram, m, workers: step.Workers);
                Gemm.Multiply<T>(MatrixForm.NN, m, m, m, gram, m, gram, m, square, m, workers: step.Workers);
                for (int i = 0; i < gram.Length; i++)
                    square[i] = T.CreateTruncating(B) * gram[i] + T.CreateTruncating(C) * square[i];
                Gemm.Multiply<T>(MatrixForm.NN, m, n, m, square, m, x, n, next, n, workers: step.Workers);
                for (int i = 0; i < x.Length; i++)
                    x[i] = T.CreateTruncating(A) * x[i] + next[i];
            }
            step.Apply(new Descend<T>(parameter.Options.LearningRate * Math.Sqrt(Math.Max(1, (double)m / n))), parameter, x, Next);
        }
    }

    private sealed class Scalar(MuonOptions o, IReadOnlyList<ParameterInfo> parameters) : ReferenceOptimizer
    {
        private readonly double[][] _buffer = [.. parameters.Select(p => new double[p.Count])];

        public override void Step(double[][] theta, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < theta.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                for (int i = 0; i < g.Length; i++)
                    _buffer[p][i] = o.Momentum * _buffer[p][i] + g[i];
                double[] update = [.. _buffer[p]];
                double rate = o.LearningRate;
                if (parameters[p].Rank == 2)
                {
                    int m = parameters[p].Shape[0], n = parameters[p].Shape[1];
                    double norm = Math.Sqrt(update.Sum(x => x * x));
                    double[,] x = new double[m, n];
                    for (int i = 0; i < update.Length; i++)
                        x[i / n, i % n] = update[i] / (norm + Epsilon);
                    for (int k = 0; k < Iterations; k++)
                    {
                        double[,] gram = Product(x, Transposed(x));
                        double[,] square = Product(gram, gram);
                        double[,] polynomial = new double[m, m];
                        for (int i = 0; i < m; i++)
                        {
                            for (int j = 0; j < m; j++)
                                polynomial[i, j] = (i == j ? A : 0) + B * gram[i, j] + C * square[i, j];
                        }
                        x = Product(polynomial, x);
                    }
                    for (int i = 0; i < update.Length; i++)
                        update[i] = x[i / n, i % n];
                    rate *= Math.Sqrt(Math.Max(1, (double)m / n));
                }
                for (int i = 0; i < update.Length; i++)
                    theta[p][i] -= rate * update[i];
            }
        }

        private static double[,] Transposed(double[,] x)
        {
            double[,] t = new double[x.GetLength(1), x.GetLength(0)];
            for (int i = 0; i < x.GetLength(0); i++)
            {
                for (int j = 0; j < x.GetLength(1); j++)
                    t[j, i] = x[i, j];
            }
            return t;
        }

        private static double[,] Product(double[,] x, double[,] y)
        {
            double[,] z = new double[x.GetLength(0), y.GetLength(1)];
            for (int i = 0; i < z.GetLength(0); i++)
            {
                for (int j = 0; j < z.GetLength(1); j++)
                {
                    for (int k = 0; k < x.GetLength(1); k++)
                        z[i, j] += x[i, k] * y[k, j];
                }
            }
            return z;
        }
    }
}
