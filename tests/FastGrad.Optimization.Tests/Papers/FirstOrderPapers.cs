namespace FastGrad.Optimization.Tests.Papers;

/// <summary>The recurrences of first-order optimizers, from their papers, with the differences that PyTorch 2.10 documents.</summary>
public static class FirstOrderPapers
{
    public static IEnumerable<PaperCase> Cases =>
    [
        new("sgd", ["lr=0.05"], p => Each((x, g, t, i) => x - 0.05 * g)),
        new("sgd", ["lr=0.02", "momentum=0.9", "dampening=0.2", "weight_decay=0.1"], p =>
        {
            double[] b = new double[p.Count];
            return Each((x, g, t, i) => x - 0.02 * (b[i] = t == 1 ? g + 0.1 * x : 0.9 * b[i] + 0.8 * (g + 0.1 * x)));
        }),
        new("sgd", ["lr=0.02", "momentum=0.9", "nesterov=true"], p =>
        {
            // Sutskever et al. 2013, equations 3 and 4: v ← μv − εg(θ + μv), θ ← θ + v, in the point φ = θ + μv at which g is taken.
            double[] v = new double[p.Count];
            return Each((phi, g, t, i) =>
            {
                double theta = phi - 0.9 * v[i];
                v[i] = 0.9 * v[i] - 0.02 * g;
                return theta + v[i] + 0.9 * v[i];
            });
        }),
        new("sgd", ["lr=0.0003", "maximize=true"], p => Each((x, g, t, i) => x + 0.0003 * g)),
        new("asgd", ["lr=0.05", "lambd=0.01", "t0=20", "weight_decay=0.02"], p => Each((x, g, t, i) =>
        {
            double eta = 0.05 / Math.Pow(1 + 0.01 * 0.05 * (t - 1), 0.75);
            return x - eta * (g + 0.02 * x) - eta * 0.01 * x;
        })),
        new("adagrad", ["lr=0.1", "lr_decay=0.01", "initial_accumulator_value=0.2", "weight_decay=0.05"], p =>
        {
            List<double>[] past = [.. Enumerable.Range(0, p.Count).Select(_ => new List<double>())];
            return Each((x, g, t, i) =>
            {
                past[i].Add(g + 0.05 * x);
                return x - 0.1 / (1 + 0.01 * (t - 1)) * past[i][^1] / (Math.Sqrt(0.2 + past[i].Sum(v => v * v)) + 1e-10);
            });
        }),
        new("adadelta", ["lr=1.5", "rho=0.95", "eps=1e-5"], p =>
        {
            double[] eg = new double[p.Count], ed = new double[p.Count];
            return Each((x, g, t, i) =>
            {
                eg[i] = 0.95 * eg[i] + 0.05 * g * g;
                double dx = -Math.Sqrt(ed[i] + 1e-5) / Math.Sqrt(eg[i] + 1e-5) * g;
                ed[i] = 0.95 * ed[i] + 0.05 * dx * dx;
                return x + 1.5 * dx;
            });
        }),
        new("rmsprop", ["lr=0.01", "alpha=0.95", "eps=1e-6", "centered=true", "momentum=0.8", "weight_decay=0.01"], p =>
        {
            double[] n = new double[p.Count], a = new double[p.Count], b = new double[p.Count];
            return Each((x, g, t, i) =>
            {
                g += 0.01 * x;
                n[i] = 0.95 * n[i] + 0.05 * g * g;
                a[i] = 0.95 * a[i] + 0.05 * g;
                b[i] = 0.8 * b[i] + g / (Math.Sqrt(n[i] - a[i] * a[i]) + 1e-6);
                return x - 0.01 * b[i];
            });
        }),
        new("rprop", ["lr=0.02", "step_max=0.3"], p =>
        {
            double[] previous = new double[p.Count];
            double[] delta = [.. Enumerable.Repeat(0.02, p.Count)];
            return Each((x, g, t, i) =>
            {
                int turn = Math.Sign(g) * Math.Sign(previous[i]);
                if (turn > 0)
                    delta[i] = Math.Min(1.2 * delta[i], 0.3);
                if (turn < 0)
                    (delta[i], g) = (Math.Max(0.5 * delta[i], 1e-6), 0);
                previous[i] = g;
                return x - Math.Sign(g) * delta[i];
            });
        }),
        new("adam", ["lr=0.02", "beta1=0.8", "beta2=0.95", "weight_decay=0.1"], p => Adam(p, 0.02, 0.8, 0.95, 1e-8, coupled: 0.1, decoupled: 0)),
        new("adamw", ["lr=0.02", "beta1=0.8", "beta2=0.95", "weight_decay=0.1"], p => Adam(p, 0.02, 0.8, 0.95, 1e-8, coupled: 0, decoupled: 0.1)),
        new("adam", ["lr=0.02", "amsgrad=true", "beta2=0.9", "eps=1e-4"], p =>
        {
            double[] m = new double[p.Count], v = new double[p.Count], largest = new double[p.Count];
            return Each((x, g, t, i) =>
            {
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.9 * v[i] + 0.1 * g * g;
                largest[i] = Math.Max(largest[i], v[i]);
                return x - 0.02 * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(largest[i] / (1 - Math.Pow(0.9, t))) + 1e-4);
            });
        }),
        new("adamax", ["lr=0.02", "beta2=0.99", "eps=1e-6"], p =>
        {
            double[] m = new double[p.Count], u = new double[p.Count];
            return Each((x, g, t, i) =>
            {
                m[i] = 0.9 * m[i] + (1 - 0.9) * g;
                u[i] = Math.Max(0.99 * u[i], Math.Abs(g) + 1e-6);
                return x - 0.02 / (1 - Math.Pow(0.9, t)) * m[i] / u[i];
            });
        }),
        new("nadam", ["lr=0.02", "beta2=0.99", "momentum_decay=0.01", "weight_decay=0.05", "decoupled_weight_decay=true"], p =>
        {
            // Dozat 2016, algorithm 2: ĝ = g/(1 − Πμ), m̂ = m/(1 − Πμ·μₜ₊₁), m̄ = (1 − μₜ)ĝ + μₜ₊₁m̂.
            static double Mu(int t) => 0.9 * (1 - 0.5 * Math.Pow(0.96, 0.01 * t));
            double[] m = new double[p.Count], n = new double[p.Count];
            return Each((x, g, t, i) =>
            {
                double product = Enumerable.Range(1, t).Aggregate(1.0, (a, s) => a * Mu(s));
                m[i] = 0.9 * m[i] + 0.1 * g;
                n[i] = 0.99 * n[i] + 0.01 * g * g;
                double ahead = (1 - Mu(t)) * g / (1 - product) + Mu(t + 1) * m[i] / (1 - product * Mu(t + 1));
                return x * (1 - 0.02 * 0.05) - 0.02 * ahead / (Math.Sqrt(n[i] / (1 - Math.Pow(0.99, t))) + 1e-8);
            });
        }),
        new("radam", ["lr=0.02", "beta2=0.98", "weight_decay=0.05"], p => RAdam(p, 0.02, 0.9, 0.98, 1e-8, coupled: 0.05, decoupled: 0)),
        new("radam", ["lr=0.02", "beta2=0.98", "weight_decay=0.05", "decoupled_weight_decay=true"], p => RAdam(p, 0.02, 0.9, 0.98, 1e-8, coupled: 0, decoupled: 0.05)),
        new("adafactor", ["lr=0.25", "weight_decay=0.1", "d=0.7"], p =>
        {
            int n = p.Rows, m = p.Columns;
            double[] r = new double[n], c = new double[m];
            return (x, g, t, _) =>
            {
                // Shazeer and Stern 2018, algorithm 4, with sums in the place of means: the quotient is the same.
                double beta = 1 - Math.Pow(t, -0.8), epsilon = Math.Pow(2, -52);
                for (int i = 0; i < n; i++)
                    r[i] = beta * r[i] + (1 - beta) * Enumerable.Range(0, m).Sum(j => g[i * m + j] * g[i * m + j]);
                for (int j = 0; j < m; j++)
                    c[j] = beta * c[j] + (1 - beta) * Enumerable.Range(0, n).Sum(i => g[i * m + j] * g[i * m + j]);
                double[] u = [.. g.Select((v, k) => v / Math.Max(Math.Sqrt(r[k / m] * c[k % m] / r.Sum()), epsilon))];
                double alpha = Math.Max(1e-3, Rms(x)) * Math.Min(0.25, 1 / Math.Sqrt(t)), clip = Math.Max(1, Rms(u) / 0.7);
                for (int k = 0; k < x.Length; k++)
                    x[k] = (1 - 0.25 * 0.1) * x[k] - alpha * u[k] / clip;
            };
        }),
        new("muon", ["lr=0.02", "weight_decay=0.1", "momentum=0.9"], p => Muon(p, nesterov: true, Math.Sqrt(Math.Max(1, (double)p.Rows / p.Columns)))),
        new("muon", ["lr=0.02", "weight_decay=0.1", "momentum=0.9", "nesterov=false", "adjust_lr=match_rms_adamw"], p => Muon(p, nesterov: false, 0.2 * Math.Sqrt(Math.Max(p.Rows, p.Columns)))),
        new("lbfgs", ["lr=0.5", "max_iter=1"], p => QuasiNewton(p, wolfe: false)),
        new("lbfgs", ["max_iter=1", "max_eval=100", "line_search_fn=strong_wolfe"], p => QuasiNewton(p, wolfe: true)),
        new("lion", ["lr=0.01", "weight_decay=0.1"], p =>
        {
            double[] m = new double[p.Count];
            return Each((x, g, t, i) =>
            {
                double c = 0.9 * m[i] + (1 - 0.9) * g;
                m[i] = 0.99 * m[i] + (1 - 0.99) * g;
                return x - 0.01 * (Math.Sign(c) + 0.1 * x);
            });
        }),
        new("signum", ["lr=0.01", "momentum=0.8"], p =>
        {
            double[] m = new double[p.Count];
            return Each((x, g, t, i) => x - 0.01 * Math.Sign(m[i] = 0.8 * m[i] + (1 - 0.8) * g));
        }),
        new("signum", ["lr=0.01", "momentum=0", "weight_decay=0.1"], p => Each((x, g, t, i) => x - 0.01 * Math.Sign(g) - 0.01 * 0.1 * x)),
        new("ftrl", ["lr=0.2", "beta=0.5", "l1=0.01", "l2=0.1"], p =>
        {
            double[] z = new double[p.Count], n = new double[p.Count];
            return Each((w, g, t, i) =>
            {
                if (t == 1)
                    z[i] = -w * (0.5 / 0.2 + 0.1) - Math.Sign(w) * 0.01;
                double sigma = (Math.Sqrt(n[i] + g * g) - Math.Sqrt(n[i])) / 0.2;
                z[i] += g - sigma * w;
                n[i] += g * g;
                return Math.Abs(z[i]) <= 0.01 ? 0 : -1 / ((0.5 + Math.Sqrt(n[i])) / 0.2 + 0.1) * (z[i] - Math.Sign(z[i]) * 0.01);
            });
        }),
    ];

    public static Paper Each(Func<double, double, int, int, double> element) => (x, g, t, _) =>
    {
        for (int i = 0; i < x.Length; i++)
            x[i] = element(x[i], g[i], t, i);
    };

    public static Paper Adam(PaperProblem p, double rate, double beta1, double beta2, double epsilon, double coupled, double decoupled)
    {
        double[] m = new double[p.Count], v = new double[p.Count];
        return Each((x, g, t, i) =>
        {
            g += coupled * x;
            m[i] = beta1 * m[i] + (1 - beta1) * g;
            v[i] = beta2 * v[i] + (1 - beta2) * g * g;
            double mHat = m[i] / (1 - Math.Pow(beta1, t)), vHat = v[i] / (1 - Math.Pow(beta2, t));
            return x - rate * decoupled * x - rate * mHat / (Math.Sqrt(vHat) + epsilon);
        });
    }

    private static Paper RAdam(PaperProblem p, double rate, double beta1, double beta2, double epsilon, double coupled, double decoupled)
    {
        double[] m = new double[p.Count], v = new double[p.Count];
        return Each((x, g, t, i) =>
        {
            g += coupled * x;
            m[i] = beta1 * m[i] + (1 - beta1) * g;
            v[i] = beta2 * v[i] + (1 - beta2) * g * g;
            double infinite = 2 / (1 - beta2) - 1, rho = infinite - 2 * t * Math.Pow(beta2, t) / (1 - Math.Pow(beta2, t)), mHat = m[i] / (1 - Math.Pow(beta1, t));
            x -= rate * decoupled * x;
            if (rho <= 5)
                return x - rate * mHat;
            double l = Math.Sqrt(1 - Math.Pow(beta2, t)) / (Math.Sqrt(v[i]) + epsilon);
            return x - rate * mHat * l * Math.Sqrt((rho - 4) * (rho - 2) * infinite / ((infinite - 4) * (infinite - 2) * rho));
        });
    }

    private static Paper Muon(PaperProblem p, bool nesterov, double ratio)
    {
        int m = p.Rows, n = p.Columns;
        double[] b = new double[p.Count];
        return (x, g, t, _) =>
        {
            for (int i = 0; i < b.Length; i++)
                b[i] = 0.9 * b[i] + (1 - 0.9) * g[i];
            Matrix y = new(m, n, (i, j) => nesterov ? (1 - 0.9) * g[i * n + j] + 0.9 * b[i * n + j] : b[i * n + j]);
            y = y.Scaled(1 / Math.Max(1e-7, y.Norm));
            for (int k = 0; k < 5; k++)
            {
                Matrix a = y * y.Transposed;
                y = y.Scaled(3.4445) + (a.Scaled(-4.775) + (a * a).Scaled(2.0315)) * y;
            }
            for (int i = 0; i < x.Length; i++)
                x[i] = x[i] - 0.02 * 0.1 * x[i] - 0.02 * ratio * y[i / n, i % n];
        };
    }

    /// <summary>BFGS with ten pairs and the inverse Hessian as a matrix: Nocedal and Wright 2006, equation 7.16.</summary>
    private static Paper QuasiNewton(PaperProblem p, bool wolfe)
    {
        int n = p.Count;
        List<(Matrix S, Matrix Y)> pairs = [];
        double[]? previous = null;
        Matrix step = new(n, 1, (_, _) => 0);
        bool first = true;
        double gamma = 1;
        return (x, g, t, problem) =>
        {
            if (g.Max(Math.Abs) <= 1e-7)
                return;
            if (!first)
            {
                Matrix y = new(n, 1, (i, _) => g[i] - previous![i]);
                double curvature = (y.Transposed * step)[0, 0];
                if (curvature > 1e-10)
                {
                    pairs.Add((step, y));
                    if (pairs.Count > 10)
                        pairs.RemoveAt(0);
                    gamma = curvature / (y.Transposed * y)[0, 0];
                }
            }
            Matrix identity = new(n, n, (i, j) => i == j ? 1 : 0), h = identity.Scaled(gamma);
            foreach ((Matrix s, Matrix y) in pairs)
            {
                double rho = 1 / (y.Transposed * s)[0, 0];
                Matrix v = identity + (y * s.Transposed).Scaled(-rho);
                h = v.Transposed * h * v + (s * s.Transposed).Scaled(rho);
            }
            double[] d = [.. Enumerable.Range(0, n).Select(i => -Enumerable.Range(0, n).Sum(j => h[i, j] * g[j]))];
            double rate = wolfe ? 1 : 0.5, length = first ? Math.Min(1, 1 / g.Sum(Math.Abs)) * rate : rate;
            double slope = Dot(g, d);
            (first, previous) = (false, [.. g]);
            step = new(n, 1, (i, _) => length * d[i]);
            if (slope > -1e-9)
                return;
            if (wolfe)
                length = StrongWolfe(Once(a => problem.Loss(At(a))), Once(a => Dot(problem.Gradient(At(a)), d)), length, d.Max(Math.Abs));
            step = new(n, 1, (i, _) => length * d[i]);
            At(length).CopyTo(x, 0);

            double[] At(double a) => [.. x.Select((v, i) => v + a * d[i])];
        };
    }

    /// <summary>Nocedal and Wright 2006, algorithms 3.5 and 3.6, with minFunc's cubic trial points and safeguards.</summary>
    private static double StrongWolfe(Func<double, double> phi, Func<double, double> slope, double a, double largest)
    {
        double phi0 = phi(0), slope0 = slope(0), lo = 0, hi = a, previous = 0;
        bool zoom = false;
        int used = 0;
        for (; used < 25; used++)
        {
            if (phi(a) > phi0 + 1e-4 * a * slope0 || (used > 1 && phi(a) >= phi(previous)) || slope(a) >= 0 && Math.Abs(slope(a)) > -0.9 * slope0)
            {
                (lo, hi, zoom) = (previous, a, true);
                break;
            }
            if (Math.Abs(slope(a)) <= -0.9 * slope0)
                return a;
            (previous, a) = (a, Cubic(previous, a, a + 0.01 * (a - previous), 10 * a));
        }
        if (!zoom)
            return phi(0) <= phi(a) ? 0 : a;
        double[] ends = [lo, hi];
        int low = phi(ends[0]) <= phi(ends[1]) ? 0 : 1;
        bool stalled = false;
        for (; used < 25 && (ends.Max() - ends.Min()) * largest >= 1e-9; used++)
        {
            double min = ends.Min(), max = ends.Max(), margin = 0.1 * (max - min);
            double at = Cubic(ends[0], ends[1], min, max);
            if (Math.Min(max - at, at - min) < margin)
            {
                if (stalled || at >= max || at <= min)
                    (at, stalled) = (Math.Abs(at - max) < Math.Abs(at - min) ? max - margin : min + margin, false);
                else
                    stalled = true;
            }
            else
            {
                stalled = false;
            }
            if (phi(at) > phi0 + 1e-4 * at * slope0 || phi(at) >= phi(ends[low]))
            {
                ends[1 - low] = at;
                low = phi(ends[0]) <= phi(ends[1]) ? 0 : 1;
                continue;
            }
            if (Math.Abs(slope(at)) <= -0.9 * slope0)
                return at;
            if (slope(at) * (ends[1 - low] - ends[low]) >= 0)
                ends[1 - low] = ends[low];
            ends[low] = at;
        }
        return ends[low];

        double Cubic(double a, double b, double floor, double ceiling)
        {
            if (a > b)
                (a, b) = (b, a);
            double d1 = slope(a) + slope(b) - 3 * (phi(a) - phi(b)) / (a - b), d2 = Math.Sqrt(d1 * d1 - slope(a) * slope(b));
            return double.IsNaN(d2) ? (floor + ceiling) / 2 : Math.Clamp(b - (b - a) * (slope(b) + d2 - d1) / (slope(b) - slope(a) + 2 * d2), floor, ceiling);
        }
    }

    private static Func<double, double> Once(Func<double, double> f)
    {
        Dictionary<double, double> known = [];
        return a => known.TryGetValue(a, out double value) ? value : known[a] = f(a);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (u, v) => u * v).Sum();

    private static double Rms(double[] x) => Math.Sqrt(x.Average(v => v * v));
}
