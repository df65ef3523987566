using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Testing.Conformance;

namespace FastGrad.Optimization.Tests.Proof;

/// <summary>Zhang et al. 2019, arXiv:1907.08610, algorithm 1: a wrapper with state of its own, by public API alone.</summary>
public sealed class Lookahead : Optimizer<double>
{
    private readonly Optimizer<double> _inner;
    private readonly double[][] _slow;
    private readonly int _every;
    private readonly double _share;

    public Lookahead(Optimizer<double> inner, int every, double share)
    {
        (_inner, _every, _share) = (inner, every, share);
        _slow = [.. inner.Parameters.Select(p => p.Value.ToArray())];
        State = [.. inner.State, .. inner.Parameters.Select((p, i) => StateEntry.Of(p.Info.Name, "slow", p.Info.Shape, _slow[i].AsMemory()))];
    }

    public override string Name => $"lookahead({_inner.Name})";

    public override OptimizerNeeds Needs => _inner.Needs;

    public override IReadOnlyList<IParameter<double>> Parameters => _inner.Parameters;

    public override IReadOnlyList<OptimizerGroup> Groups => _inner.Groups;

    public override long Updates => _inner.Updates;

    public override IReadOnlyList<StateEntry> State { get; }

    public override StepReport Step(Objective<double>? objective = null)
    {
        StepReport report = _inner.Step(objective);
        if (!report.Applied || Updates % _every != 0)
            return report;
        for (int p = 0; p < _slow.Length; p++)
        {
            Span<double> fast = Parameters[p].Value;
            for (int i = 0; i < fast.Length; i++)
                fast[i] = _slow[p][i] += _share * (fast[i] - _slow[p][i]);
        }
        return report;
    }
}

public class WrapperProof
{
    [Fact]
    public void A_wrapper_steps_saves_and_resumes()
    {
        TestProblem problem = TestProblem.Mixed();
        ArrayParameter<double>[] straight = problem.Parameters<double>(), resumed = problem.Parameters<double>();
        Lookahead whole = Wrap(straight), part = Wrap(resumed);
        double[][] fast = problem.Start(), slow = problem.Start();
        for (int step = 0; step < 20; step++)
        {
            problem.WriteGradients(straight, step);
            whole.Step();
            if (step == 11)
            {
                StateTensor[] saved = [.. part.State.Select(e => e.ToTensor())];
                part = Wrap(resumed); // its slow weights start from the fast ones: loading must mend that
                part.LoadState(saved);
            }
            problem.WriteGradients(resumed, step);
            part.Step();

            double[][] gradient = problem.Gradient(fast, step);
            for (int p = 0; p < fast.Length; p++)
            {
                for (int i = 0; i < fast[p].Length; i++)
                {
                    fast[p][i] -= 0.1 * gradient[p][i];
                    if ((step + 1) % 5 == 0)
                        fast[p][i] = slow[p][i] = slow[p][i] + 0.5 * (fast[p][i] - slow[p][i]);
                    Assert.Equal(fast[p][i], straight[p].Values[i], 1e-11);
                }
                Assert.Equal(straight[p].Values, resumed[p].Values);
            }
        }
    }

    private static Lookahead Wrap(ArrayParameter<double>[] parameters) =>
        new(new Sgd().Create<double>(parameters, new SgdOptions { LearningRate = 0.1 }), every: 5, share: 0.5);
}
