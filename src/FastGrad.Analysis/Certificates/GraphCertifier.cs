using FastGrad.Analysis.Intervals;
using FastGrad.Autograd;
using FastGrad.Kernels.Philox;

namespace FastGrad.Analysis.Certificates;

/// <summary>Tells whether a computation on tensors, such as a model's loss, is convex in some of its tensors.</summary>
/// <remarks>
/// The computation is captured and walked once by the rules of composition, each fact holding for every element of a tensor. Where no rule
/// holds, segments between random points are tried: one whose inner value exceeds the chord by more than rounding can explain refutes it.
/// What is neither is unknown.
/// </remarks>
public static class GraphCertifier
{
    private const int Trials = 400;

    /// <summary>A violation counts from here on, relative to the values' magnitudes: far above the rounding of any sum of a million terms.</summary>
    private const double Slack = 1e-9;

    private static readonly PhiloxStream s_random = new(Seed: 2024, Stream: 2);

    /// <summary>The verdict on a computation.</summary>
    /// <param name="loss">The computation: one number from tensors, among them the variables.</param>
    /// <param name="variables">The tensors in which it may be convex, jointly, each with a name. Their elements are changed while segments are tried, and restored.</param>
    /// <returns>The verdict. A counterexample names elements: <c>0.weight[3]</c>.</returns>
    /// <exception cref="ArgumentException">There is no variable, or the result is no single number.</exception>
    /// <exception cref="InvalidOperationException">The computation reads elements, so that it cannot be captured.</exception>
    public static ConvexityCertificate Certify(Func<Tensor<double>> loss, IReadOnlyList<(string Name, Tensor<double> Tensor)> variables)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(variables);
        if (variables.Count == 0)
            throw new ArgumentException("No variables; expected at least one tensor.", nameof(variables));
        using var _ = new NoGrad();
        if (loss() is { Length: not 1 } wrong)
            throw new ArgumentException($"The result has shape {wrong.Shape}; expected one number.", nameof(loss));
        ComputationGraph<double> graph = Capture.Graph(loss);
        (Verdict verdict, List<ProofStep> proof) = Prove(graph, [.. variables.Select(v => graph.ValueOf(v.Tensor))]);
        JensenViolation? counterexample = verdict == Verdict.Unknown ? Search(loss, variables) : null;
        Dictionary<string, Verdict> alone = [];
        foreach ((string name, Tensor<double> tensor) in variables)
            alone[name] = variables.Count == 1 ? verdict : Prove(graph, [graph.ValueOf(tensor)]).Verdict;
        return new(counterexample is null ? verdict : Verdict.NotConvex, proof, counterexample, alone);
    }

    private static (Verdict Verdict, List<ProofStep> Proof) Prove(ComputationGraph<double> graph, int[] variables)
    {
        Dictionary<int, Fact> facts = [];
        List<ProofStep> proof = [];
        HashSet<int> written = [.. graph.Operations.Select(operation => operation.OutputValue)];
        foreach (GraphOperation<double> operation in graph.Operations)
        {
            Fact[] f = [.. operation.InputValues.Select((value, i) => FactOf(value, i < operation.Inputs.Count ? operation.Inputs[i] : null))];
            if (operation.OutputValue < 0)
            {
                // What is found from elements, such as an order or a mask, steers operations that do not show it.
                if (f.Any(part => !part.IsConstant))
                    return (Verdict.Unknown, [.. proof, new(operation.Name, Bend.Unknown, "what is found from elements that vary")]);
                continue;
            }
            (Fact fact, string rule) = GraphRules.Of(operation, f);
            facts[operation.OutputValue] = facts.TryGetValue(operation.OutputValue, out Fact before) ? Worse(before, fact) : fact;
            if (!fact.IsConstant && rule != "elements in other places")
                proof.Add(new($"{operation.Name} {operation.OutputShape}", fact.Bend, rule));
        }
        Bend bend = facts.TryGetValue(graph.Result, out Fact result) ? result.Bend : variables.Contains(graph.Result) ? Bend.Affine : Bend.Unknown;
        return (bend switch { Bend.Affine => Verdict.Affine, Bend.Convex => Verdict.Convex, Bend.Concave => Verdict.Concave, _ => Verdict.Unknown }, proof);

        Fact FactOf(int value, Tensor<double>? tensor)
        {
            if (facts.TryGetValue(value, out Fact known))
                return known;
            if (variables.Contains(value))
                return Fact.Variable(Interval.All);
            return Fact.Constant(tensor is not null && !written.Contains(value) ? RangeOf(tensor) : Interval.All);
        }
    }

    // Two operations that write one piece of memory: what both allow.
    private static Fact Worse(Fact a, Fact b) => new(a.Bend & b.Bend, a.Range.Union(b.Range)) { IsConstant = a.IsConstant && b.IsConstant };

    private static Interval RangeOf(Tensor<double> tensor)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in tensor.ToArray())
        {
            if (double.IsNaN(value))
                return Interval.All;
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        return low <= high ? new(low, high) : Interval.All;
    }

    private static JensenViolation? Search(Func<Tensor<double>> loss, IReadOnlyList<(string Name, Tensor<double> Tensor)> variables)
    {
        double[][] kept = [.. variables.Select(v => v.Tensor.ToArray())];
        try
        {
            double[][] x = [.. kept.Select(values => new double[values.Length])], y = [.. kept.Select(values => new double[values.Length])];
            ulong at = 0;
            for (int trial = 0; trial < Trials; trial++)
            {
                // Coarse numbers of a few magnitudes: what refutes can be written down. Every other segment changes signs only, as hidden units may.
                double size = 1 << (trial / 2 % 4);
                for (int k = 0; k < x.Length; k++)
                {
                    for (int i = 0; i < x[k].Length; i++)
                    {
                        x[k][i] = size * (Math.Floor(9 * s_random.UniformDouble(at++)) - 4) / 4;
                        y[k][i] = trial % 2 == 1 ? -x[k][i] : size * (Math.Floor(9 * s_random.UniformDouble(at++)) - 4) / 4;
                    }
                }
                double fx = At(x), fy = At(y), inner = At([.. x.Zip(y, (a, b) => a.Zip(b, (p, q) => p / 2 + q / 2).ToArray())]), chord = fx / 2 + fy / 2;
                if (double.IsFinite(fx) && double.IsFinite(fy) && inner - chord > Slack * (Math.Abs(fx) + Math.Abs(fy) + Math.Abs(inner)))
                    return new(Named(x), Named(y), 0.5, inner, chord);
            }
            return null;
        }
        finally
        {
            Set(kept);
        }

        double At(double[][] point)
        {
            Set(point);
            try
            {
                return loss().Item();
            }
            catch (ArgumentOutOfRangeException)
            {
                return double.NaN; // a loss may refuse what lies outside of its domain, such as a negative probability
            }
        }

        void Set(double[][] point)
        {
            for (int k = 0; k < point.Length; k++)
                point[k].CopyTo(variables[k].Tensor.AsSpan());
        }

        Dictionary<string, double> Named(double[][] point) =>
            new(variables.SelectMany((v, k) => point[k].Select((value, i) => KeyValuePair.Create(v.Tensor.Length == 1 ? v.Name : $"{v.Name}[{i}]", value))));
    }
}
