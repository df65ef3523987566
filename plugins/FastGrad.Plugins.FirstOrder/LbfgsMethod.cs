using System.Numerics;
using FastGrad.Kernels.Reductions;
using FastGrad.Optimization;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>The method of <see cref="Lbfgs"/>. All vectors are slots, one part a parameter; sums over parameters are in binary64.</summary>
internal sealed class LbfgsMethod<T>(LbfgsOptions configured) : UpdateMethod<T, LbfgsOptions>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Slots of a parameter. In the line search the gradients at the interval's ends lie in End0 and End1.
    private const int S = 0, Y = 1, Direction = 2, Previous = 3, Gradient = 4, Start = 5, End0 = 6, End1 = 7;

    // Shared slots: reals, then integers.
    private const int Rho = 0, Scale = 1, Length = 2, Iteration = 3, Evaluations = 4, Pairs = 5, Active = 6;

    private const double LeastCurvature = 1e-10;

    private readonly int _history = (int)configured.History;

    public override void Declare(ParameterInfo parameter, SlotSet slots)
    {
        slots.Add("old_stps", [_history, .. parameter.Shape]);
        slots.Add("old_dirs", [_history, .. parameter.Shape]);
        slots.Like("d");
        slots.Like("prev_flat_grad");
        slots.ScratchLike("flat_grad");
        slots.ScratchLike("start");
        slots.ScratchLike("end0");
        slots.ScratchLike("end1");
    }

    public override void DeclareShared(SlotSet slots)
    {
        slots.AddFloat64("ro", _history);
        slots.AddFloat64("H_diag");
        slots.AddFloat64("t");
        slots.AddInt64("n_iter");
        slots.AddInt64("func_evals");
        slots.AddInt64("pairs");
        slots.AddInt64("active");
    }

    public override void Step(in StepContext<T, LbfgsOptions> step)
    {
        LbfgsOptions o = step.Options;
        StateBlock<T> shared = step.Shared;
        ref long iteration = ref shared.Int64(Iteration)[0], pairs = ref shared.Int64(Pairs)[0];
        ref double length = ref shared.Float64(Length)[0];
        ForgetOtherParameters(step);

        double loss = step.Loss;
        long evaluations = 1, most = o.Evaluations > 0 ? o.Evaluations : o.Iterations * 5 / 4;
        TakeGradient(step, Gradient);
        for (int n = 1; n <= o.Iterations && Largest(step, Gradient) > o.GradientTolerance; n++)
        {
            if (++iteration == 1)
            {
                pairs = 0;
                shared.Float64(Scale)[0] = 1;
            }
            else
            {
                Remember(step, length, ref pairs);
            }
            FindDirection(step, pairs);
            foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            {
                parameter.Slots[Gradient].CopyTo(parameter.Slots[Previous]);
                parameter.Value.CopyTo(parameter.Slots[Start]);
            }
            double before = loss, slope = Dot(step, Gradient, Direction);
            length = iteration == 1 ? Math.Min(1, 1 / SumOfAbsolutes(step)) * o.LearningRate : o.LearningRate;
            if (slope > -o.ChangeTolerance)
                break;
            if (o.LineSearch == "strong_wolfe")
            {
                (length, loss, long tried) = WolfeSearch.Run(new Line(step), loss, slope, length, Largest(step, Direction));
                evaluations += tried;
                MoveTo(step, length);
            }
            else
            {
                MoveTo(step, length);
                if (n < o.Iterations) // nobody asks for the last one
                {
                    loss = step.Reevaluate();
                    TakeGradient(step, Gradient);
                    evaluations++;
                }
            }
            if (n == o.Iterations || evaluations >= most
                || length * Largest(step, Direction) <= o.ChangeTolerance || Math.Abs(loss - before) < o.ChangeTolerance)
                break;
        }
        shared.Int64(Evaluations)[0] += evaluations;
    }

    /// <summary>Pairs speak of one set of parameters; when another set has gradients, the history starts anew.</summary>
    private static void ForgetOtherParameters(in StepContext<T, LbfgsOptions> step)
    {
        long signature = 17;
        foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            signature = unchecked(signature * 1_000_003 + parameter.Index + 1);
        if (step.Shared.Int64(Active)[0] == signature)
            return;
        step.Shared.Int64(Active)[0] = signature;
        step.Shared.Int64(Iteration)[0] = 0;
    }

    private void Remember(in StepContext<T, LbfgsOptions> step, double length, ref long pairs)
    {
        foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
        {
            parameter.Slots[Gradient].CopyTo(parameter.Slots[End0]);
            step.Apply(new Blend<T>(1, -1), parameter.Slots[End0], parameter.Slots[Previous]);
            step.Apply(new Blend<T>(0, length), parameter.Slots[End1], parameter.Slots[Direction]);
        }
        double curvature = Dot(step, End0, End1);
        if (curvature <= LeastCurvature)
            return;
        int row = (int)(pairs++ % _history);
        foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
        {
            parameter.Slots[End0].CopyTo(Row(parameter, Y, row));
            parameter.Slots[End1].CopyTo(Row(parameter, S, row));
        }
        step.Shared.Float64(Rho)[row] = 1 / curvature;
        step.Shared.Float64(Scale)[0] = curvature / Dot(step, End0, End0);
    }

    private void FindDirection(in StepContext<T, LbfgsOptions> step, long pairs)
    {
        Span<double> rho = step.Shared.Float64(Rho), alpha = stackalloc double[_history];
        foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            step.Apply(new Blend<T>(0, -1), parameter.Slots[Direction], parameter.Slots[Gradient]);
        long oldest = Math.Max(0, pairs - _history);
        for (long k = pairs - 1; k >= oldest; k--)
        {
            int row = (int)(k % _history);
            alpha[row] = rho[row] * DotRow(step, S, row);
            Add(step, -alpha[row], Y, row);
        }
        foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            step.Apply(new Blend<T>(0, step.Shared.Float64(Scale)[0]), parameter.Slots[Direction], parameter.Slots[Direction]);
        for (long k = oldest; k < pairs; k++)
        {
            int row = (int)(k % _history);
            Add(step, alpha[row] - rho[row] * DotRow(step, Y, row), S, row);
        }
    }

    private static void MoveTo(in StepContext<T, LbfgsOptions> step, double length)
    {
        foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
        {
            parameter.Slots[Start].CopyTo(parameter.Value);
            step.Apply(new Blend<T>(1, length), parameter.Value, parameter.Slots[Direction]);
        }
    }

    private static void TakeGradient(in StepContext<T, LbfgsOptions> step, int slot)
    {
        foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            parameter.Gradient.CopyTo(parameter.Slots[slot]);
    }

    private static Span<T> Row(ParameterState<T, LbfgsOptions> parameter, int slot, int row) =>
        parameter.Slots[slot].Slice(row * parameter.Info.Count, parameter.Info.Count);

    private static void Add(in StepContext<T, LbfgsOptions> step, double factor, int slot, int row)
    {
        foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            step.Apply(new Blend<T>(1, factor), parameter.Slots[Direction], Row(parameter, slot, row));
    }

    private static double DotRow(in StepContext<T, LbfgsOptions> step, int slot, int row)
    {
        double sum = 0;
        foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            sum += double.CreateTruncating(FastGrad.Kernels.Reductions.Dot.Of<T>(Row(parameter, slot, row), parameter.Slots[Direction]));
        return sum;
    }

    private static double Dot(in StepContext<T, LbfgsOptions> step, int a, int b)
    {
        double sum = 0;
        foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            sum += double.CreateTruncating(FastGrad.Kernels.Reductions.Dot.Of<T>(parameter.Slots[a], parameter.Slots[b]));
        return sum;
    }

    private static double SumOfAbsolutes(in StepContext<T, LbfgsOptions> step)
    {
        double sum = 0;
        foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            sum += double.CreateTruncating(SumOfAbs.Of<T>(parameter.Slots[Gradient]));
        return sum;
    }

    private static double Largest(in StepContext<T, LbfgsOptions> step, int slot)
    {
        double largest = 0;
        foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            largest = Math.Max(largest, double.CreateTruncating(MaxAbs.Of<T>(parameter.Slots[slot])));
        return largest;
    }

    /// <summary>The loss along the direction, from the start.</summary>
    private readonly ref struct Line(in StepContext<T, LbfgsOptions> step) : ILine
    {
        private readonly StepContext<T, LbfgsOptions> _step = step;

        public (double Loss, double Slope) Evaluate(double length)
        {
            MoveTo(_step, length);
            double loss = _step.Reevaluate(), slope = 0;
            foreach (ParameterState<T, LbfgsOptions> parameter in _step.Parameters)
                slope += double.CreateTruncating(FastGrad.Kernels.Reductions.Dot.Of<T>(parameter.Gradient, parameter.Slots[Direction]));
            return (loss, slope);
        }

        public void Keep(int end) => TakeGradient(_step, End0 + end);

        public void Take(int end)
        {
            foreach (ParameterState<T, LbfgsOptions> parameter in _step.Parameters)
                parameter.Slots[end < 0 ? Previous : End0 + end].CopyTo(parameter.Slots[Gradient]);
        }
    }
}
