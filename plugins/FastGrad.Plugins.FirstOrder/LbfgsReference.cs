using FastGrad.Optimization;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>The recurrences of <see cref="Lbfgs"/> on one flat vector, with lists for the pairs.</summary>
internal sealed class LbfgsReference(LbfgsOptions o) : ReferenceOptimizer
{
    private readonly List<(double[] S, double[] Y, double Rho)> _pairs = [];
    private double[] _direction = [], _previous = [];
    private bool[] _active = [];
    private double _scale, _length;
    private long _iterations;

    public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
    {
        bool[] active = [.. gradients.Select(v => v is not null)];
        if (!active.SequenceEqual(_active))
            (_active, _iterations) = (active, 0);
        double[] g = [.. gradients.SelectMany((v, p) => v ?? new double[parameters[p].Length])];
        double loss = objective!.Loss();
        long evaluations = 1, most = o.Evaluations > 0 ? o.Evaluations : o.Iterations * 5 / 4;
        for (int n = 1; n <= o.Iterations && g.Max(Math.Abs) > o.GradientTolerance; n++)
        {
            if (++_iterations > 1)
                Remember(g);
            else
                Forget();
            _direction = Direction(g);
            _previous = g;
            double[][] start = [.. parameters.Select(v => v.ToArray())];
            double before = loss, slope = Dot(g, _direction);
            _length = _iterations == 1 ? Math.Min(1, 1 / g.Sum(Math.Abs)) * o.LearningRate : o.LearningRate;
            if (slope > -o.ChangeTolerance)
                break;
            if (o.LineSearch == "strong_wolfe")
            {
                Point found = Search(Evaluate, new(0, loss, g, slope), _length, _direction.Max(Math.Abs), ref evaluations);
                (_length, loss, g) = (found.T, found.F, found.G);
                Move(_length);
            }
            else if (n < o.Iterations)
            {
                (_, loss, g, _) = Evaluate(_length);
                evaluations++;
            }
            else
            {
                Move(_length);
            }
            if (evaluations >= most || _length * _direction.Max(Math.Abs) <= o.ChangeTolerance || Math.Abs(loss - before) < o.ChangeTolerance)
                break;

            void Move(double t)
            {
                int k = 0;
                for (int p = 0; p < start.Length; p++)
                {
                    for (int i = 0; i < start[p].Length; i++, k++)
                        parameters[p][i] = start[p][i] + t * _direction[k];
                }
            }

            Point Evaluate(double t)
            {
                Move(t);
                double[] at = [.. objective.Gradients().SelectMany((v, p) => v.Select(x => _active[p] ? x : 0))];
                return new(t, objective.Loss(), at, Dot(at, _direction));
            }
        }
    }

    private void Forget()
    {
        _pairs.Clear();
        _scale = 1;
    }

    private void Remember(double[] g)
    {
        double[] y = [.. g.Select((v, i) => v - _previous[i])], s = [.. _direction.Select(v => v * _length)];
        double curvature = Dot(y, s);
        if (curvature <= 1e-10)
            return;
        if (_pairs.Count == o.History)
            _pairs.RemoveAt(0);
        _pairs.Add((s, y, 1 / curvature));
        _scale = curvature / Dot(y, y);
    }

    private double[] Direction(double[] g)
    {
        double[] q = [.. g.Select(v => -v)];
        double[] alpha = new double[_pairs.Count];
        for (int k = _pairs.Count - 1; k >= 0; k--)
        {
            alpha[k] = Dot(_pairs[k].S, q) * _pairs[k].Rho;
            q = [.. q.Select((v, i) => v - alpha[k] * _pairs[k].Y[i])];
        }
        q = [.. q.Select(v => v * _scale)];
        for (int k = 0; k < _pairs.Count; k++)
        {
            double beta = Dot(_pairs[k].Y, q) * _pairs[k].Rho;
            q = [.. q.Select((v, i) => v + (alpha[k] - beta) * _pairs[k].S[i])];
        }
        return q;
    }

    private Point Search(Func<double, Point> evaluate, Point start, double t, double largest, ref long evaluations)
    {
        const int most = 25;
        Point previous = start, point = evaluate(t);
        evaluations++;
        int iteration = 0;
        Point[] bracket;
        bool done = false;
        while (true)
        {
            if (iteration == most)
            {
                bracket = [start, point];
                break;
            }
            bracket = [previous, point];
            if (point.F > start.F + 1e-4 * point.T * start.D || (iteration > 1 && point.F >= previous.F))
                break;
            if (Math.Abs(point.D) <= -0.9 * start.D)
            {
                (bracket, done) = ([point, point], true);
                break;
            }
            if (point.D >= 0)
                break;
            double next = Cubic(previous, point, point.T + 0.01 * (point.T - previous.T), point.T * 10);
            (previous, point) = (point, evaluate(next));
            evaluations++;
            iteration++;
        }
        bool insufficient = false;
        int low = bracket[0].F <= bracket[1].F ? 0 : 1;
        while (!done && iteration < most)
        {
            double min = Math.Min(bracket[0].T, bracket[1].T), max = Math.Max(bracket[0].T, bracket[1].T);
            if ((max - min) * largest < 1e-9)
                break;
            t = Cubic(bracket[0], bracket[1], min, max);
            double margin = 0.1 * (max - min);
            if (Math.Min(max - t, t - min) >= margin)
            {
                insufficient = false;
            }
            else if (insufficient || t >= max || t <= min)
            {
                t = Math.Abs(t - max) < Math.Abs(t - min) ? max - margin : min + margin;
                insufficient = false;
            }
            else
            {
                insufficient = true;
            }
            point = evaluate(t);
            evaluations++;
            iteration++;
            if (point.F > start.F + 1e-4 * t * start.D || point.F >= bracket[low].F)
            {
                bracket[1 - low] = point;
                low = bracket[0].F <= bracket[1].F ? 0 : 1;
                continue;
            }
            if (Math.Abs(point.D) <= -0.9 * start.D)
                done = true;
            else if (point.D * (bracket[1 - low].T - bracket[low].T) >= 0)
                bracket[1 - low] = bracket[low];
            bracket[low] = point;
        }
        return bracket[low];
    }

    private static double Cubic(Point a, Point b, double low, double high)
    {
        double d1 = a.D + b.D - 3 * (a.F - b.F) / (a.T - b.T), square = d1 * d1 - a.D * b.D;
        if (!(square >= 0))
            return (low + high) / 2;
        double d2 = Math.Sqrt(square);
        double at = a.T <= b.T
            ? b.T - (b.T - a.T) * ((b.D + d2 - d1) / (b.D - a.D + 2 * d2))
            : a.T - (a.T - b.T) * ((a.D + d2 - d1) / (a.D - b.D + 2 * d2));
        return Math.Min(Math.Max(at, low), high);
    }

    private static double Dot(double[] a, double[] b) => a.Select((v, i) => v * b[i]).Sum();

    private sealed record Point(double T, double F, double[] G, double D);
}
