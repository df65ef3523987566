using System.Numerics;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization.Tests.Proof;

public sealed record LbfgsOptions
{
    public double LearningRate { get; set; } = 1;

    public long History { get; set; } = 4;

    public static OptionTable<LbfgsOptions> Table { get; } = new OptionTable<LbfgsOptions>("lbfgs")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.Positive, "first step tried", OptionMeaning.LearningRate)
        .Integer("history", o => o.History, (o, v) => o.History = v, new(1, 100), "pairs kept");
}

/// <summary>
/// Limited-memory BFGS: Nocedal and Wright 2006, algorithms 7.4 and 7.5, with halving until Armijo's condition (3.4) holds. Needs the
/// loss, re-evaluation within a step, state with an extra dimension, and integers. Pairs speak of one set of parameters: when that set
/// changes, they are dropped.
/// </summary>
public sealed class Lbfgs : OptimizerDefinition<LbfgsOptions>
{
    private const double Armijo = 1e-4, LeastCurvature = 1e-10;
    private const int Halvings = 12;

    public override string Name => "lbfgs";

    public override string Source => "Nocedal and Wright 2006, Numerical Optimization, section 7.2";

    public override OptimizerTraits Traits => OptimizerTraits.None;

    public override Coupling Coupling => Coupling.All;

    public override OptimizerNeeds Needs => OptimizerNeeds.Loss | OptimizerNeeds.Reevaluate;

    public override OptionTable<LbfgsOptions> Options => LbfgsOptions.Table;

    protected override UpdateMethod<float, LbfgsOptions> Single(OptimizerConfiguration<LbfgsOptions> configuration) => new Method<float>((int)configuration.Options.History);

    protected override UpdateMethod<double, LbfgsOptions> Double(OptimizerConfiguration<LbfgsOptions> configuration) => new Method<double>((int)configuration.Options.History);

    protected override ReferenceOptimizer Reference(LbfgsOptions options, IReadOnlyList<ParameterInfo> parameters) => new Scalar(options);

    private sealed class Method<T>(int history) : UpdateMethod<T, LbfgsOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int S = 0, Y = 1, Direction = 2, Before = 3, Gradient = 4; // of a parameter
        private const int Rho = 0, Gamma = 1, Count = 2, Active = 3;             // shared

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Add("s", [history, .. parameter.Shape]);
            slots.Add("y", [history, .. parameter.Shape]);
            slots.ScratchLike("direction");
            slots.ScratchLike("before");
            slots.ScratchLike("gradient");
        }

        public override void DeclareShared(SlotSet slots)
        {
            slots.AddFloat64("rho", history);
            slots.AddFloat64("gamma");
            slots.AddInt64("count");
            slots.AddInt64("active");
        }

        public override void Step(in StepContext<T, LbfgsOptions> step)
        {
            ref long count = ref step.Shared.Int64(Count)[0];
            ref long active = ref step.Shared.Int64(Active)[0];
            long signature = 0;
            foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
                signature = signature * 31 + parameter.Index + 1;
            if (signature != active)
                (active, count) = (signature, 0);

            double loss = step.Loss, slope = FindDirection(step, count);
            double rate = step.Options.LearningRate;
            for (int halving = 0; ; halving++, rate /= 2)
            {
                foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
                {
                    parameter.Slots[Before].CopyTo(parameter.Value);
                    step.Apply(new Descend<T>(-rate), parameter, parameter.Slots[Direction], Before);
                }
                if (step.Reevaluate() <= loss + Armijo * rate * slope || halving == Halvings)
                    break;
            }
            Remember(step, ref count);
        }

        /// <summary>−H·g by the two loops; the slope g·d.</summary>
        private double FindDirection(in StepContext<T, LbfgsOptions> step, long count)
        {
            Span<double> rho = step.Shared.Float64(Rho), alpha = stackalloc double[history];
            foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            {
                parameter.Value.CopyTo(parameter.Slots[Before]);
                parameter.Gradient.CopyTo(parameter.Slots[Gradient]);
                parameter.Gradient.CopyTo(parameter.Slots[Direction]);
            }
            long oldest = Math.Max(0, count - history);
            for (long k = count - 1; k >= oldest; k--)
            {
                int row = (int)(k % history);
                alpha[row] = rho[row] * Dot(step, S, row, Direction);
                Add(step, -alpha[row], Y, row);
            }
            double scale = count == 0 ? 1 : step.Shared.Float64(Gamma)[0];
            foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            {
                foreach (ref T element in parameter.Slots[Direction])
                    element *= T.CreateTruncating(scale);
            }
            for (long k = oldest; k < count; k++)
            {
                int row = (int)(k % history);
                Add(step, alpha[row] - rho[row] * Dot(step, Y, row, Direction), S, row);
            }
            double slope = 0;
            foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            {
                foreach (ref T element in parameter.Slots[Direction])
                    element = -element;
                slope += Dot(parameter.Slots[Gradient], parameter.Slots[Direction]);
            }
            return slope;
        }

        private void Remember(in StepContext<T, LbfgsOptions> step, ref long count)
        {
            int row = (int)(count % history);
            double curvature = 0, length = 0;
            foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            {
                Span<T> s = Row(parameter, S, row), y = Row(parameter, Y, row);
                for (int i = 0; i < s.Length; i++)
                {
                    s[i] = parameter.Value[i] - parameter.Slots[Before][i];
                    y[i] = parameter.Gradient[i] - parameter.Slots[Gradient][i];
                }
                curvature += Dot(s, y);
                length += Dot(y, y);
            }
            if (curvature <= LeastCurvature)
            {
                count = 0; // the row written may have been the oldest of use: start again
                return;
            }
            step.Shared.Float64(Rho)[row] = 1 / curvature;
            step.Shared.Float64(Gamma)[0] = curvature / length;
            count++;
        }

        private Span<T> Row(ParameterState<T, LbfgsOptions> parameter, int slot, int row) =>
            parameter.Slots[slot].Slice(row * parameter.Info.Count, parameter.Info.Count);

        private double Dot(in StepContext<T, LbfgsOptions> step, int slot, int row, int other)
        {
            double sum = 0;
            foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
                sum += Dot(Row(parameter, slot, row), parameter.Slots[other]);
            return sum;
        }

        private void Add(in StepContext<T, LbfgsOptions> step, double factor, int slot, int row)
        {
            foreach (ParameterState<T, LbfgsOptions> parameter in step.Parameters)
            {
                Span<T> direction = parameter.Slots[Direction], added = Row(parameter, slot, row);
                for (int i = 0; i < direction.Length; i++)
                    direction[i] += T.CreateTruncating(factor) * added[i];
            }
        }

        private static double Dot(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        {
            double sum = 0;
            for (int i = 0; i < a.Length; i++)
                sum += double.CreateTruncating(a[i]) * double.CreateTruncating(b[i]);
            return sum;
        }
    }

    /// <summary>The same on one flat vector, with the inverse Hessian as an explicit matrix (7.16): no two loops.</summary>
    private sealed class Scalar(LbfgsOptions o) : ReferenceOptimizer
    {
        private readonly List<(double[] S, double[] Y)> _pairs = [];
        private string _active = "";

        public override void Step(double[][] x, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            string active = string.Join(",", gradients.Select(g => g is null ? 0 : 1));
            if (active != _active)
                _pairs.Clear();
            _active = active;
            double[] at = Flat(x), g = Flat([.. gradients.Select((v, p) => v ?? new double[x[p].Length])]);
            int n = at.Length;
            bool[] moves = [.. gradients.SelectMany((v, p) => Enumerable.Repeat(v is not null, x[p].Length))];

            double[,] h = new double[n, n];
            double gamma = _pairs.Count == 0 ? 1 : Dot(_pairs[^1].S, _pairs[^1].Y) / Dot(_pairs[^1].Y, _pairs[^1].Y);
            for (int i = 0; i < n; i++)
                h[i, i] = gamma;
            foreach ((double[] s, double[] y) in _pairs)
            {
                double rho = 1 / Dot(s, y);
                double[,] v = new double[n, n];
                for (int i = 0; i < n; i++)
                {
                    for (int j = 0; j < n; j++)
                        v[i, j] = (i == j ? 1 : 0) - rho * y[i] * s[j];
                }
                double[,] updated = Product(Product(v, h, transposeFirst: true), v, transposeFirst: false);
                for (int i = 0; i < n; i++)
                {
                    for (int j = 0; j < n; j++)
                        updated[i, j] += rho * s[i] * s[j];
                }
                h = updated;
            }
            double[] d = [.. Enumerable.Range(0, n).Select(i => -Enumerable.Range(0, n).Sum(j => h[i, j] * g[j]))];
            double loss = objective!.Loss(), slope = Dot(g, d), rate = o.LearningRate;
            for (int halving = 0; ; halving++, rate /= 2)
            {
                Write([.. at.Select((v, i) => moves[i] ? v + rate * d[i] : v)], x);
                if (objective.Loss() <= loss + Armijo * rate * slope || halving == Halvings)
                    break;
            }
            double[] after = Flat(objective.Gradients());
            double[] step = [.. Flat(x).Select((v, i) => v - at[i])];
            double[] change = [.. after.Select((v, i) => moves[i] ? v - g[i] : 0)];
            if (Dot(step, change) <= LeastCurvature)
            {
                _pairs.Clear();
                return;
            }
            _pairs.Add((step, change));
            if (_pairs.Count > o.History)
                _pairs.RemoveAt(0);
        }

        private static double[] Flat(double[][] x) => [.. x.SelectMany(v => v)];

        private static double Dot(double[] a, double[] b) => a.Zip(b).Sum(p => p.First * p.Second);

        private static void Write(double[] flat, double[][] x)
        {
            int k = 0;
            foreach (double[] part in x)
            {
                for (int i = 0; i < part.Length; i++)
                    part[i] = flat[k++];
            }
        }

        private static double[,] Product(double[,] a, double[,] b, bool transposeFirst)
        {
            int n = a.GetLength(0);
            double[,] c = new double[n, n];
            for (int i = 0; i < n; i++)
            {
                for (int k = 0; k < n; k++)
                {
                    double factor = transposeFirst ? a[k, i] : a[i, k];
                    for (int j = 0; j < n; j++)
                        c[i, j] += factor * b[k, j];
                }
            }
            return c;
        }
    }
}
