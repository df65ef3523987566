using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.Modern;

/// <summary>
/// SM3-II: ν = min over axes of the accumulators at the element's index + u²; θ ← θ − ηu/√ν; an accumulator becomes the largest ν of its
/// slice.
/// </summary>
/// <remarks>
/// Anil et al. 2019, arXiv:1901.11150, algorithm SM3-II, with one accumulator for each index of each axis: a matrix of m × n keeps m + n
/// numbers. With momentum β the step is m ← βm + (1 − β)u/√ν. An element whose ν is zero stands still.
/// </remarks>
public sealed class Sm3 : OptimizerDefinition<Sm3Options>
{
    /// <inheritdoc/>
    public override string Name => "sm3";

    /// <inheritdoc/>
    public override string Source => "Anil et al. 2019, arXiv:1901.11150";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.Tensor;

    /// <inheritdoc/>
    public override OptionTable<Sm3Options> Options => Sm3Options.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, Sm3Options> Single(OptimizerConfiguration<Sm3Options> configuration) => new Method<float>(configuration.Uses("momentum"));

    /// <inheritdoc/>
    protected override UpdateMethod<double, Sm3Options> Double(OptimizerConfiguration<Sm3Options> configuration) => new Method<double>(configuration.Uses("momentum"));

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(Sm3Options o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T>(bool momentum) : UpdateMethod<T, Sm3Options>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Update = 0, Bounds = 1, Axes = 2;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.ScratchLike("update");
            slots.Scratch("bounds", Length(parameter, Math.Max(0, parameter.Rank - 1)));
            for (int axis = 0; axis < Math.Max(1, parameter.Rank); axis++)
            {
                slots.Add($"accumulator_{axis}", Length(parameter, axis));
                slots.Scratch($"next_{axis}", Length(parameter, axis));
            }
            if (momentum)
                slots.Like("momentum_buffer");
        }

        public override void Step(in StepContext<T, Sm3Options> step)
        {
            foreach (ParameterState<T, Sm3Options> parameter in step.Parameters)
            {
                if (parameter.Info.Count == 0)
                    continue;
                Sm3Options o = parameter.Options;
                Span<T> update = parameter.Slots[Update];
                parameter.Value.CopyTo(update);
                step.Apply(new AddDecay<T>(o.WeightDecay, o.Maximize), update, parameter.Gradient);
                Normalize(step, parameter.Info, parameter.Slots, update);
                if (momentum)
                {
                    Span<T> mean = parameter.Slots[^1];
                    step.Apply(new Blend<T>(o.Momentum, 1 - o.Momentum), mean, update);
                    update = mean;
                }
                step.Apply(new Descend<T>(o.LearningRate), parameter.Value, update);
            }
        }

        // By rows along the last axis, in vectors; a row's other accumulators are the same for all its elements.
        private static void Normalize(in StepContext<T, Sm3Options> step, ParameterInfo info, StateBlock<T> slots, Span<T> update)
        {
            int axes = Math.Max(1, info.Rank), last = axes - 1, length = Length(info, last);
            for (int axis = 0; axis < axes; axis++)
                slots[Axes + 2 * axis + 1].Clear();
            Span<T> bounds = slots[Bounds], accumulator = slots[Axes + 2 * last], next = slots[Axes + 2 * last + 1];
            Span<int> index = stackalloc int[axes];
            for (int row = 0; row < update.Length; row += length)
            {
                T least = T.PositiveInfinity;
                for (int axis = 0; axis < last; axis++)
                    least = T.Min(least, slots[Axes + 2 * axis][index[axis]]);
                Span<T> u = update.Slice(row, length);
                accumulator.CopyTo(bounds);
                step.Apply(new Bound<T>(least), bounds, u);
                step.Apply(new Largest<T>(), next, bounds);
                step.Apply(new DivideByBound<T>(), u, bounds);
                T largest = Max.Of<T>(bounds);
                for (int axis = 0; axis < last; axis++)
                {
                    Span<T> slice = slots[Axes + 2 * axis + 1];
                    slice[index[axis]] = T.Max(slice[index[axis]], largest);
                }
                for (int axis = last - 1; axis >= 0 && ++index[axis] == Length(info, axis); axis--)
                    index[axis] = 0;
            }
            for (int axis = 0; axis < axes; axis++)
                slots[Axes + 2 * axis + 1].CopyTo(slots[Axes + 2 * axis]);
        }

        private static int Length(ParameterInfo info, int axis) => info.Rank == 0 ? 1 : info.Shape[axis];
    }

    /// <summary>min(θ, least) + u².</summary>
    private readonly struct Bound<T>(T least) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> => V.Min(parameter, V.Create(least)) + update * update;
    }

    /// <summary>max(θ, u).</summary>
    private readonly struct Largest<T> : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> => V.Max(parameter, update);
    }

    /// <summary>θ/√u; 0 where u is 0.</summary>
    private readonly struct DivideByBound<T> : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> => V.Select(V.Equal(update, V.Create(T.Zero)), V.Create(T.Zero), parameter / V.Sqrt(update));
    }

    private sealed class Scalar(Sm3Options o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly Dictionary<(int Parameter, int Axis, int Index), double> _accumulators = [];
        private readonly double[][] _m = [.. infos.Select(p => new double[p.Count])];

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                double[] x = parameters[p];
                Dictionary<(int, int, int), double> next = [];
                for (int i = 0; i < x.Length; i++)
                {
                    (int, int, int)[] covers = [.. Covers(p, i)];
                    double u = (o.Maximize ? -g[i] : g[i]) + o.WeightDecay * x[i];
                    double bound = covers.Min(c => _accumulators.GetValueOrDefault(c)) + u * u;
                    foreach ((int, int, int) cover in covers)
                        next[cover] = Math.Max(next.GetValueOrDefault(cover), bound);
                    _m[p][i] = o.Momentum * _m[p][i] + (1 - o.Momentum) * (bound == 0 ? 0 : u / Math.Sqrt(bound));
                    x[i] -= o.LearningRate * _m[p][i];
                }
                foreach (((int, int, int) cover, double bound) in next)
                    _accumulators[cover] = bound;
            }
        }

        private IEnumerable<(int, int, int)> Covers(int p, int i)
        {
            if (infos[p].Rank == 0)
                yield return (p, 0, 0);
            int inner = infos[p].Count;
            for (int axis = 0; axis < infos[p].Rank; axis++)
            {
                inner /= infos[p].Shape[axis];
                yield return (p, axis, i / inner % infos[p].Shape[axis]);
            }
        }
    }
}

/// <summary>The options of <see cref="Sm3"/>.</summary>
public sealed record Sm3Options
{
    /// <summary>η, the step size. Default 0.1.</summary>
    public double LearningRate { get; set; } = 0.1;

    /// <summary>β, decay of the step's average; 0 keeps none. Default 0.</summary>
    public double Momentum { get; set; }

    /// <summary>λ, added to the gradient as λθ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<Sm3Options> Table { get; } = new OptionTable<Sm3Options>("sm3")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("momentum", o => o.Momentum, (o, v) => o.Momentum = v, OptionRange.Fraction, "decay β of the step's average; 0 keeps none")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "L2 decay λ, added to the gradient", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
