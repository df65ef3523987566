using System.Numerics;
using System.Runtime.CompilerServices;
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
        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.ScratchLike("update");
            for (int axis = 0; axis < Math.Max(1, parameter.Rank); axis++)
            {
                int length = parameter.Rank == 0 ? 1 : parameter.Shape[axis];
                slots.Add($"accumulator_{axis}", length);
                slots.Scratch($"next_{axis}", length);
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
                Span<T> update = parameter.Slots[0];
                parameter.Value.CopyTo(update);
                step.Apply(new AddDecay<T>(o.WeightDecay, o.Maximize), update, parameter.Gradient);
                Normalize(parameter.Info, parameter.Slots, update);
                if (momentum)
                {
                    Span<T> mean = parameter.Slots[^1];
                    step.Apply(new Blend<T>(o.Momentum, 1 - o.Momentum), mean, update);
                    update = mean;
                }
                step.Apply(new Descend<T>(o.LearningRate), parameter.Value, update);
            }
        }

        private static void Normalize(ParameterInfo info, StateBlock<T> slots, Span<T> update)
        {
            int axes = Math.Max(1, info.Rank);
            for (int axis = 0; axis < axes; axis++)
                slots[2 + 2 * axis].Clear();
            Span<int> index = stackalloc int[axes];
            for (int i = 0; i < update.Length; i++)
            {
                T bound = slots[1][index[0]];
                for (int axis = 1; axis < axes; axis++)
                    bound = T.Min(bound, slots[1 + 2 * axis][index[axis]]);
                bound += update[i] * update[i];
                for (int axis = 0; axis < axes; axis++)
                {
                    Span<T> next = slots[2 + 2 * axis];
                    next[index[axis]] = T.Max(next[index[axis]], bound);
                }
                update[i] = bound == T.Zero ? T.Zero : update[i] / T.Sqrt(bound);
                for (int axis = axes - 1; axis >= 0 && ++index[axis] == Length(info, axis); axis--)
                    index[axis] = 0;
            }
            for (int axis = 0; axis < axes; axis++)
                slots[2 + 2 * axis].CopyTo(slots[1 + 2 * axis]);
        }

        private static int Length(ParameterInfo info, int axis) => info.Rank == 0 ? 1 : info.Shape[axis];
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
