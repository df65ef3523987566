using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.Modern;

/// <summary>Shampoo: L ← L + GGᵀ, R ← R + GᵀG; P = L^(−¼)·G·R^(−¼), with the length of a grafted step; b ← μb + P; θ ← θ − η(b + λθ).</summary>
/// <remarks>
/// Gupta, Koren and Singer 2018, arXiv:1802.09568, algorithm 1, L and R beginning at εI; with β &lt; 1 both are averages (β, 1 − β).
/// Grafting (Agarwal et al. 2020, arXiv:2002.11803): P gets the norm of G (<c>sgd</c>) or of G/(√ΣG² + 1e-10) (<c>adagrad</c>). Roots are
/// taken every k updates, in binary64, with eigenvalues of at least ε. A side longer than <c>max_size</c> is left out
/// and the other takes the root −½. What has fewer than two dimensions takes Adagrad's step; of more than two the first is one side and the
/// others together are the other.
/// </remarks>
public sealed class Shampoo : OptimizerDefinition<ShampooOptions>
{
    /// <inheritdoc/>
    public override string Name => "shampoo";

    /// <inheritdoc/>
    public override string Source => "Gupta, Koren and Singer 2018, arXiv:1802.09568";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.OrderInvariant;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.Tensor;

    /// <inheritdoc/>
    public override OptionTable<ShampooOptions> Options => ShampooOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, ShampooOptions> Single(OptimizerConfiguration<ShampooOptions> configuration) => new Method<float>(configuration.Options);

    /// <inheritdoc/>
    protected override UpdateMethod<double, ShampooOptions> Double(OptimizerConfiguration<ShampooOptions> configuration) => new Method<double>(configuration.Options);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(ShampooOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private const double GraftEpsilon = 1e-10;

    private sealed class Method<T>(ShampooOptions configured) : UpdateMethod<T, ShampooOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Of every parameter: buffer, working memory, Adagrad's sum. Of what has two sides: the sides' matrices, each with its root and a product.
        private const int Buffer = 0, Update = 1, Sum = 2, Left = 3, LeftRoot = 4, Right = 5, RightRoot = 6, LeftGram = 7, RightGram = 8, Half = 9;

        private static (int Rows, int Columns) Sides(ParameterInfo parameter) => (parameter.Shape[0], parameter.Count / Math.Max(1, parameter.Shape[0]));

        private int Kept(int side) => side <= configured.MaxSize ? side : 0;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("momentum_buffer");
            slots.ScratchLike("update");
            slots.Like("sum");
            if (parameter.Rank < 2)
                return;
            (int m, int n) = Sides(parameter);
            slots.Add("preconditioner_l", Kept(m), Kept(m));
            slots.Add("root_l", Kept(m), Kept(m));
            slots.Add("preconditioner_r", Kept(n), Kept(n));
            slots.Add("root_r", Kept(n), Kept(n));
            slots.Scratch("gram_l", Kept(m), Kept(m));
            slots.Scratch("gram_r", Kept(n), Kept(n));
            slots.ScratchLike("half");
        }

        public override void Step(in StepContext<T, ShampooOptions> step)
        {
            foreach (ParameterState<T, ShampooOptions> parameter in step.Parameters)
            {
                if (parameter.Info.Count == 0)
                    continue;
                ShampooOptions o = parameter.Options;
                Span<T> update = parameter.Slots[Update];
                step.Apply(new Orient<T>(o.Maximize), update, parameter.Gradient);
                step.Apply(default(AddSquare<T>), parameter.Slots[Sum], update);
                if (parameter.Info.Rank < 2)
                {
                    Adagrad(step, parameter, update);
                }
                else
                {
                    double length = Math.Sqrt(double.CreateTruncating(SumOfSquares.Of<T>(update)));
                    if (o.Graft == "adagrad")
                    {
                        Span<T> half = parameter.Slots[Half];
                        update.CopyTo(half);
                        Adagrad(step, parameter, half);
                        length = Math.Sqrt(double.CreateTruncating(SumOfSquares.Of<T>(half)));
                    }
                    Precondition(step, parameter, update);
                    double own = Math.Sqrt(double.CreateTruncating(SumOfSquares.Of<T>(update)));
                    if (o.Graft != "none" && own > 0)
                        step.Apply(new Blend<T>(0, length / own), update, update);
                }
                step.Apply(new Blend<T>(o.Momentum, 1), parameter.Slots[Buffer], update);
                step.Apply(Chain<T>.Of(new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)), parameter.Value, parameter.Slots[Buffer]);
            }
        }

        private static void Adagrad(in StepContext<T, ShampooOptions> step, ParameterState<T, ShampooOptions> parameter, Span<T> update)
        {
            // The rule's second operand is what it replaces: u becomes u/(√s + ε).
            step.Apply(new DivideByRoot<T>(GraftEpsilon), update, parameter.Slots[Sum]);
        }

        private void Precondition(in StepContext<T, ShampooOptions> step, ParameterState<T, ShampooOptions> parameter, Span<T> update)
        {
            (int m, int n) = Sides(parameter.Info);
            bool both = m <= configured.MaxSize && n <= configured.MaxSize, first = parameter.StepCount == 1;
            bool renew = (parameter.StepCount - 1) % parameter.Options.Every == 0;
            StateBlock<T> slots = parameter.Slots;
            if (m <= configured.MaxSize)
            {
                Gemm.Multiply<T>(MatrixForm.NT, m, m, n, update, n, update, n, slots[LeftGram], m, workers: step.Workers);
                Side(step, parameter.Options, slots[Left], slots[LeftGram], slots[LeftRoot], m, both ? -0.25 : -0.5, first, renew);
            }
            if (n <= configured.MaxSize)
            {
                Gemm.Multiply<T>(MatrixForm.TN, n, n, m, update, n, update, n, slots[RightGram], n, workers: step.Workers);
                Side(step, parameter.Options, slots[Right], slots[RightGram], slots[RightRoot], n, both ? -0.25 : -0.5, first, renew);
                Gemm.Multiply<T>(MatrixForm.NN, m, n, n, update, n, slots[RightRoot], n, slots[Half], n, workers: step.Workers);
                slots[Half].CopyTo(update);
            }
            if (m <= configured.MaxSize)
            {
                Gemm.Multiply<T>(MatrixForm.NN, m, n, m, slots[LeftRoot], m, update, n, slots[Half], n, workers: step.Workers);
                slots[Half].CopyTo(update);
            }
        }

        private static void Side(in StepContext<T, ShampooOptions> step, ShampooOptions o, Span<T> side, Span<T> gram, Span<T> root, int n, double power, bool first, bool renew)
        {
            for (int i = 0; first && i < n; i++)
                side[i * n + i] = T.CreateTruncating(o.Epsilon);
            step.Apply(new Blend<T>(o.Beta, o.Beta == 1 ? 1 : 1 - o.Beta), side, gram);
            if (renew)
                EigenPowers.Power<T>(side, root, n, power, o.Epsilon);
        }
    }

    private readonly struct AddSquare<T> : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> => V.FusedMultiplyAdd(update, update, parameter);
    }

    private readonly struct DivideByRoot<T>(double epsilon) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _epsilon = T.CreateTruncating(epsilon);

        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> => parameter / (V.Sqrt(update) + V.Create(_epsilon));
    }

    private sealed class Scalar(ShampooOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[][] _buffer = [.. infos.Select(p => new double[p.Count])], _sum = [.. infos.Select(p => new double[p.Count])];
        private readonly double[][] _left = [.. infos.Select(p => p.Rank < 2 ? [] : Scaled(p.Shape[0], o.Epsilon))], _right = [.. infos.Select(p => p.Rank < 2 ? [] : Scaled(p.Count / p.Shape[0], o.Epsilon))];
        private readonly double[][] _leftRoot = new double[infos.Count][], _rightRoot = new double[infos.Count][];
        private readonly int[] _t = new int[infos.Count];

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } gradient)
                    continue;
                double[] g = [.. gradient.Select(v => o.Maximize ? -v : v)];
                for (int i = 0; i < g.Length; i++)
                    _sum[p][i] += g[i] * g[i];
                double[] adagrad = [.. g.Select((v, i) => v / (Math.Sqrt(_sum[p][i]) + GraftEpsilon))];
                double[] update = infos[p].Rank < 2 ? adagrad : Preconditioned(p, g, adagrad);
                for (int i = 0; i < g.Length; i++)
                {
                    _buffer[p][i] = o.Momentum * _buffer[p][i] + update[i];
                    parameters[p][i] -= o.LearningRate * (_buffer[p][i] + o.WeightDecay * parameters[p][i]);
                }
            }
        }

        private double[] Preconditioned(int p, double[] g, double[] adagrad)
        {
            int m = infos[p].Shape[0], n = g.Length / m;
            bool left = m <= o.MaxSize, right = n <= o.MaxSize;
            for (int i = 0; i < m * m; i++)
                _left[p][i] = o.Beta * _left[p][i] + (o.Beta == 1 ? 1 : 1 - o.Beta) * Enumerable.Range(0, n).Sum(k => g[i / m * n + k] * g[i % m * n + k]);
            for (int i = 0; i < n * n; i++)
                _right[p][i] = o.Beta * _right[p][i] + (o.Beta == 1 ? 1 : 1 - o.Beta) * Enumerable.Range(0, m).Sum(k => g[k * n + i / n] * g[k * n + i % n]);
            if (_t[p]++ % o.Every == 0)
            {
                double power = left && right ? -0.25 : -0.5;
                EigenPowers.Power<double>(_left[p], _leftRoot[p] = new double[m * m], m, power, o.Epsilon);
                EigenPowers.Power<double>(_right[p], _rightRoot[p] = new double[n * n], n, power, o.Epsilon);
            }
            double[] update = g;
            if (right)
                update = [.. Enumerable.Range(0, m * n).Select(i => Enumerable.Range(0, n).Sum(k => g[i / n * n + k] * _rightRoot[p][k * n + i % n]))];
            if (left)
            {
                double[] half = update;
                update = [.. Enumerable.Range(0, m * n).Select(i => Enumerable.Range(0, m).Sum(k => _leftRoot[p][i / n * m + k] * half[k * n + i % n]))];
            }
            double own = Math.Sqrt(update.Sum(v => v * v)), length = Math.Sqrt((o.Graft == "sgd" ? g : adagrad).Sum(v => v * v));
            return o.Graft == "none" || own == 0 ? update : [.. update.Select(v => v * length / own)];
        }

        private static double[] Scaled(int n, double value) => [.. Enumerable.Range(0, n * n).Select(i => i / n == i % n ? value : 0)];
    }
}

/// <summary>The options of <see cref="Shampoo"/>.</summary>
public sealed record ShampooOptions
{
    /// <summary>η, the step size. Default 0.1.</summary>
    public double LearningRate { get; set; } = 0.1;

    /// <summary>μ. Default 0.9.</summary>
    public double Momentum { get; set; } = 0.9;

    /// <summary>β, decay of L and R; 1 for sums. Default 1.</summary>
    public double Beta { get; set; } = 1;

    /// <summary>ε, the start of L and R and their least eigenvalue. Default 1e-4.</summary>
    public double Epsilon { get; set; } = 1e-4;

    /// <summary>k, the updates between two roots. Default 10.</summary>
    public long Every { get; set; } = 10;

    /// <summary>The longest side that is preconditioned: eigenvectors cost its cube. Default 256.</summary>
    public long MaxSize { get; set; } = 256;

    /// <summary>Whose length the step has. Default adagrad.</summary>
    public string Graft { get; set; } = "adagrad";

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<ShampooOptions> Table { get; } = new OptionTable<ShampooOptions>("shampoo")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("momentum", o => o.Momentum, (o, v) => o.Momentum = v, OptionRange.Fraction, "momentum μ")
        .Real("beta", o => o.Beta, (o, v) => o.Beta = v, OptionRange.Unit, "decay β of L and R; 1 for sums")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.Positive, "start of L and R and their least eigenvalue")
        .Integer("every", o => o.Every, (o, v) => o.Every = v, new(1, 1e9), "updates between two roots")
        .Integer("max_size", o => o.MaxSize, (o, v) => o.MaxSize = v, new(1, 46340), "longest side that is preconditioned")
        .Choice("graft", o => o.Graft, (o, v) => o.Graft = v, ["none", "sgd", "adagrad"], "whose length the step has")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
