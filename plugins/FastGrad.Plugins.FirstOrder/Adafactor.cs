using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>
/// Adafactor: v̂ᵢⱼ = rᵢcⱼ/mean(r), r and c averages of the rows and columns of u²; θ ← θ − α·U/max(1, rms(U)/d), U = u/√v̂, α = max(ε₂,
/// rms(θ))·min(η, 1/√t).
/// </summary>
/// <remarks>
/// Shazeer and Stern 2018, arXiv:1804.04235, algorithms 4 and 5, with 1 − β₂ = t^c. Semantics of PyTorch 2.10: √v̂ is at least ε₁, where ε₁
/// = 0 stands for the element type's machine epsilon; decay first, θ ← (1 − ηλ)θ, with α taken before it. What has fewer than two
/// dimensions keeps v in full; of more than two the last two are factored.
/// </remarks>
public sealed class Adafactor : OptimizerDefinition<AdafactorOptions>
{
    /// <inheritdoc/>
    public override string Name => "adafactor";

    /// <inheritdoc/>
    public override string Source => "Shazeer and Stern 2018, arXiv:1804.04235";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.Tensor;

    /// <inheritdoc/>
    public override OptionTable<AdafactorOptions> Options => AdafactorOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, AdafactorOptions> Single(OptimizerConfiguration<AdafactorOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, AdafactorOptions> Double(OptimizerConfiguration<AdafactorOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(AdafactorOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T> : UpdateMethod<T, AdafactorOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Row = 0, Column = 1, Variance = 0;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            if (parameter.Rank < 2)
            {
                slots.Like("variance");
                slots.ScratchLike("update");
                return;
            }
            slots.Add("row_var", [.. parameter.Shape[..^1], 1]);
            slots.Add("col_var", [.. parameter.Shape[..^2], 1, parameter.Shape[^1]]);
            slots.ScratchLike("update");
            slots.Scratch("row", parameter.Shape.AsSpan()[..^1]);
            slots.Scratch("column", [.. parameter.Shape[..^2], parameter.Shape[^1]]);
        }

        public override void Step(in StepContext<T, AdafactorOptions> step)
        {
            foreach (ParameterState<T, AdafactorOptions> parameter in step.Parameters)
            {
                if (parameter.Info.Count == 0)
                    continue;
                AdafactorOptions o = parameter.Options;
                long t = parameter.StepCount;
                double weight = Pow<double>.At(t, o.Beta2Decay), least = o.Epsilon1 > 0 ? o.Epsilon1 : double.CreateTruncating(T.BitIncrement(T.One) - T.One);
                double alpha = Math.Max(o.Epsilon2, RootMeanSquare(parameter.Value)) * Math.Min(o.LearningRate, 1 / Math.Sqrt(t));
                Span<T> update = parameter.Info.Rank < 2 ? Full(step, parameter, weight, least) : Factored(step, parameter, weight, least);
                double factor = alpha / Math.Max(1, RootMeanSquare(update) / o.Threshold);
                step.Apply(new Blend<T>(1 - o.LearningRate * o.WeightDecay, o.Maximize ? factor : -factor), parameter.Value, update);
            }
        }

        private static Span<T> Full(in StepContext<T, AdafactorOptions> step, ParameterState<T, AdafactorOptions> parameter, double weight, double least)
        {
            Span<T> variance = parameter.Slots[Variance], update = parameter.Slots[1];
            step.Apply(new AverageSquare<T>(weight), variance, parameter.Gradient);
            variance.CopyTo(update);
            step.Apply(new OverRoot<T>(1, least), update, parameter.Gradient);
            return update;
        }

        private static Span<T> Factored(in StepContext<T, AdafactorOptions> step, ParameterState<T, AdafactorOptions> parameter, double weight, double least)
        {
            Span<T> row = parameter.Slots[Row], column = parameter.Slots[Column], update = parameter.Slots[2], rows = parameter.Slots[3], columns = parameter.Slots[4];
            ReadOnlySpan<T> gradient = parameter.Gradient;
            int m = parameter.Info.Shape[^2], n = parameter.Info.Shape[^1], matrices = row.Length / m;
            SumOfSquares.Along(gradient, row.Length, n, 1, rows, accumulate: false);
            SumOfSquares.Along(gradient, matrices, m, n, columns, accumulate: false);
            step.Apply(new Blend<T>(1 - weight, weight / n), row, rows);
            step.Apply(new Blend<T>(1 - weight, weight / m), column, columns);
            for (int matrix = 0; matrix < matrices; matrix++)
            {
                double mean = double.CreateTruncating(Sum.Of<T>(row.Slice(matrix * m, m))) / m;
                for (int i = matrix * m; i < (matrix + 1) * m; i++)
                {
                    Span<T> line = update.Slice(i * n, n);
                    column.Slice(matrix * n, n).CopyTo(line);
                    step.Apply(new OverRoot<T>(double.CreateTruncating(row[i]) / Math.Max(mean, least), least), line, gradient.Slice(i * n, n));
                }
            }
            return update;
        }

        private static double RootMeanSquare(ReadOnlySpan<T> x) => Math.Sqrt(double.CreateTruncating(SumOfSquares.Of(x)) / x.Length);
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

    /// <summary>u/max(√(f·θ), ε), θ being the average or its column.</summary>
    private readonly struct OverRoot<T>(double factor, double least) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _factor = T.CreateTruncating(factor), _least = T.CreateTruncating(least);

        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> => update / V.Max(V.Create(_least), V.Sqrt(V.Create(_factor) * parameter));
    }

    private sealed class Scalar(AdafactorOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[][] _row = [.. infos.Select(p => new double[p.Rank < 2 ? p.Count : p.Count / p.Shape[^1]])];
        private readonly double[][] _column = [.. infos.Select(p => new double[p.Rank < 2 ? 0 : p.Count / p.Shape[^2]])];
        private readonly int[] _t = new int[infos.Count];

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                int t = ++_t[p];
                double beta2 = 1 - Pow<double>.At(t, o.Beta2Decay), least = o.Epsilon1 > 0 ? o.Epsilon1 : double.BitIncrement(1) - 1;
                double[] theta = parameters[p], u = new double[g.Length];
                if (infos[p].Rank < 2)
                {
                    for (int i = 0; i < g.Length; i++)
                    {
                        _row[p][i] = beta2 * _row[p][i] + (1 - beta2) * g[i] * g[i];
                        u[i] = g[i] / Math.Max(least, Math.Sqrt(_row[p][i]));
                    }
                }
                else
                {
                    int m = infos[p].Shape[^2], n = infos[p].Shape[^1];
                    for (int i = 0; i < _row[p].Length; i++)
                        _row[p][i] = beta2 * _row[p][i] + (1 - beta2) * Enumerable.Range(0, n).Average(j => g[i * n + j] * g[i * n + j]);
                    for (int j = 0; j < _column[p].Length; j++)
                        _column[p][j] = beta2 * _column[p][j] + (1 - beta2) * Enumerable.Range(0, m).Average(i => g[j / n * m * n + i * n + j % n] * g[j / n * m * n + i * n + j % n]);
                    for (int i = 0; i < g.Length; i++)
                    {
                        int matrix = i / (m * n);
                        double mean = Math.Max(least, _row[p].Skip(matrix * m).Take(m).Average());
                        u[i] = g[i] / Math.Max(least, Math.Sqrt(_row[p][i / n] * _column[p][matrix * n + i % n] / mean));
                    }
                }
                double alpha = Math.Max(o.Epsilon2, Math.Sqrt(theta.Average(x => x * x))) * Math.Min(o.LearningRate, 1 / Math.Sqrt(t));
                double scale = Math.Max(1, Math.Sqrt(u.Average(x => x * x)) / o.Threshold);
                for (int i = 0; i < g.Length; i++)
                    theta[i] = theta[i] * (1 - o.LearningRate * o.WeightDecay) - (o.Maximize ? -alpha : alpha) * u[i] / scale;
            }
        }
    }
}

/// <summary>The options of <see cref="Adafactor"/>.</summary>
public sealed record AdafactorOptions
{
    /// <summary>η, the step size. Default 1e-2.</summary>
    public double LearningRate { get; set; } = 1e-2;

    /// <summary>c: the averages take 1 − β₂ = t^c. Default -0.8.</summary>
    public double Beta2Decay { get; set; } = -0.8;

    /// <summary>ε₁, the least √v̂; 0 for the machine epsilon. Default 0.</summary>
    public double Epsilon1 { get; set; }

    /// <summary>ε₂, the least scale of a parameter. Default 1e-3.</summary>
    public double Epsilon2 { get; set; } = 1e-3;

    /// <summary>d: an update of a larger root mean square is scaled down to it. Default 1.</summary>
    public double Threshold { get; set; } = 1;

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<AdafactorOptions> Table { get; } = new OptionTable<AdafactorOptions>("adafactor")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta2_decay", o => o.Beta2Decay, (o, v) => o.Beta2Decay = v, new(double.NegativeInfinity, 0, false, true), "power c of 1 − β₂ = t^c")
        .Real("eps1", o => o.Epsilon1, (o, v) => o.Epsilon1 = v, OptionRange.NonNegative, "least √v̂; 0 for the machine epsilon")
        .Real("eps2", o => o.Epsilon2, (o, v) => o.Epsilon2 = v, OptionRange.NonNegative, "least scale ε₂ of a parameter")
        .Real("d", o => o.Threshold, (o, v) => o.Threshold = v, OptionRange.Positive, "bound d of the update's root mean square")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
