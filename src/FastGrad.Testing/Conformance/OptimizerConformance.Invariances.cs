using FastGrad.Kernels.Workers;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Testing.Conformance;

/// <summary>Laws of invariance: what must not change a bit.</summary>
public sealed partial class OptimizerConformance
{
    private static readonly int[] s_lengths = [2, 3, 5, 9, 17, 33];

    /// <summary>One thread and several give the same bits.</summary>
    public void SameBitsOnThreads()
    {
        using WorkerTeam team = new(3);
        Hold(
            "same bits on threads",
            new TestProblem([new("large", [300, 250]), new("small", [3])]),
            new[] { 1, 100, 1000, 20_000, 40_000 }.Select(length => new TestProblem([new("x", [length])])),
            problem =>
            {
                TestRun<float> alone = new(definition, values, problem), together = new(definition, values, problem);
                together.Optimizer.Workers = team;
                for (int step = 0; step < 3; step++)
                {
                    alone.Go(step, step + 1, (_, _) => false);
                    together.Go(step, step + 1, (_, _) => false);
                    if (Difference(alone.Parameters, together.Parameters, $"after step {step + 1}, on one thread and on {team.Size}") is { } difference)
                        return difference;
                }
                return null;
            });
    }

    /// <summary>The parameters in reverse order give the same bits.</summary>
    public void OrderInvariance() => Hold("invariant to order", TestProblem.Mixed(), TestProblem.FromTheSmallest(), problem =>
    {
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
            if (Difference(run.Parameters, other, $"after step {step + 1}, with the parameters in order and in reverse") is { } difference)
                return difference;
        }
        return null;
    });

    /// <summary>A vector cut into three gives the bits of the whole.</summary>
    public void SplitInvariance() => Hold(
        "invariant to split", (int[])[0, 16, 53, 101], s_lengths.Select(length => (int[])[0, (length + 1) / 2, length]), Cut);

    /// <summary>With ε = 0 and no decay, gradients times 16 give the same bits.</summary>
    public void ScaleInvariance() => Hold("invariant to scale", 37, s_lengths.Prepend(1), Scaled);

    private string? Cut(int[] cuts)
    {
        int length = cuts[^1];
        double[] x = Values(1, length);
        ArrayParameter<double>[] whole = [new("whole", [.. x])];
        ArrayParameter<double>[] parts = [.. Enumerable.Range(0, cuts.Length - 1).Select(k => new ArrayParameter<double>($"part{k}", x[cuts[k]..cuts[k + 1]]))];
        Optimizer<double> a = definition.Create(whole, values), b = definition.Create(parts, values);
        for (int step = 0; step < 8; step++)
        {
            double[] g = Values(10 + (ulong)step, length);
            whole[0].Gradient = g;
            for (int k = 0; k < parts.Length; k++)
                parts[k].Gradient = g[cuts[k]..cuts[k + 1]];
            a.Step();
            b.Step();
            ArrayParameter<double>[] joined = [new("joined", [.. parts.SelectMany(p => p.Values)])];
            if (Difference(whole, joined, $"after step {step + 1}, in a vector of {length} and in parts of {string.Join(", ", parts.Select(p => p.Values.Length))}") is { } difference)
                return difference;
        }
        return null;
    }

    private string? Scaled(int length)
    {
        OptionValues free = values is null ? [] : new(values);
        foreach (OptionEntry entry in definition.Options)
        {
            if (entry.Name == "eps" || entry.Meaning == OptionMeaning.Decay)
                free.Add(entry.Name, 0.0);
        }
        ArrayParameter<double>[] a = [new("x", Values(1, length))], b = [new("x", Values(1, length))];
        Optimizer<double> plain = definition.Create(a, free), scaled = definition.Create(b, free);
        for (int step = 0; step < 10; step++)
        {
            a[0].Gradient = Values(10 + (ulong)step, length);
            b[0].Gradient = [.. a[0].Gradient!.Select(g => 16 * g)];
            plain.Step();
            scaled.Step();
            if (Difference(a, b, $"after step {step + 1}, with eps = 0 and no decay, with gradients and with 16 times them") is { } difference)
                return difference;
        }
        return null;
    }
}
