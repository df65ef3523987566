using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;

namespace FastGrad.Testing.Conformance;

/// <summary>Laws of state: what is saved is all there is, what is absent changes none of it, and options are no part of it.</summary>
public sealed partial class OptimizerConformance
{
    /// <summary>Saving, loading into a new instance and going on gives the bits of going on.</summary>
    public void ResumeIsNoInterruption<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Hold(
        "resume = no interruption",
        (Problem: TestProblem.Mixed(), At: 11, Steps: 20),
        from problem in TestProblem.FromTheSmallest() from at in Enumerable.Range(1, 6) select (Problem: problem, At: at, Steps: at + 5),
        run => Interrupted<T>(run.Problem, run.At, run.Steps));

    /// <summary>A parameter without gradient keeps its values, its state and its count.</summary>
    public void AbsentGradientsChangeNothing() => Hold(
        "absent gradients change nothing",
        (Problem: TestProblem.Mixed(), Steps: 5),
        from problem in TestProblem.FromTheSmallest() from steps in Enumerable.Range(0, 6) select (Problem: problem, Steps: steps),
        run => WithoutGradient(run.Problem, run.Steps));

    /// <summary>The learning rate of a step is the one that is set at that step: an instance made with it, and given the state, takes the same step.</summary>
    public void CurrentRateCounts() => Hold(
        "the current rate counts",
        (Problem: TestProblem.Mixed(), Steps: 5),
        from problem in TestProblem.FromTheSmallest() from steps in Enumerable.Range(1, 5) select (Problem: problem, Steps: steps),
        run => WithAnotherRate(run.Problem, run.Steps));

    private string? Interrupted<T>(TestProblem problem, int at, int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TestRun<T> straight = new(definition, values, problem), first = new(definition, values, problem);
        straight.Go(0, at, Absent);
        first.Go(0, at, Absent);
        TestRun<T> second = first.TakenUp(definition, values);
        if (second.Optimizer.Updates != first.Optimizer.Updates)
            return $"{second.Optimizer.Updates} updates after loading; expected {first.Optimizer.Updates}";
        for (int step = at; step < steps; step++)
        {
            straight.Go(step, step + 1, Absent);
            second.Go(step, step + 1, Absent);
            if (Difference(straight.Parameters, second.Parameters, $"after step {step + 1}, uninterrupted and taken up after step {at}") is { } difference)
                return difference;
        }
        foreach ((StateEntry a, StateEntry b) in straight.Optimizer.State.Zip(second.Optimizer.State))
        {
            if (!a.Bytes.SequenceEqual(b.Bytes))
                return $"state '{a.Name}' differs after step {steps}, taken up after step {at}";
        }
        return null;
    }

    // The gradient of the second parameter is missing, or of the only one.
    private string? WithoutGradient(TestProblem problem, int steps)
    {
        int without = Math.Min(1, problem.Shapes.Count - 1);
        TestRun<double> run = new(definition, values, problem);
        run.Go(0, steps, (_, _) => false);
        ParameterInfo info = problem.Shapes[without];
        double[] before = [.. run.Parameters[without].Values];
        StateTensor[] state = [.. run.Optimizer.State.Where(e => e.Owner == info.Name).Select(e => e.ToTensor())];
        run.Go(steps, steps + 3, (_, p) => p == without);
        int moved = before.AsSpan().CommonPrefixLength(run.Parameters[without].Values);
        if (moved < before.Length)
            return $"'{info}' element {moved} moved without a gradient in steps {steps + 1} to {steps + 3}";
        foreach (StateTensor tensor in state)
        {
            if (!run.Optimizer.State.First(e => e.Name == tensor.Name).Bytes.SequenceEqual(tensor.Bytes.Span))
                return $"state '{tensor.Name}' changed without a gradient in steps {steps + 1} to {steps + 3}";
        }
        long updates = run.Optimizer.Updates;
        run.Go(steps + 3, steps + 4, (_, _) => true);
        return run.Optimizer.Updates != updates ? $"step {steps + 4}, without any gradient, was counted" : null;
    }

    private string? WithAnotherRate(TestProblem problem, int steps)
    {
        TestRun<double> run = new(definition, values, problem);
        run.Go(0, steps, Absent);
        double rate = run.Optimizer.Groups[0][Rate!.Name] / 2;
        TestRun<double> other = run.TakenUp(definition, new(values ?? []) { { Rate.Name, rate } });
        foreach (OptimizerGroup group in run.Optimizer.Groups)
            group.Set(Rate.Name, rate);
        run.Go(steps, steps + 2, Absent);
        other.Go(steps, steps + 2, Absent);
        return Difference(run.Parameters, other.Parameters, $"after step {steps + 2}, where {Rate.Name} was halved after step {steps} and where it had been so from the beginning");
    }
}
