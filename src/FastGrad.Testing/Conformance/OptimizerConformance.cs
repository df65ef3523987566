using System.Globalization;
using System.Numerics;
using FastGrad.Kernels.Workers;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;

namespace FastGrad.Testing.Conformance;

/// <summary>What every optimizer owes, and what its traits declare. Each law throws <see cref="LawViolationException"/> where it is broken.</summary>
/// <remarks>
/// A law is first checked on a problem with every kind of shape. Where that shows a fault, problems follow from the smallest on, and the first that
/// shows one is the counterexample that is told.
/// </remarks>
/// <param name="definition">The optimizer.</param>
/// <param name="values">The options to test it with.</param>
public sealed partial class OptimizerConformance(OptimizerDefinition definition, OptionValues? values = null)
{
    /// <summary>The steps of a run against the reference.</summary>
    public const int Steps = 30;

    /// <summary>Checks all laws that hold for the optimizer.</summary>
    /// <exception cref="LawViolationException">The first law that is broken, with the smallest problem that shows it.</exception>
    public void CheckAll()
    {
        foreach (Action law in Laws())
            law();
    }

    /// <summary>Checks all laws that hold for the optimizer, and goes on after one that is broken.</summary>
    /// <returns>The laws that are broken, each with its evidence.</returns>
    public IReadOnlyList<LawViolationException> FindViolations()
    {
        List<LawViolationException> violations = [];
        foreach (Action law in Laws())
        {
            try
            {
                law();
            }
            catch (LawViolationException violation)
            {
                violations.Add(violation);
            }
        }
        return violations;
    }

    private IEnumerable<Action> Laws()
    {
        yield return FusedEqualsReference;
        yield return SinglePrecisionFollowsReference;
        yield return ResumeIsNoInterruption<double>;
        yield return ResumeIsNoInterruption<float>;
        yield return AbsentGradientsChangeNothing;
        yield return SameBitsOnThreads;
        if (Rate is not null)
            yield return CurrentRateCounts;
        if (definition.Traits.HasFlag(OptimizerTraits.OrderInvariant))
            yield return OrderInvariance;
        if (definition.Traits.HasFlag(OptimizerTraits.SplitInvariant))
            yield return SplitInvariance;
        if (definition.Traits.HasFlag(OptimizerTraits.ScaleInvariant))
            yield return ScaleInvariance;
        if (definition.Traits.HasFlag(OptimizerTraits.MonotoneOnConvexQuadratics))
            yield return MonotoneOnConvexQuadratics;
        if (definition.Traits.HasFlag(OptimizerTraits.NoAllocation))
            yield return NoAllocation;
    }

    /// <summary>
    /// Fused = reference in binary64 within max(1e-11, 100 times what 4e-16 relative noise on the gradients does to the reference),
    /// as long as that is below 1e-3, over steps with changing gradients of which some are absent.
    /// </summary>
    public void FusedEqualsReference() => AgainstReference<double>("fused = reference", 1e-11, 4e-16);

    /// <summary>The same in binary32, with its unit roundoff for the noise.</summary>
    public void SinglePrecisionFollowsReference() => AgainstReference<float>("binary32 follows reference", 1e-5, 1.2e-7);

    private static bool Absent(int step, int parameter) => parameter == 1 && step % 4 == 2;

    private OptionEntry? Rate => definition.Options.FirstOrDefault(e => e.Meaning == OptionMeaning.LearningRate);

    private static double[] Values(ulong stream, int length) =>
        [.. Enumerable.Range(0, length).Select(i => TestProblem.Uniform(5, stream, (ulong)i))];

    private void AgainstReference<T>(string law, double floor, double noise)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReferenceComparison<T> comparison = new(definition, values, floor, noise);
        Hold(law, TestProblem.Mixed(), TestProblem.FromTheSmallest(), problem => comparison.Find(problem, Absent)?.ToString());
    }

    // The first of the smaller problems that shows a fault is the counterexample.
    private void Hold<TProblem>(string law, TProblem usual, IEnumerable<TProblem> fromTheSmallest, Func<TProblem, string?> evidence)
    {
        if (evidence(usual) is not { } found)
            return;
        throw new LawViolationException(law, definition.Name, fromTheSmallest.Select(evidence).FirstOrDefault(e => e is not null) ?? found);
    }

    /// <summary>The first element in which two runs differ; null where there is none.</summary>
    private static string? Difference<T>(ArrayParameter<T>[] a, ArrayParameter<T>[] b, string when)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int p = 0; p < a.Length; p++)
        {
            int i = a[p].Values.AsSpan().CommonPrefixLength(b[p].Values);
            if (i < a[p].Values.Length)
                return string.Create(CultureInfo.InvariantCulture, $"'{a[p].Info}' element {i} is {a[p].Values[i]:R} and {b[p].Values[i]:R} {when}");
        }
        return null;
    }
}
