using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Testing.Conformance;

/// <summary>An optimizer on its way through a problem.</summary>
internal sealed class TestRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TestProblem _problem;
    private readonly Objective<T> _objective;
    private int _step;

    public TestRun(OptimizerDefinition definition, OptionValues? values, TestProblem problem)
    {
        _problem = problem;
        Parameters = problem.Parameters<T>();
        Optimizer = definition.Create<T>(Parameters, values);
        _objective = problem.Objective(Parameters, () => _step);
    }

    public ArrayParameter<T>[] Parameters { get; }

    public Optimizer<T> Optimizer { get; }

    /// <summary>A new instance with this one's values and state.</summary>
    public TestRun<T> TakenUp(OptimizerDefinition definition, OptionValues? values)
    {
        TestRun<T> other = new(definition, values, _problem);
        for (int p = 0; p < Parameters.Length; p++)
            Parameters[p].Values.CopyTo(other.Parameters[p].Values, 0);
        other.Optimizer.LoadState([.. Optimizer.State.Select(e => e.ToTensor())]);
        return other;
    }

    public void Go(int from, int to, Func<int, int, bool> absent)
    {
        for (_step = from; _step < to; _step++)
        {
            _problem.WriteGradients(Parameters, _step);
            for (int p = 0; p < Parameters.Length; p++)
            {
                if (absent(_step, p))
                    Parameters[p].Gradient = null;
            }
            Optimizer.Step(_objective);
        }
    }
}
