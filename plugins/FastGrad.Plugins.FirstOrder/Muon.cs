using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;
using FastGrad.Plugins.FirstOrder.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>
/// Muon: b ← μb + (1 − μ)u; a matrix steps along b (Nesterov: (1 − μ)u + μb), made nearly orthogonal by Newton–Schulz iterations X ← aX +
/// (bXXᵀ + c(XXᵀ)²)X.
/// </summary>
/// <remarks>
/// Jordan et al. 2024, kellerjordan.github.io/posts/muon. Semantics of PyTorch 2.10: X begins at the momentum over max(‖·‖, ε), θ ← (1 −
/// ηλ)θ − η·r·X, with r = √max(1, rows/columns), or with <c>adjust_lr</c> = <c>match_rms_adamw</c> 0.2·√max(rows, columns).
/// Deviations: the iterations run in the parameters' own type, PyTorch's in bfloat16. PyTorch refuses what is no matrix; here biases and
/// other shapes take AdamW with the options <c>aux_…</c>, as the author's own code does.
/// </remarks>
public sealed class Muon : OptimizerDefinition<MuonOptions>
{
    /// <inheritdoc/>
    public override string Name => "muon";

    /// <inheritdoc/>
    public override string Source => "Jordan et al. 2024, kellerjordan.github.io/posts/muon";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.Tensor;

    /// <inheritdoc/>
    public override OptionTable<MuonOptions> Options => MuonOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, MuonOptions> Single(OptimizerConfiguration<MuonOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, MuonOptions> Double(OptimizerConfiguration<MuonOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(MuonOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private static double Ratio(MuonOptions o, int rows, int columns) => o.Adjust == "original"
        ? Math.Sqrt(Math.Max(1, (double)rows / columns))
        : 0.2 * Math.Sqrt(Math.Max(rows, columns));

    private sealed class Method<T> : UpdateMethod<T, MuonOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Buffer = 0, X = 1, Next = 2, Gram = 3, Square = 4;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            if (parameter.Rank != 2)
            {
                slots.Like("exp_avg");
                slots.Like("exp_avg_sq");
                return;
            }
            int small = Math.Min(parameter.Shape[0], parameter.Shape[1]);
            slots.Like("momentum_buffer");
            slots.ScratchLike("x");
            slots.ScratchLike("next");
            slots.Scratch("gram", small, small);
            slots.Scratch("square", small, small);
        }

        public override void Step(in StepContext<T, MuonOptions> step)
        {
            foreach (ParameterState<T, MuonOptions> parameter in step.Parameters)
            {
                MuonOptions o = parameter.Options;
                if (parameter.Info.Rank == 2)
                    Matrix(step, parameter, o);
                else
                    step.Apply(
                        Chain<T>.Of(
                            new Orient<T>(o.Maximize), new ScaleByAdam<T>(o.AuxBeta1, o.AuxBeta2, o.AuxEpsilon, parameter.StepCount),
                            new AddDecay<T>(o.WeightDecay), new Descend<T>(o.AuxRate)),
                        parameter);
            }
        }

        private static void Matrix(in StepContext<T, MuonOptions> step, ParameterState<T, MuonOptions> parameter, MuonOptions o)
        {
            int m = parameter.Info.Shape[0], n = parameter.Info.Shape[1];
            if (m == 0 || n == 0)
                return;
            Span<T> buffer = parameter.Slots[Buffer], x = parameter.Slots[X], next = parameter.Slots[Next];
            Span<T> gram = parameter.Slots[Gram], square = parameter.Slots[Square];
            step.Apply(new Blend<T>(o.Momentum, o.Maximize ? o.Momentum - 1 : 1 - o.Momentum), buffer, parameter.Gradient);
            buffer.CopyTo(x);
            if (o.Nesterov)
                step.Apply(new Blend<T>(o.Momentum, o.Maximize ? o.Momentum - 1 : 1 - o.Momentum), x, parameter.Gradient);
            step.Apply(new Blend<T>(0, 1 / Math.Max(o.Epsilon, Math.Sqrt(double.CreateTruncating(SumOfSquares.Of<T>(x))))), x, x);
            for (long iteration = 0; iteration < o.Iterations; iteration++)
            {
                int small = Math.Min(m, n); // the Gram matrix of the shorter side: XXᵀX is the same product either way
                if (m <= n)
                    Gemm.Multiply<T>(MatrixForm.NT, m, m, n, x, n, x, n, gram, m, workers: step.Workers);
                else
                    Gemm.Multiply<T>(MatrixForm.TN, n, n, m, x, n, x, n, gram, n, workers: step.Workers);
                Gemm.Multiply<T>(MatrixForm.NN, small, small, small, gram, small, gram, small, square, small, workers: step.Workers);
                step.Apply(new Blend<T>(o.C, o.B), square, gram);
                if (m <= n)
                    Gemm.Multiply<T>(MatrixForm.NN, m, n, m, square, m, x, n, next, n, workers: step.Workers);
                else
                    Gemm.Multiply<T>(MatrixForm.NN, m, n, n, x, n, square, n, next, n, workers: step.Workers);
                step.Apply(new Blend<T>(o.A, 1), x, next);
            }
            step.Apply(new Blend<T>(1 - o.LearningRate * o.WeightDecay, -o.LearningRate * Ratio(o, m, n)), parameter.Value, x);
        }
    }

    private sealed class Scalar(MuonOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[][] _mean = [.. infos.Select(p => new double[p.Count])], _square = [.. infos.Select(p => new double[p.Count])];
        private readonly int[] _t = new int[infos.Count];

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } gradient)
                    continue;
                double[] theta = parameters[p], g = [.. gradient.Select(v => o.Maximize ? -v : v)], mean = _mean[p], square = _square[p];
                int t = ++_t[p];
                if (infos[p].Rank == 2)
                {
                    for (int i = 0; i < g.Length; i++)
                        mean[i] = o.Momentum * mean[i] + (1 - o.Momentum) * g[i];
                    double[] x = Orthogonal([.. mean.Select((b, i) => o.Nesterov ? o.Momentum * b + (1 - o.Momentum) * g[i] : b)], infos[p].Shape[0], infos[p].Shape[1]);
                    for (int i = 0; i < g.Length; i++)
                        theta[i] = theta[i] * (1 - o.LearningRate * o.WeightDecay) - o.LearningRate * Ratio(o, infos[p].Shape[0], infos[p].Shape[1]) * x[i];
                    continue;
                }
                for (int i = 0; i < g.Length; i++)
                {
                    mean[i] = o.AuxBeta1 * mean[i] + (1 - o.AuxBeta1) * g[i];
                    square[i] = o.AuxBeta2 * square[i] + (1 - o.AuxBeta2) * g[i] * g[i];
                    double root = Math.Sqrt(square[i] / (1 - Pow<double>.At(o.AuxBeta2, t)));
                    theta[i] -= o.AuxRate * (mean[i] / (1 - Pow<double>.At(o.AuxBeta1, t)) / (root + o.AuxEpsilon) + o.WeightDecay * theta[i]);
                }
            }
        }

        private double[] Orthogonal(double[] x, int m, int n)
        {
            double norm = Math.Max(o.Epsilon, Math.Sqrt(x.Sum(v => v * v)));
            x = [.. x.Select(v => v / norm)];
            for (long k = 0; k < o.Iterations; k++)
            {
                double[] gram = Product(x, Transposed(x, m, n), m, n, m), square = Product(gram, gram, m, m, m);
                double[] polynomial = [.. gram.Select((v, i) => o.B * v + o.C * square[i] + (i / m == i % m ? o.A : 0))];
                x = Product(polynomial, x, m, m, n);
            }
            return x;
        }

        private static double[] Transposed(double[] x, int m, int n) => [.. Enumerable.Range(0, m * n).Select(i => x[i % m * n + i / m])];

        private static double[] Product(double[] x, double[] y, int m, int k, int n) =>
            [.. Enumerable.Range(0, m * n).Select(i => Enumerable.Range(0, k).Sum(l => x[i / n * k + l] * y[l * n + i % n]))];
    }
}

/// <summary>The options of <see cref="Muon"/>.</summary>
public sealed record MuonOptions
{
    /// <summary>η, the step size. Default 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.1.</summary>
    public double WeightDecay { get; set; } = 0.1;

    /// <summary>μ, decay of the gradient's average. Default 0.95.</summary>
    public double Momentum { get; set; } = 0.95;

    /// <summary>Whether to step along the gradient that lies ahead. Default true.</summary>
    public bool Nesterov { get; set; } = true;

    /// <summary>a of the iteration. Default 3.4445.</summary>
    public double A { get; set; } = 3.4445;

    /// <summary>b of the iteration. Default -4.775.</summary>
    public double B { get; set; } = -4.775;

    /// <summary>c of the iteration. Default 2.0315.</summary>
    public double C { get; set; } = 2.0315;

    /// <summary>ε, the least norm divided by. Default 1e-7.</summary>
    public double Epsilon { get; set; } = 1e-7;

    /// <summary>The iterations. Default 5.</summary>
    public long Iterations { get; set; } = 5;

    /// <summary>How the step depends on the shape. Default original.</summary>
    public string Adjust { get; set; } = "original";

    /// <summary>The step size of what is no matrix. Default 3e-4.</summary>
    public double AuxRate { get; set; } = 3e-4;

    /// <summary>β₁ of what is no matrix. Default 0.9.</summary>
    public double AuxBeta1 { get; set; } = 0.9;

    /// <summary>β₂ of what is no matrix. Default 0.95.</summary>
    public double AuxBeta2 { get; set; } = 0.95;

    /// <summary>ε of what is no matrix. Default 1e-10.</summary>
    public double AuxEpsilon { get; set; } = 1e-10;

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<MuonOptions> Table { get; } = new OptionTable<MuonOptions>("muon")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay)
        .Real("momentum", o => o.Momentum, (o, v) => o.Momentum = v, OptionRange.Fraction, "decay μ of the gradient's average")
        .Flag("nesterov", o => o.Nesterov, (o, v) => o.Nesterov = v, "Nesterov momentum")
        .Real("ns_a", o => o.A, (o, v) => o.A = v, OptionRange.Finite, "a of the iteration")
        .Real("ns_b", o => o.B, (o, v) => o.B = v, OptionRange.Finite, "b of the iteration")
        .Real("ns_c", o => o.C, (o, v) => o.C = v, OptionRange.Finite, "c of the iteration")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.Positive, "least norm divided by")
        .Integer("ns_steps", o => o.Iterations, (o, v) => o.Iterations = v, new(0, 99), "Newton–Schulz iterations")
        .Choice("adjust_lr", o => o.Adjust, (o, v) => o.Adjust = v, ["original", "match_rms_adamw"], "how the step depends on the shape")
        .Real("aux_lr", o => o.AuxRate, (o, v) => o.AuxRate = v, OptionRange.NonNegative, "step size of what is no matrix")
        .Real("aux_beta1", o => o.AuxBeta1, (o, v) => o.AuxBeta1 = v, OptionRange.Fraction, "β₁ of what is no matrix")
        .Real("aux_beta2", o => o.AuxBeta2, (o, v) => o.AuxBeta2 = v, OptionRange.Fraction, "β₂ of what is no matrix")
        .Real("aux_eps", o => o.AuxEpsilon, (o, v) => o.AuxEpsilon = v, OptionRange.NonNegative, "ε of what is no matrix")
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
