using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Plugins.Modern.Wrappers;

/// <summary>Cautious steps: of the step δ only the elements with δg &gt; 0 are made, times n/max(their number, n/1000) in a tensor of n.</summary>
/// <remarks>
/// Liang et al. 2024, arXiv:2411.16085, algorithm 1, with the scale of the authors' code. Deviation: it masks the whole step, a decoupled
/// decay included. For minimizing.
/// </remarks>
public sealed class Cautious() : WrapperDefinition<CautiousOptions>(
    "cautious",
    "Liang et al. 2024, arXiv:2411.16085",
    "only those elements of a step that the gradient agrees with",
    CautiousOptions.Table)
{
    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, CautiousOptions options) => new Wrapped<float>(inner);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, CautiousOptions options) => new Wrapped<double>(inner);

    private sealed class Wrapped<T> : OptimizerWrapper<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[][] _before, _gradient, _step;

        public Wrapped(Optimizer<T> inner)
            : base("cautious", inner)
        {
            _before = [.. inner.Parameters.Select(p => new T[p.Info.Count])];
            _gradient = [.. inner.Parameters.Select(p => new T[p.Info.Count])];
            _step = [.. inner.Parameters.Select(p => new T[p.Info.Count])];
        }

        public override StepReport Step(Objective<T>? objective = null)
        {
            for (int p = 0; p < _before.Length; p++)
            {
                Parameters[p].Value.CopyTo(_before[p]);
                if (Parameters[p].TryGetGradient(out Span<T> gradient))
                    gradient.CopyTo(_gradient[p]);
            }
            StepReport report = Inner.Step(objective);
            if (!report.Applied)
                return report;
            Span<double> agreeing = stackalloc double[1];
            for (int p = 0; p < _before.Length; p++)
            {
                if (!Parameters[p].TryGetGradient(out _))
                    continue;
                Span<T> value = Parameters[p].Value, step = _step[p];
                _before[p].CopyTo(step);
                SpanRules.Apply(new Blend<T>(1, -1), step, (ReadOnlySpan<T>)value, Workers); // δ = before − after
                Measurement.Run(default(Agreeing<T>), (ReadOnlySpan<T>)_gradient[p], step, agreeing);
                SpanRules.Apply(default(Masked<T>), _gradient[p], (ReadOnlySpan<T>)step, Workers);
                double scale = value.Length / Math.Max(agreeing[0], 1e-3 * value.Length);
                _before[p].CopyTo(value);
                SpanRules.Apply(new Descend<T>(scale), value, (ReadOnlySpan<T>)_gradient[p], Workers);
            }
            return report;
        }
    }

    /// <summary>The number of elements with gθ &gt; 0.</summary>
    private readonly struct Agreeing<T> : IMeasure<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static int SlotCount => 0;

        public static int SumCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Measure<V>(V gradient, V parameter, SlotCursor<V, T> slots, SumCursor<V, T> sums)
            where V : struct, ISimdVector<V, T> =>
            sums.Add(0, V.Select(V.GreaterThan(gradient * parameter, V.Create(T.Zero)), V.Create(T.One), V.Create(T.Zero)));
    }

    /// <summary>u where uθ &gt; 0, else 0; NaN comes through.</summary>
    private readonly struct Masked<T> : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> =>
            V.Select(V.LessThanOrEqual(update * parameter, V.Create(T.Zero)), V.Create(T.Zero), update);
    }
}

/// <summary>The options of <see cref="Cautious"/>: none.</summary>
public sealed record CautiousOptions
{
    /// <summary>The option table.</summary>
    public static OptionTable<CautiousOptions> Table { get; } = new("cautious");
}
