using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.Modern;

/// <summary>
/// SOAP: Adam in the eigenbasis of Shampoo: L ← βL + (1 − β)GGᵀ, R likewise; G′ = QₗᵀGQᵣ, M′ = QₗᵀMQᵣ; θ ← θ − η(Qₗ(M̂′/(√V̂′ + ε))Qᵣᵀ +
/// λθ).
/// </summary>
/// <remarks>
/// Vyas et al. 2024, arXiv:2409.11321, algorithms 3 and 4: M is kept in the parameters' own basis, V in the rotated one. The first update
/// only sets L, R and their eigenvectors (descending eigenvalues); every k updates Q ← QR(LQ). As in the authors' code averages are
/// corrected for bias, counting from the second update, and the decay is decoupled. A side longer than <c>max_size</c> is not rotated; what
/// has fewer than two dimensions takes AdamW.
/// </remarks>
public sealed class Soap : OptimizerDefinition<SoapOptions>
{
    /// <inheritdoc/>
    public override string Name => "soap";

    /// <inheritdoc/>
    public override string Source => "Vyas et al. 2024, arXiv:2409.11321";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.OrderInvariant;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.Tensor;

    /// <inheritdoc/>
    public override OptionTable<SoapOptions> Options => SoapOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, SoapOptions> Single(OptimizerConfiguration<SoapOptions> configuration) => new Method<float>(configuration.Options);

    /// <inheritdoc/>
    protected override UpdateMethod<double, SoapOptions> Double(OptimizerConfiguration<SoapOptions> configuration) => new Method<double>(configuration.Options);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(SoapOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T>(SoapOptions configured) : UpdateMethod<T, SoapOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Mean = 0, Square = 1, Left = 2, LeftBasis = 3, Right = 4, RightBasis = 5, Update = 6, Gradient = 7, Half = 8, Rotated = 9, LeftGram = 10, RightGram = 11;

        private static (int Rows, int Columns) Sides(ParameterInfo parameter) => (parameter.Shape[0], parameter.Count / Math.Max(1, parameter.Shape[0]));

        private int Kept(int side) => side <= configured.MaxSize ? side : 0;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("exp_avg");
            slots.Like("exp_avg_sq");
            if (parameter.Rank < 2)
                return;
            (int m, int n) = Sides(parameter);
            slots.Add("GG_l", Kept(m), Kept(m));
            slots.Add("Q_l", Kept(m), Kept(m));
            slots.Add("GG_r", Kept(n), Kept(n));
            slots.Add("Q_r", Kept(n), Kept(n));
            slots.ScratchLike("update");
            slots.ScratchLike("gradient");
            slots.ScratchLike("half");
            slots.ScratchLike("rotated");
            slots.Scratch("gram_l", Kept(m), Kept(m));
            slots.Scratch("gram_r", Kept(n), Kept(n));
        }

        public override void Step(in StepContext<T, SoapOptions> step)
        {
            foreach (ParameterState<T, SoapOptions> parameter in step.Parameters)
            {
                SoapOptions o = parameter.Options;
                if (parameter.Info.Rank < 2)
                    step.Apply(Chain<T>.Of(new Orient<T>(o.Maximize), new Adam<T>(o, parameter.StepCount), new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)), parameter);
                else if (parameter.Info.Count > 0)
                    Matrix(step, parameter, o);
            }
        }

        private void Matrix(in StepContext<T, SoapOptions> step, ParameterState<T, SoapOptions> parameter, SoapOptions o)
        {
            (int m, int n) = Sides(parameter.Info);
            StateBlock<T> slots = parameter.Slots;
            Span<T> gradient = slots[Gradient], update = slots[Update];
            step.Apply(new Orient<T>(o.Maximize), gradient, parameter.Gradient);
            long t = parameter.StepCount - 1; // the first update only finds the basis
            if (t > 0)
            {
                step.Apply(new Blend<T>(o.Beta1, 1 - o.Beta1), slots[Mean], gradient);
                Rotate(step, slots, gradient, update, m, n, back: false);
                step.Apply(new AverageSquare<T>(1 - o.Beta2), slots[Square], update);
                Rotate(step, slots, slots[Mean], update, m, n, back: false);
                step.Apply(new Divide<T>(1 / BiasCorrection.Of(o.Beta1, t), 1 / Math.Sqrt(BiasCorrection.Of(o.Beta2, t)), o.Epsilon), update, slots[Square]);
                Rotate(step, slots, update, slots[Rotated], m, n, back: true);
                step.Apply(Chain<T>.Of(new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)), parameter.Value, slots[Rotated]);
            }
            if (Kept(m) > 0)
            {
                Gemm.Multiply<T>(MatrixForm.NT, m, m, n, gradient, n, gradient, n, slots[LeftGram], m, workers: step.Workers);
                Side(step, o, slots[Left], slots[LeftBasis], slots[LeftGram], m, t);
            }
            if (Kept(n) > 0)
            {
                Gemm.Multiply<T>(MatrixForm.TN, n, n, m, gradient, n, gradient, n, slots[RightGram], n, workers: step.Workers);
                Side(step, o, slots[Right], slots[RightBasis], slots[RightGram], n, t);
            }
        }

        private static void Side(in StepContext<T, SoapOptions> step, SoapOptions o, Span<T> side, Span<T> basis, Span<T> gram, int n, long t)
        {
            step.Apply(new Blend<T>(o.ShampooBeta, 1 - o.ShampooBeta), side, gram);
            if (t == 0)
            {
                EigenPowers.Vectors<T>(side, basis, n);
            }
            else if (t % o.Every == 0)
            {
                Gemm.Multiply<T>(MatrixForm.NN, n, n, n, side, n, basis, n, gram, n, workers: step.Workers);
                Orthonormalization.Of<T>(gram, basis, n);
            }
        }

        /// <summary>QₗᵀXQᵣ, or back QₗXQᵣᵀ; a side without basis is left alone.</summary>
        private void Rotate(in StepContext<T, SoapOptions> step, StateBlock<T> slots, ReadOnlySpan<T> x, Span<T> result, int m, int n, bool back)
        {
            Span<T> half = slots[Half];
            if (Kept(m) > 0)
                Gemm.Multiply<T>(back ? MatrixForm.NN : MatrixForm.TN, m, n, m, slots[LeftBasis], m, x, n, half, n, workers: step.Workers);
            else
                x.CopyTo(half);
            if (Kept(n) > 0)
                Gemm.Multiply<T>(back ? MatrixForm.NT : MatrixForm.NN, m, n, n, half, n, slots[RightBasis], n, result, n, workers: step.Workers);
            else
                half.CopyTo(result);
        }
    }

    private readonly struct Adam<T>(SoapOptions o, long t) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1 = T.CreateTruncating(1 - o.Beta1), _weight2 = T.CreateTruncating(1 - o.Beta2), _epsilon = T.CreateTruncating(o.Epsilon);
        private readonly T _correct1 = T.CreateTruncating(1 / BiasCorrection.Of(o.Beta1, t)), _correct2 = T.CreateTruncating(1 / Math.Sqrt(BiasCorrection.Of(o.Beta2, t)));

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V mean = V.FusedMultiplyAdd(V.Create(_weight1), update - slots[0], slots[0]);
            V square = V.FusedMultiplyAdd(V.Create(_weight2), update * update - slots[1], slots[1]);
            slots[0] = mean;
            slots[1] = square;
            return V.Create(_correct1) * mean / V.FusedMultiplyAdd(V.Create(_correct2), V.Sqrt(square), V.Create(_epsilon));
        }
    }

    private readonly struct AverageSquare<T>(double weight) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight = T.CreateTruncating(weight);

        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> => V.FusedMultiplyAdd(V.Create(_weight), update * update - parameter, parameter);
    }

    /// <summary>c₁θ/(c₂√u + ε): θ is the rotated mean, u the square.</summary>
    private readonly struct Divide<T>(double correct1, double correct2, double epsilon) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _correct1 = T.CreateTruncating(correct1), _correct2 = T.CreateTruncating(correct2), _epsilon = T.CreateTruncating(epsilon);

        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> =>
            V.Create(_correct1) * parameter / V.FusedMultiplyAdd(V.Create(_correct2), V.Sqrt(update), V.Create(_epsilon));
    }

    private sealed class Scalar(SoapOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[][] _m = [.. infos.Select(p => new double[p.Count])], _v = [.. infos.Select(p => new double[p.Count])];
        private readonly double[]?[] _left = new double[]?[infos.Count], _right = new double[]?[infos.Count], _leftBasis = new double[]?[infos.Count], _rightBasis = new double[]?[infos.Count];
        private readonly int[] _t = new int[infos.Count];

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } gradient)
                    continue;
                double[] g = [.. gradient.Select(v => o.Maximize ? -v : v)];
                bool matrix = infos[p].Rank >= 2;
                int m = matrix ? infos[p].Shape[0] : g.Length, n = matrix ? g.Length / m : 1, t = matrix ? _t[p]++ : ++_t[p];
                if (t > 0)
                {
                    double[] turned = Rotate(g, _leftBasis[p], _rightBasis[p], m, n, back: false);
                    for (int i = 0; i < g.Length; i++)
                    {
                        _m[p][i] = o.Beta1 * _m[p][i] + (1 - o.Beta1) * g[i];
                        _v[p][i] = o.Beta2 * _v[p][i] + (1 - o.Beta2) * turned[i] * turned[i];
                    }
                    double[] mean = Rotate(_m[p], _leftBasis[p], _rightBasis[p], m, n, back: false);
                    double[] direction = [.. mean.Select((v, i) => v / (1 - Pow<double>.At(o.Beta1, t)) / (Math.Sqrt(_v[p][i] / (1 - Pow<double>.At(o.Beta2, t))) + o.Epsilon))];
                    direction = Rotate(direction, _leftBasis[p], _rightBasis[p], m, n, back: true);
                    for (int i = 0; i < g.Length; i++)
                        parameters[p][i] -= o.LearningRate * (direction[i] + o.WeightDecay * parameters[p][i]);
                }
                if (matrix && m <= o.MaxSize)
                    Side(ref _left[p], ref _leftBasis[p], m, t, (i, j) => Enumerable.Range(0, n).Sum(k => g[i * n + k] * g[j * n + k]));
                if (matrix && n <= o.MaxSize)
                    Side(ref _right[p], ref _rightBasis[p], n, t, (i, j) => Enumerable.Range(0, m).Sum(k => g[k * n + i] * g[k * n + j]));
            }
        }

        private void Side(ref double[]? side, ref double[]? basis, int n, int t, Func<int, int, double> gram)
        {
            double[] before = side ?? new double[n * n];
            double[] now = side = [.. before.Select((v, i) => o.ShampooBeta * v + (1 - o.ShampooBeta) * gram(i / n, i % n))];
            if (t == 0)
            {
                EigenPowers.Vectors<double>(now, basis = new double[n * n], n);
            }
            else if (t % o.Every == 0)
            {
                double[] old = basis!;
                double[] product = [.. old.Select((_, i) => Enumerable.Range(0, n).Sum(k => now[i / n * n + k] * old[k * n + i % n]))];
                Orthonormalization.Of<double>(product, basis = new double[n * n], n);
            }
        }

        private static double[] Rotate(double[] x, double[]? left, double[]? right, int m, int n, bool back)
        {
            double[] half = left is null ? x : [.. x.Select((_, i) => Enumerable.Range(0, m).Sum(k => (back ? left[i / n * m + k] : left[k * m + i / n]) * x[k * n + i % n]))];
            return right is null ? half : [.. x.Select((_, i) => Enumerable.Range(0, n).Sum(k => half[i / n * n + k] * (back ? right[i % n * n + k] : right[k * n + i % n])))];
        }
    }
}

/// <summary>The options of <see cref="Soap"/>.</summary>
public sealed record SoapOptions
{
    /// <summary>η, the step size. Default 3e-3.</summary>
    public double LearningRate { get; set; } = 3e-3;

    /// <summary>β₁, decay of the gradient's average. Default 0.95.</summary>
    public double Beta1 { get; set; } = 0.95;

    /// <summary>β₂, decay of the squared gradient's average. Default 0.95.</summary>
    public double Beta2 { get; set; } = 0.95;

    /// <summary>β, decay of L and R. Default 0.95.</summary>
    public double ShampooBeta { get; set; } = 0.95;

    /// <summary>ε, outside the root. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>k, the updates between two rotations of the basis. Default 10.</summary>
    public long Every { get; set; } = 10;

    /// <summary>The longest side that is rotated: eigenvectors cost its cube. Default 256.</summary>
    public long MaxSize { get; set; } = 256;

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.01.</summary>
    public double WeightDecay { get; set; } = 0.01;

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<SoapOptions> Table { get; } = new OptionTable<SoapOptions>("soap")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared gradient's average")
        .Real("shampoo_beta", o => o.ShampooBeta, (o, v) => o.ShampooBeta = v, OptionRange.Fraction, "decay β of L and R")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Integer("every", o => o.Every, (o, v) => o.Every = v, new(1, 1e9), "updates between two rotations of the basis")
        .Integer("max_size", o => o.MaxSize, (o, v) => o.MaxSize = v, new(1, 46340), "longest side that is rotated")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
