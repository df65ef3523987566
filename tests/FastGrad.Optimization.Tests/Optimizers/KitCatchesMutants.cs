using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Testing.Conformance;

namespace FastGrad.Optimization.Tests.Optimizers;

/// <summary>Faults that optimizers really have, planted in Adam: each must be caught, and the law that it breaks must be named.</summary>
public class KitCatchesMutants
{
    [Theory]
    [InlineData(Fault.None, null)]
    [InlineData(Fault.SwappedBetas, "fused = reference")]
    [InlineData(Fault.EpsilonInsideRoot, "fused = reference")]
    [InlineData(Fault.NoBiasCorrection, "fused = reference")]
    [InlineData(Fault.OptimizersCountForTheParameters, "fused = reference")]
    [InlineData(Fault.DecayWithoutRate, "fused = reference")]
    [InlineData(Fault.CoarseInSingle, "binary32 follows reference")]
    [InlineData(Fault.AbsentIsZero, "absent gradients change nothing")]
    [InlineData(Fault.DependsOnThreads, "same bits on threads")]
    [InlineData(Fault.StateOutsideSlots, "resume = no interruption")]
    [InlineData(Fault.OrderDependent, "invariant to order")]
    [InlineData(Fault.LengthDependent, "invariant to split")]
    [InlineData(Fault.EpsilonBuiltIn, "invariant to scale")]
    [InlineData(Fault.Allocates, "no allocation")]
    [InlineData(Fault.BiasCorrectionOneLate, "fused = reference")]
    [InlineData(Fault.DecayInMoments, "fused = reference")]
    [InlineData(Fault.RateOfCreation, "the current rate counts")]
    public void A_planted_fault_breaks_its_law(Fault fault, string? law)
    {
        OptimizerConformance kit = new(new FaultyAdam(fault), new() { { "lr", 0.05 }, { "weight_decay", 0.1 }, { "eps", 1e-3 } });
        string[] broken = [.. kit.FindViolations().Select(v => v.Law)];
        if (law is null)
            Assert.Empty(broken);
        else
            Assert.Contains(law, broken);
        // What is too small for the recurrences to see is seen by its own law alone.
        if (fault is Fault.CoarseInSingle or Fault.DependsOnThreads or Fault.LengthDependent or Fault.EpsilonBuiltIn or Fault.Allocates or Fault.RateOfCreation)
            Assert.Equal([law!], broken);
    }

    /// <summary>Each law is broken on the least that can break it: one number, or two, or a vector in two parts, or the length that threads share.</summary>
    [Theory]
    [InlineData(Fault.SwappedBetas, "'x [] Weight' element 0, ", " after step 1; expected ")]
    [InlineData(Fault.EpsilonInsideRoot, "'x [] Weight' element 0, ", " after step 1; expected ")]
    [InlineData(Fault.BiasCorrectionOneLate, "'x [] Weight' element 0, ", " after step 1; expected ")]
    [InlineData(Fault.OptimizersCountForTheParameters, "'y [] Weight' element 0, ", " after step 4; expected ")] // its gradient is absent at the third step
    [InlineData(Fault.CoarseInSingle, "'x [] Weight' element 0, ", " after step 1; expected ")]
    [InlineData(Fault.AbsentIsZero, "'y [] Weight' element 0 moved without a gradient in steps 2 to 4")]
    [InlineData(Fault.StateOutsideSlots, "'x [] Weight' element 0 is ", " after step 2, uninterrupted and taken up after step 1")]
    [InlineData(Fault.OrderDependent, "'x [] Weight' element 0 is ", ", with the parameters in order and in reverse")]
    [InlineData(Fault.LengthDependent, "'whole [2] Weight' element ", ", in a vector of 2 and in parts of 1, 1")]
    [InlineData(Fault.EpsilonBuiltIn, "'x [1] Weight' element 0 is ", ", with gradients and with 16 times them")]
    [InlineData(Fault.DependsOnThreads, "'x [1] Weight' element 0 is ", ", on one thread and on 3")]
    [InlineData(Fault.RateOfCreation, "'x [] Weight' element 0 is ", " after step 3, where lr was halved after step 1 ")]
    [InlineData(Fault.Allocates, "10 steps of 'x [] Weight' allocate ")]
    public void The_smallest_counterexample_is_told(Fault fault, params string[] parts)
    {
        OptimizerConformance kit = new(new FaultyAdam(fault), new() { { "lr", 0.05 }, { "eps", 1e-3 } });
        string[] messages = [.. kit.FindViolations().Select(v => v.Message)];
        Assert.True(Array.Exists(messages, m => parts.All(part => m.Contains(part, StringComparison.Ordinal))), string.Join('\n', messages));
    }

    [Fact]
    public void A_step_above_the_promise_breaks_the_law_of_convex_quadratics()
    {
        LawViolationException violation = Assert.Single(new OptimizerConformance(new Overshooting(), new() { { "lr", 0.05 } }).FindViolations());
        Assert.Equal("monotone on convex quadratics", violation.Law);
        Assert.Contains("step 1 raises the loss of 1 numbers from ", violation.Message, StringComparison.Ordinal);
    }

    /// <summary>Descent with twice and a half the step, which claims to be descent.</summary>
    private sealed class Overshooting : OptimizerDefinition<SgdOptions>
    {
        public override string Name => "overshooting";

        public override string Source => "none";

        public override OptimizerTraits Traits => OptimizerTraits.MonotoneOnConvexQuadratics;

        public override OptionTable<SgdOptions> Options => SgdOptions.Table;

        protected override UpdateMethod<float, SgdOptions> Single(OptimizerConfiguration<SgdOptions> configuration) => Method<float>();

        protected override UpdateMethod<double, SgdOptions> Double(OptimizerConfiguration<SgdOptions> configuration) => Method<double>();

        protected override ReferenceOptimizer Reference(SgdOptions options, IReadOnlyList<ParameterInfo> parameters) =>
            ReferenceOptimizer.Elementwise(parameters, slots: 0, (x, g, _, _) => x - 2.5 * options.LearningRate * g);

        private static UpdateMethod<T, SgdOptions> Method<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Elementwise<T, SgdOptions>.Method([], static (o, _) => new Descend<T>(2.5 * o.LearningRate));
    }

    public enum Fault
    {
        None,
        SwappedBetas,
        EpsilonInsideRoot,
        NoBiasCorrection,
        OptimizersCountForTheParameters,
        DecayWithoutRate,
        CoarseInSingle,
        AbsentIsZero,
        DependsOnThreads,
        StateOutsideSlots,
        OrderDependent,
        LengthDependent,
        EpsilonBuiltIn,
        Allocates,
        BiasCorrectionOneLate,
        DecayInMoments,
        RateOfCreation,
    }

    private sealed class FaultyAdam(Fault fault) : OptimizerDefinition<AdamWOptions>
    {
        public override string Name => $"adamw with {fault}";

        public override string Source => "none";

        public override OptimizerTraits Traits => new AdamW().Traits;

        public override OptionTable<AdamWOptions> Options => AdamWOptions.Table;

        protected override UpdateMethod<float, AdamWOptions> Single(OptimizerConfiguration<AdamWOptions> configuration) => new Method<float>(fault);

        protected override UpdateMethod<double, AdamWOptions> Double(OptimizerConfiguration<AdamWOptions> configuration) => new Method<double>(fault);

        protected override ReferenceOptimizer Reference(AdamWOptions options, IReadOnlyList<ParameterInfo> parameters) =>
            new AdamW().CreateReference(parameters, new(AdamWOptions.Table.Select(e => KeyValuePair.Create(e.Name, AdamWOptions.Table.Find(e.Name).GetText(options)))));
    }

    private sealed class Method<T>(Fault fault) : UpdateMethod<T, AdamWOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly HashSet<ParameterState<T, AdamWOptions>> _met = [];
        private long _steps;
        private double _rate;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("exp_avg");
            slots.Like("exp_avg_sq");
        }

        public override void Step(in StepContext<T, AdamWOptions> step)
        {
            _steps++;
            _rate = _steps == 1 ? step.Options.LearningRate : _rate;
            int position = 0;
            if (fault == Fault.AbsentIsZero)
            {
                foreach (ParameterState<T, AdamWOptions> parameter in _met)
                {
                    if (!step.Parameters.Contains(parameter)) // as if its gradient were there, and zero
                        step.Apply(new Rule<T>(parameter.Options, Math.Max(1, parameter.StepCount), fault, 1), parameter, new T[parameter.Info.Count]);
                }
                foreach (ParameterState<T, AdamWOptions> parameter in step.Parameters)
                    _met.Add(parameter);
            }
            foreach (ParameterState<T, AdamWOptions> parameter in step.Parameters)
            {
                AdamWOptions o = parameter.Options;
                long t = fault switch
                {
                    Fault.OptimizersCountForTheParameters => step.Number,
                    Fault.BiasCorrectionOneLate => parameter.StepCount + 1,
                    Fault.StateOutsideSlots => Math.Min(_steps, parameter.StepCount), // right until a resume
                    _ => parameter.StepCount,
                };
                double nudge = fault switch
                {
                    Fault.OrderDependent => 1 + position * 2.3e-16, // too small for the reference to see
                    Fault.LengthDependent => 1 + parameter.Info.Count % 2 * 2.3e-16,
                    Fault.CoarseInSingle => typeof(T) == typeof(float) ? 1.001 : 1,
                    Fault.RateOfCreation => _rate / o.LearningRate,
                    Fault.DependsOnThreads => step.Workers is null ? 1 : 1 + 2.4e-7,
                    _ => 1,
                };
                step.Apply(new Rule<T>(o, t, fault, nudge), parameter);
                position++;
                if (fault == Fault.Allocates)
                    GC.KeepAlive(new byte[8]);
            }
        }
    }

    private readonly struct Rule<T>(AdamWOptions o, long t, Fault fault, double nudge) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _beta1 = T.CreateTruncating(fault == Fault.SwappedBetas ? o.Beta2 : o.Beta1);
        private readonly T _beta2 = T.CreateTruncating(fault == Fault.SwappedBetas ? o.Beta1 : o.Beta2);
        private readonly T _correct1 = T.CreateTruncating(fault == Fault.NoBiasCorrection ? 1 : BiasCorrection.Of(o.Beta1, t));
        private readonly T _correct2 = T.CreateTruncating(fault == Fault.NoBiasCorrection ? 1 : BiasCorrection.Of(o.Beta2, t));
        private readonly T _epsilon = T.CreateTruncating(fault == Fault.EpsilonBuiltIn ? o.Epsilon + 1e-14 : o.Epsilon);
        private readonly T _rate = T.CreateTruncating(o.LearningRate * nudge);
        private readonly T _decay = T.CreateTruncating(fault == Fault.DecayWithoutRate ? o.WeightDecay : o.LearningRate * o.WeightDecay);
        private readonly bool _coupled = fault == Fault.DecayInMoments;
        private readonly bool _inside = fault == Fault.EpsilonInsideRoot;

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V one = V.Create(T.One), b1 = V.Create(_beta1), b2 = V.Create(_beta2), epsilon = V.Create(_epsilon);
            update = _coupled ? update + V.Create(_decay) * parameter : update;
            V m = b1 * slots[0] + (one - b1) * update;
            V v = b2 * slots[1] + (one - b2) * update * update;
            slots[0] = m;
            slots[1] = v;
            v /= V.Create(_correct2);
            V denominator = _inside ? V.Sqrt(v + epsilon) : V.Sqrt(v) + epsilon;
            return parameter - V.Create(_rate) * (m / V.Create(_correct1)) / denominator - (_coupled ? V.Create(T.Zero) : V.Create(_decay) * parameter);
        }
    }
}
