using System.Globalization;
using System.Numerics;
using FastGrad.Kernels.Workers;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;

namespace FastGrad.Testing.Conformance;

/// <summary>What every optimizer owes, and what its traits declare. Each law throws <see cref="LawViolationException"/> where it is broken.</summary>
/// <param name="definition">The optimizer.</param>
/// <param name="values">The options to test it with.</param>
public sealed class OptimizerConformance(OptimizerDefinition definition, OptionValues? values = null)
{
    /// <summary>The steps of a run against the reference.</summary>
    public const int Steps = 30;

    /// <summary>Checks all laws that hold for the optimizer.</summary>
    /// <exception cref="LawViolationException">The first law that is broken.</exception>
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

    /// <summary>Saving, loading into a new instance and going on gives the bits of going on.</summary>
    public void ResumeIsNoInterruption<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const string law = "resume = no interruption";
        TestProblem problem = TestProblem.Mixed();
        TestRun<T> straight = new(definition, values, problem), first = new(definition, values, problem);
        straight.Go(0, 20, Absent);
        first.Go(0, 11, Absent);
        StateTensor[] saved = [.. first.Optimizer.State.Select(e => e.ToTensor())];
        TestRun<T> second = new(definition, values, problem);
        for (int p = 0; p < second.Parameters.Length; p++)
            first.Parameters[p].Values.CopyTo(second.Parameters[p].Values, 0);
        second.Optimizer.LoadState(saved);
        if (second.Optimizer.Updates != first.Optimizer.Updates)
            throw Broken(law, $"{second.Optimizer.Updates} updates after loading; expected {first.Optimizer.Updates}");
        second.Go(11, 20, Absent);
        SameBits(law, straight, second);
        foreach ((StateEntry a, StateEntry b) in straight.Optimizer.State.Zip(second.Optimizer.State))
        {
            if (!a.Bytes.SequenceEqual(b.Bytes))
                throw Broken(law, $"state '{a.Name}' differs at the end");
        }
    }

    /// <summary>A parameter without gradient keeps its values, its state and its count.</summary>
    public void AbsentGradientsChangeNothing()
    {
        const string law = "absent gradients change nothing";
        TestProblem problem = TestProblem.Mixed();
        TestRun<double> run = new(definition, values, problem);
        run.Go(0, 5, (_, _) => false);
        double[] before = [.. run.Parameters[1].Values];
        StateTensor[] state = [.. run.Optimizer.State.Where(e => e.Owner == problem.Shapes[1].Name).Select(e => e.ToTensor())];
        run.Go(5, 8, (_, p) => p == 1);
        if (!before.AsSpan().SequenceEqual(run.Parameters[1].Values))
            throw Broken(law, $"'{problem.Shapes[1]}' moved");
        foreach (StateTensor tensor in state)
        {
            if (!run.Optimizer.State.First(e => e.Name == tensor.Name).Bytes.SequenceEqual(tensor.Bytes.Span))
                throw Broken(law, $"state '{tensor.Name}' changed");
        }
        long updates = run.Optimizer.Updates;
        run.Go(8, 9, (_, _) => true);
        if (run.Optimizer.Updates != updates)
            throw Broken(law, "a step without any gradient was counted");
    }

    /// <summary>One thread and several give the same bits.</summary>
    public void SameBitsOnThreads()
    {
        TestProblem problem = new([new("large", [300, 250]), new("small", [3])]);
        using WorkerTeam team = new(3);
        TestRun<float> alone = new(definition, values, problem), together = new(definition, values, problem);
        together.Optimizer.Workers = team;
        alone.Go(0, 3, (_, _) => false);
        together.Go(0, 3, (_, _) => false);
        SameBits("same bits on threads", alone, together);
    }

    /// <summary>A vector cut into three gives the bits of the whole.</summary>
    public void SplitInvariance()
    {
        const int length = 101;
        int[] cuts = [0, 16, 53, length];
        double[] x = Values(1, length);
        ArrayParameter<double>[] whole = [new("whole", [.. x])];
        ArrayParameter<double>[] parts = [.. Enumerable.Range(0, 3).Select(k => new ArrayParameter<double>($"part{k}", x[cuts[k]..cuts[k + 1]]))];
        Optimizer<double> a = definition.Create(whole, values), b = definition.Create(parts, values);
        for (int step = 0; step < 8; step++)
        {
            double[] g = Values(10 + (ulong)step, length);
            whole[0].Gradient = g;
            for (int k = 0; k < 3; k++)
                parts[k].Gradient = g[cuts[k]..cuts[k + 1]];
            a.Step();
            b.Step();
        }
        if (!whole[0].Values.AsSpan().SequenceEqual(parts.SelectMany(p => p.Values).ToArray()))
            throw Broken("invariant to split", "a vector cut into parts of 16, 37 and 48 ends elsewhere");
    }

    /// <summary>The parameters in reverse order give the same bits.</summary>
    public void OrderInvariance()
    {
        TestProblem problem = TestProblem.Mixed();
        TestRun<double> run = new(definition, values, problem);
        ArrayParameter<double>[] other = problem.Parameters<double>();
        Optimizer<double> reversed = definition.Create([.. other.Reverse()], values);
        for (int step = 0; step < 8; step++)
        {
            run.Go(step, step + 1, Absent);
            problem.WriteGradients(other, step);
            for (int p = 0; p < other.Length; p++)
                other[p].Gradient = Absent(step, p) ? null : other[p].Gradient;
            reversed.Step();
        }
        for (int p = 0; p < other.Length; p++)
        {
            if (!other[p].Values.AsSpan().SequenceEqual(run.Parameters[p].Values))
                throw Broken("invariant to order", $"'{problem.Shapes[p]}' ends elsewhere in reverse order");
        }
    }

    /// <summary>With ε = 0 and no decay, gradients times 16 give the same bits.</summary>
    public void ScaleInvariance()
    {
        OptionValues free = values is null ? [] : new(values);
        foreach (OptionEntry entry in definition.Options)
        {
            if (entry.Name == "eps" || entry.Meaning == OptionMeaning.Decay)
                free.Add(entry.Name, 0.0);
        }
        const int length = 37;
        ArrayParameter<double> a = new("x", Values(1, length)), b = new("x", Values(1, length));
        Optimizer<double> plain = definition.Create([a], free), scaled = definition.Create([b], free);
        for (int step = 0; step < 10; step++)
        {
            a.Gradient = Values(10 + (ulong)step, length);
            b.Gradient = [.. a.Gradient.Select(g => 16 * g)];
            plain.Step();
            scaled.Step();
        }
        if (!a.Values.AsSpan().SequenceEqual(b.Values))
            throw Broken("invariant to scale", "gradients times 16 end elsewhere, with eps = 0 and no decay");
    }

    /// <summary>With a learning rate of 1/L the loss of a convex quadratic of curvature L never rises by more than rounding.</summary>
    public void MonotoneOnConvexQuadratics()
    {
        const int length = 23;
        double[] curvature = [.. Values(3, length).Select(x => x * x)];
        double largest = curvature.Max();
        OptionValues rate = new() { { definition.Options.First(e => e.Meaning == OptionMeaning.LearningRate).Name, 1 / largest } };
        ArrayParameter<double> x = new("x", Values(1, length), new double[length]);
        Optimizer<double> optimizer = definition.Create([x], rate);
        double loss = Loss();
        for (int step = 0; step < 50; step++)
        {
            for (int i = 0; i < length; i++)
                x.Gradient![i] = curvature[i] * x.Values[i];
            optimizer.Step();
            double next = Loss();
            if (next > loss * (1 + length * 2.3e-16))
                throw Broken("monotone on convex quadratics", string.Create(CultureInfo.InvariantCulture, $"step {step} raises the loss from {loss:R} to {next:R}"));
            loss = next;
        }

        double Loss() => Enumerable.Range(0, length).Sum(i => 0.5 * curvature[i] * x.Values[i] * x.Values[i]);
    }

    /// <summary>A steady step allocates nothing.</summary>
    public void NoAllocation()
    {
        TestRun<float> run = new(definition, values, TestProblem.Mixed());
        run.Go(0, 4, (_, _) => false);
        Optimizer<float> optimizer = run.Optimizer;
        Objective<float> still = new() // what it needs costs nothing here: the optimizer's own allocations are counted
        {
            Loss = () => 1,
            Reevaluate = () => 1,
            HessianVector = (direction, product) =>
            {
                for (int p = 0; p < run.Parameters.Length; p++)
                    direction(p).CopyTo(product(p));
            },
        };
        long best = long.MaxValue;
        for (int attempt = 0; attempt < 5 && best > 0; attempt++) // the runtime may allocate once while it compiles
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int step = 0; step < 10; step++)
                optimizer.Step(still);
            best = Math.Min(best, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        if (best > 0)
            throw Broken("no allocation", $"10 steps allocate {best} bytes");
    }

    private static bool Absent(int step, int parameter) => parameter == 1 && step % 4 == 2;

    private static double[] Values(ulong stream, int length) =>
        [.. Enumerable.Range(0, length).Select(i => TestProblem.Uniform(5, stream, (ulong)i))];

    // The first of the problems, from the smallest, that shows the fault is the counterexample.
    private void AgainstReference<T>(string law, double floor, double noise)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReferenceComparison<T> comparison = new(definition, values, floor, noise);
        if (comparison.Find(TestProblem.Mixed(), Absent) is not { } found)
            return;
        foreach (TestProblem problem in TestProblem.FromTheSmallest())
        {
            if (comparison.Find(problem, Absent) is { } smaller)
                throw Broken(law, smaller.ToString());
        }
        throw Broken(law, found.ToString());
    }

    private void SameBits<T>(string law, TestRun<T> a, TestRun<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int p = 0; p < a.Parameters.Length; p++)
        {
            int i = a.Parameters[p].Values.AsSpan().CommonPrefixLength(b.Parameters[p].Values);
            if (i < a.Parameters[p].Values.Length)
                throw Broken(law, $"'{a.Parameters[p].Info}' element {i}: {a.Parameters[p].Values[i]} and {b.Parameters[p].Values[i]}");
        }
    }

    private LawViolationException Broken(string law, string evidence) => new(law, definition.Name, evidence);
}
