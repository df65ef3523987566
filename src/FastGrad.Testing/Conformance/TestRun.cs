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
