using FastGrad.Kernels.Philox;

namespace FastGrad.Optimization.Tests.Papers;

/// <summary>The recurrences of modern optimizers, from their papers.</summary>
public static class ModernPapers
{
    public static IEnumerable<PaperCase> Cases =>
    [
        new("lars", ["lr=0.5", "trust=0.1", "momentum=0.8", "weight_decay=0.02"], p =>
        {
            double[] v = new double[p.Count];
            return (w, g, t, _) =>
            {
                double local = 0.1 * Norm(w) / (Norm(g) + 0.02 * Norm(w));
                for (int i = 0; i < w.Length; i++)
                    w[i] -= v[i] = 0.8 * v[i] + 0.5 * local * (g[i] + 0.02 * w[i]);
            };
        }),
        new("lamb", ["lr=0.02", "weight_decay=0.1", "beta2=0.99"], p =>
        {
            double[] m = new double[p.Count], v = new double[p.Count];
            return (x, g, t, _) =>
            {
                double[] u = [.. x.Select((w, i) =>
                {
                    m[i] = 0.9 * m[i] + (1 - 0.9) * g[i];
                    v[i] = 0.99 * v[i] + (1 - 0.99) * g[i] * g[i];
                    return m[i] / (1 - Math.Pow(0.9, t)) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.99, t))) + 1e-6) + 0.1 * w;
                })];
                double ratio = Norm(x) / Norm(u);
                for (int i = 0; i < x.Length; i++)
                    x[i] -= 0.02 * ratio * u[i];
            };
        }),
        new("adabelief", ["lr=0.02", "eps=1e-6", "weight_decay=0.05", "beta2=0.98"], p =>
        {
            double[] m = new double[p.Count], s = new double[p.Count];
            return FirstOrderPapers.Each((x, g, t, i) =>
            {
                m[i] = 0.9 * m[i] + (1 - 0.9) * g;
                s[i] = 0.98 * s[i] + (1 - 0.98) * Math.Pow(g - m[i], 2) + 1e-6;
                return x - 0.02 * 0.05 * x - 0.02 * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(s[i] / (1 - Math.Pow(0.98, t))) + 1e-6);
            });
        }),
        new("yogi", ["lr=0.02", "beta2=0.98", "weight_decay=0.05"], p =>
        {
            double[] m = [.. Enumerable.Repeat(1e-6, p.Count)], v = [.. Enumerable.Repeat(1e-6, p.Count)];
            return FirstOrderPapers.Each((x, g, t, i) =>
            {
                m[i] = 0.9 * m[i] + (1 - 0.9) * g;
                v[i] = v[i] > g * g ? v[i] - (1 - 0.98) * g * g : v[i] + (1 - 0.98) * g * g;
                return x * (1 - 0.02 * 0.05) - 0.02 * m[i] / (Math.Sqrt(v[i]) + 1e-3);
            });
        }),
        new("adan", ["lr=0.02", "weight_decay=0.05"], p =>
        {
            // The paper's β are 0.02, 0.08, 0.01; averages corrected for bias as in the authors' code.
            double[] m = new double[p.Count], v = new double[p.Count], n = new double[p.Count];
            double[]? before = null;
            return (x, g, t, _) =>
            {
                before ??= [.. g];
                for (int i = 0; i < x.Length; i++)
                {
                    m[i] = (1 - 0.02) * m[i] + 0.02 * g[i];
                    v[i] = (1 - 0.08) * v[i] + 0.08 * (g[i] - before[i]);
                    n[i] = (1 - 0.01) * n[i] + 0.01 * Math.Pow(g[i] + (1 - 0.08) * (g[i] - before[i]), 2);
                    double mean = m[i] / (1 - Math.Pow(0.98, t)), change = v[i] / (1 - Math.Pow(0.92, t)), root = Math.Sqrt(n[i] / (1 - Math.Pow(0.99, t)));
                    x[i] = (x[i] - 0.02 / (root + 1e-8) * (mean + (1 - 0.08) * change)) / (1 + 0.05 * 0.02);
                }
                before = [.. g];
            };
        }),
        new("novograd", ["lr=0.02", "weight_decay=0.05"], p =>
        {
            double[] m = new double[p.Count];
            double v = 0;
            return (w, g, t, _) =>
            {
                v = t == 1 ? Norm(g) * Norm(g) : 0.98 * v + (1 - 0.98) * Norm(g) * Norm(g);
                for (int i = 0; i < w.Length; i++)
                {
                    m[i] = 0.95 * m[i] + (g[i] / (Math.Sqrt(v) + 1e-8) + 0.05 * w[i]);
                    w[i] -= 0.02 * m[i];
                }
            };
        }),
        new("sm3", ["lr=0.1", "momentum=0.5"], p =>
        {
            int columns = p.Columns;
            double[] row = new double[p.Rows], column = new double[columns], m = new double[p.Count];
            return (w, g, t, _) =>
            {
                double[] nextRow = new double[row.Length], nextColumn = new double[columns];
                for (int i = 0; i < w.Length; i++)
                {
                    double nu = Math.Min(row[i / columns], column[i % columns]) + g[i] * g[i];
                    m[i] = 0.5 * m[i] + 0.5 * (nu == 0 ? 0 : g[i] / Math.Sqrt(nu));
                    w[i] -= 0.1 * m[i];
                    nextRow[i / columns] = Math.Max(nextRow[i / columns], nu);
                    nextColumn[i % columns] = Math.Max(nextColumn[i % columns], nu);
                }
                (row, column) = (nextRow, nextColumn);
            };
        }),
        new("qhadam", ["lr=0.02", "nu1=0.6", "nu2=0.9", "beta1=0.95"], p =>
        {
            double[] m = new double[p.Count], v = new double[p.Count];
            return FirstOrderPapers.Each((x, g, t, i) =>
            {
                m[i] = 0.95 * m[i] + (1 - 0.95) * g;
                v[i] = 0.999 * v[i] + (1 - 0.999) * g * g;
                double mean = (1 - 0.6) * g + 0.6 * m[i] / (1 - Math.Pow(0.95, t)), square = (1 - 0.9) * g * g + 0.9 * v[i] / (1 - Math.Pow(0.999, t));
                return x - 0.02 * mean / (Math.Sqrt(square) + 1e-8);
            });
        }),
        new("qhadam", ["lr=0.02", "nu1=1", "nu2=1", "beta1=0.9", "weight_decay=0.1"], p => FirstOrderPapers.Adam(p, 0.02, 0.9, 0.999, 1e-8, coupled: 0, decoupled: 0.1)),
        new("ademamix", ["lr=0.01", "beta3=0.99", "alpha=3", "warmup=50", "weight_decay=0.05"], p =>
        {
            double[] m1 = new double[p.Count], m2 = new double[p.Count], v = new double[p.Count];
            return FirstOrderPapers.Each((x, g, t, i) =>
            {
                double alpha = Math.Min(t * 3.0 / 50, 3), mu = Math.Min(1, t / 50.0);
                // The half-life of β is ln ½/ln β − 1 in the paper, which shifts both ends alike: 1/ln β is linear in t.
                double beta3 = t >= 50 ? 0.99 : Math.Exp(1 / ((1 - mu) / Math.Log(0.9) + mu / Math.Log(0.99)));
                m1[i] = 0.9 * m1[i] + (1 - 0.9) * g;
                m2[i] = beta3 * m2[i] + (1 - beta3) * g;
                v[i] = 0.999 * v[i] + (1 - 0.999) * g * g;
                double direction = (m1[i] / (1 - Math.Pow(0.9, t)) + alpha * m2[i]) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
                return x - 0.01 * (direction + 0.05 * x);
            });
        }),
        new("adopt", ["lr=0.02", "beta2=0.99", "weight_decay=0.05"], p =>
        {
            double[] m = new double[p.Count], v = new double[p.Count];
            return FirstOrderPapers.Each((x, g, step, i) =>
            {
                int t = step - 1; // the paper's v₀ = g₀²
                if (t == 0)
                {
                    v[i] = g * g;
                    return x;
                }
                double c = Math.Pow(t, 0.25);
                m[i] = 0.9 * m[i] + (1 - 0.9) * Math.Clamp(g / Math.Max(Math.Sqrt(v[i]), 1e-6), -c, c);
                v[i] = 0.99 * v[i] + (1 - 0.99) * g * g;
                return x - 0.02 * m[i] - 0.02 * 0.05 * x;
            });
        }),
        new("shampoo", ["lr=0.05", "momentum=0", "every=1", "graft=none", "eps=1e-2"], p => Shampoo(p, graft: "none", momentum: 0)),
        new("shampoo", ["lr=0.05", "momentum=0.5", "every=1", "graft=adagrad", "eps=1e-2"], p => Shampoo(p, graft: "adagrad", momentum: 0.5)),
        new("shampoo", ["lr=0.01", "momentum=0.5", "every=1", "graft=sgd", "eps=1e-2"], p => Shampoo(p, graft: "sgd", momentum: 0.5)),
        new("soap", ["lr=0.02", "every=2", "weight_decay=0.05", "eps=1e-4"], Soap),
        new("sophia-h", ["lr=0.01", "gamma=0.1", "every=4", "eps=1e-3"], p =>
        {
            double[] m = new double[p.Count], h = new double[p.Count];
            return (x, g, t, problem) =>
            {
                if (t % 4 == 1)
                {
                    double[] u = Signs(0, t, x.Length), product = problem.HessianVector(x, u);
                    for (int i = 0; i < x.Length; i++)
                        h[i] = 0.99 * h[i] + (1 - 0.99) * u[i] * product[i];
                }
                for (int i = 0; i < x.Length; i++)
                {
                    m[i] = 0.96 * m[i] + (1 - 0.96) * g[i];
                    x[i] -= 0.01 * 0.1 * x[i];
                    x[i] -= 0.01 * Math.Clamp(m[i] / Math.Max(0.1 * h[i], 1e-3), -1, 1);
                }
            };
        }),
        new("adahessian", ["lr=0.05", "seed=3"], p => AdaHessian(p, 1)),
        new("adahessian", ["lr=0.02", "seed=3", "hessian_power=0.5"], p => AdaHessian(p, 0.5)),
        new("prodigy", ["d0=0.001", "beta2=0.99", "weight_decay=0.01"], p =>
        {
            double[] m = new double[p.Count], v = new double[p.Count], s = new double[p.Count];
            double[]? x0 = null;
            double d = 0.001, r = 0, root = Math.Sqrt(0.99);
            return (x, g, t, _) =>
            {
                x0 ??= [.. x];
                double inner = x.Select((a, i) => g[i] * (x0[i] - a)).Sum();
                r = root * r + (1 - root) * d * d * inner;
                for (int i = 0; i < x.Length; i++)
                {
                    m[i] = 0.9 * m[i] + (1 - 0.9) * d * g[i];
                    v[i] = 0.99 * v[i] + (1 - 0.99) * d * d * g[i] * g[i];
                    s[i] = root * s[i] + (1 - root) * d * d * g[i];
                    x[i] -= d * (m[i] / (Math.Sqrt(v[i]) + d * 1e-8) + 0.01 * x[i]);
                }
                d = Math.Max(d, r / s.Sum(Math.Abs));
            };
        }),
        new("dadapt-adam", ["d0=0.001", "beta2=0.99"], p =>
        {
            double[] m = new double[p.Count], v = new double[p.Count], s = new double[p.Count];
            double d = 0.001, r = 0, root = Math.Sqrt(0.99);
            return (x, g, t, _) =>
            {
                r = root * r + (1 - root) * d * g.Select((a, i) => a * s[i] / (Math.Sqrt(v[i]) + 1e-8)).Sum();
                for (int i = 0; i < x.Length; i++)
                {
                    m[i] = 0.9 * m[i] + (1 - 0.9) * d * g[i];
                    v[i] = 0.99 * v[i] + (1 - 0.99) * g[i] * g[i];
                    s[i] = root * s[i] + (1 - root) * d * g[i];
                    x[i] -= m[i] / (Math.Sqrt(v[i]) + 1e-8);
                }
                d = Math.Max(d, r / ((1 - root) * s.Sum(Math.Abs)));
            };
        }),
        new("dog", ["reps_rel=0.001"], p =>
        {
            double[]? x0 = null;
            double distance = 0, squares = 0;
            return (x, g, t, _) =>
            {
                if (x0 is null)
                    (x0, distance) = ([.. x], 0.001 * (1 + Norm(x)));
                distance = Math.Max(distance, Norm([.. x.Select((a, i) => a - x0[i])]));
                squares += Norm(g) * Norm(g);
                for (int i = 0; i < x.Length; i++)
                    x[i] -= distance / Math.Sqrt(squares + 1e-8) * g[i];
            };
        }),
        new("schedule-free-sgd", ["lr=0.2", "momentum=0.8", "warmup_steps=10"], p => ScheduleFree(p, 0.2, 0.8, 10, (g, t, i) => g)),
        new("schedule-free-adamw", ["lr=0.05", "beta2=0.98", "warmup_steps=15"], p =>
        {
            double[] v = new double[p.Count];
            return ScheduleFree(p, 0.05, 0.9, 15, (g, t, i) => g / (Math.Sqrt((v[i] = 0.98 * v[i] + (1 - 0.98) * g * g) / (1 - Math.Pow(0.98, t))) + 1e-8));
        }),
        new("polyak", ["lr=0.5", "f_star=-0.1"], p => (x, g, t, problem) =>
        {
            double rate = 0.5 * (problem.Loss(x) + 0.1) / (Norm(g) * Norm(g));
            for (int i = 0; i < x.Length; i++)
                x[i] -= rate * g[i];
        }),
        new("sps", ["lr=0.4", "f_star=-0.1", "growth=1.2"], p =>
        {
            double last = double.PositiveInfinity;
            return (x, g, t, problem) =>
            {
                last = new[] { (problem.Loss(x) + 0.1) / (0.5 * Norm(g) * Norm(g)), 0.4, 1.2 * last }.Min();
                for (int i = 0; i < x.Length; i++)
                    x[i] -= last * g[i];
            };
        }),
    ];

    private static Paper AdaHessian(PaperProblem p, double k)
    {
        double[] m = new double[p.Count], v = new double[p.Count];
        return (x, g, t, problem) =>
        {
            double[] z = Signs(3, t, x.Length), product = problem.HessianVector(x, z);
            double rate = k == 1 ? 0.05 : 0.02;
            for (int i = 0; i < x.Length; i++)
            {
                m[i] = 0.9 * m[i] + (1 - 0.9) * g[i];
                v[i] = 0.999 * v[i] + (1 - 0.999) * Math.Pow(z[i] * product[i], 2);
                x[i] -= rate * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Pow(v[i] / (1 - Math.Pow(0.999, t)), k / 2) + 1e-4);
            }
        };
    }

    private static Paper ScheduleFree(PaperProblem p, double rate, double beta, int warmup, Func<double, int, int, double> direction)
    {
        double[]? z = null, x = null;
        double sum = 0;
        return (y, g, t, _) =>
        {
            z ??= [.. y];
            x ??= [.. y];
            double gamma = rate * Math.Min(1, t / (double)Math.Max(1, warmup)), c = gamma * gamma / (sum += gamma * gamma);
            for (int i = 0; i < y.Length; i++)
            {
                z[i] -= gamma * direction(g[i], t, i);
                x[i] = (1 - c) * x[i] + c * z[i];
                y[i] = (1 - beta) * z[i] + beta * x[i];
            }
        };
    }

    private static Paper Shampoo(PaperProblem p, string graft, double momentum)
    {
        int m = p.Rows, n = p.Columns;
        Matrix left = Matrix.Identity(m).Scaled(1e-2), right = Matrix.Identity(n).Scaled(1e-2), buffer = new(m, n, (_, _) => 0), sum = new(m, n, (_, _) => 0);
        double rate = graft == "sgd" ? 0.01 : 0.05;
        return (x, g, t, _) =>
        {
            Matrix gradient = new(m, n, (i, j) => g[i * n + j]);
            left += gradient * gradient.Transposed;
            right += gradient.Transposed * gradient;
            sum = new(m, n, (i, j) => sum[i, j] + g[i * n + j] * g[i * n + j]);
            // Roots by iteration, without eigenvalues.
            Matrix step = InverseFourthRoot(left) * gradient * InverseFourthRoot(right);
            Matrix adagrad = new(m, n, (i, j) => g[i * n + j] / (Math.Sqrt(sum[i, j]) + 1e-10));
            if (graft != "none")
                step = step.Scaled((graft == "sgd" ? gradient : adagrad).Norm / step.Norm);
            buffer = buffer.Scaled(momentum) + step;
            for (int i = 0; i < x.Length; i++)
                x[i] -= rate * buffer[i / n, i % n];
        };
    }

    /// <summary>Algorithms 3 and 4 of the paper, with eigenvectors by Jacobi's classical method.</summary>
    private static Paper Soap(PaperProblem p)
    {
        int m = p.Rows, n = p.Columns;
        Matrix left = new(m, m, (_, _) => 0), right = new(n, n, (_, _) => 0), mean = new(m, n, (_, _) => 0), square = new(m, n, (_, _) => 0);
        Matrix leftBasis = left, rightBasis = right;
        return (x, g, step, _) =>
        {
            Matrix gradient = new(m, n, (i, j) => g[i * n + j]);
            int t = step - 1;
            if (t > 0)
            {
                Matrix turned = leftBasis.Transposed * gradient * rightBasis;
                mean = mean.Scaled(0.95) + gradient.Scaled(1 - 0.95);
                square = new(m, n, (i, j) => 0.95 * square[i, j] + (1 - 0.95) * turned[i, j] * turned[i, j]);
                Matrix turnedMean = leftBasis.Transposed * mean * rightBasis;
                Matrix direction = new(m, n, (i, j) => turnedMean[i, j] / (1 - Math.Pow(0.95, t)) / (Math.Sqrt(square[i, j] / (1 - Math.Pow(0.95, t))) + 1e-4));
                direction = leftBasis * direction * rightBasis.Transposed;
                for (int i = 0; i < x.Length; i++)
                    x[i] = x[i] - 0.02 * direction[i / n, i % n] - 0.02 * 0.05 * x[i];
            }
            left = left.Scaled(0.95) + (gradient * gradient.Transposed).Scaled(1 - 0.95);
            right = right.Scaled(0.95) + (gradient.Transposed * gradient).Scaled(1 - 0.95);
            if (t == 0)
                (leftBasis, rightBasis) = (Eigenvectors(left), Eigenvectors(right));
            else if (t % 2 == 0)
                (leftBasis, rightBasis) = (Orthogonal(left * leftBasis), Orthogonal(right * rightBasis));
        };
    }

    /// <summary>Jacobi's classical method: the largest element off the diagonal is turned away, until none is left.</summary>
    private static Matrix Eigenvectors(Matrix a)
    {
        int n = a.Rows;
        Matrix v = Matrix.Identity(n);
        for (int k = 0; k < 500; k++)
        {
            (int p, int q) = (from i in Enumerable.Range(0, n) from j in Enumerable.Range(i + 1, n - i - 1) select (i, j)).MaxBy(e => Math.Abs(a[e.i, e.j]));
            if (a[p, q] == 0)
                break;
            double angle = 0.5 * Math.Atan2(2 * a[p, q], a[q, q] - a[p, p]);
            Matrix turn = new(n, n, (i, j) => (i == p || i == q) && (j == p || j == q) ? i == j ? Math.Cos(angle) : i == p ? Math.Sin(angle) : -Math.Sin(angle) : i == j ? 1 : 0);
            (a, v) = (turn.Transposed * a * turn, v * turn);
        }
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => a[i, i])];
        return new(n, n, (i, j) => v[i, order[j]]);
    }

    /// <summary>Q of A = QR by Householder's reflections.</summary>
    private static Matrix Orthogonal(Matrix a)
    {
        int n = a.Rows;
        Matrix q = Matrix.Identity(n), r = a;
        for (int k = 0; k < n - 1; k++)
        {
            double[] v = [.. Enumerable.Range(0, n).Select(i => i < k ? 0 : r[i, k])];
            double length = Norm(v);
            if (length == 0)
                continue;
            v[k] += v[k] < 0 ? -length : length;
            double square = v.Sum(e => e * e);
            Matrix h = new(n, n, (i, j) => (i == j ? 1 : 0) - 2 * v[i] * v[j] / square);
            (q, r) = (q * h, h * r);
        }
        return q;
    }

    private static Matrix InverseFourthRoot(Matrix a) => SquareRoots(SquareRoots(a).Root).Inverse;

    /// <summary>A^½ and A^(−½) by the iteration of Denman and Beavers (1976).</summary>
    private static (Matrix Root, Matrix Inverse) SquareRoots(Matrix a)
    {
        Matrix y = a, z = Matrix.Identity(a.Rows);
        for (int k = 0; k < 20; k++)
            (y, z) = ((y + Inverse(z)).Scaled(0.5), (z + Inverse(y)).Scaled(0.5));
        return (y, z);
    }

    private static Matrix Inverse(Matrix a)
    {
        int n = a.Rows;
        Matrix w = new(n, 2 * n, (i, j) => j < n ? a[i, j] : i == j - n ? 1 : 0);
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(w[i, k]));
            for (int j = 0; j < 2 * n; j++)
                (w[k, j], w[pivot, j]) = (w[pivot, j], w[k, j]);
            double scale = 1 / w[k, k];
            for (int j = 0; j < 2 * n; j++)
                w[k, j] *= scale;
            for (int i = 0; i < n; i++)
            {
                double factor = i == k ? 0 : w[i, k];
                for (int j = 0; j < 2 * n; j++)
                    w[i, j] -= factor * w[k, j];
            }
        }
        return new(n, n, (i, j) => w[i, j + n]);
    }

    /// <summary>The signs are an input of the algorithm: bit i of the Philox stream of the update.</summary>
    private static double[] Signs(ulong seed, int update, int count) =>
        [.. Enumerable.Range(0, count).Select(i => ((new PhiloxStream(seed, (ulong)update << 24).UInt32((ulong)(i / 32)) >> (i % 32)) & 1) != 0 ? -1.0 : 1)];

    private static double Norm(double[] x) => Math.Sqrt(x.Sum(v => v * v));
}
