using System.Globalization;
using System.Text.RegularExpressions;
using FastGrad.Data;
using FastGrad.Workloads.DataSets;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>The figures of docs/calculus against closed forms and computations of these tests' own, with the platform's mathematics.</summary>
public sealed partial class CalculusTruthTests
{
    [GeneratedRegex(@"(?<![\w./])-?\d+(?:\.\d+)?(?:e-?\d+)?")]
    private static partial Regex Number();

    /// <summary>The numbers of the first line of a page that begins so, after the beginning.</summary>
    private static double[] Numbers(string page, string beginning)
    {
        string? line = File.ReadLines(Path.Combine(ToolProcess.Root, "docs", "calculus", page + ".md")).FirstOrDefault(l => l.TrimStart().StartsWith(beginning, StringComparison.Ordinal));
        Assert.True(line is not null, $"{page}.md has no line that begins with '{beginning}'.");
        return [.. Number().Matches(line.TrimStart()[beginning.Length..].Replace('−', '-')).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture))];
    }

    private static double Number(string page, string beginning) => Numbers(page, beginning)[0];

    [Fact]
    public void Secants_are_of_first_order_and_central_slopes_of_second()
    {
        static double F(double x) => Math.Exp(x) * Math.Sin(x);
        double slope = Math.Exp(0.5) * (Math.Sin(0.5) + Math.Cos(0.5));
        Assert.Equal(Math.Exp(0.5) * Math.Cos(0.5), Numbers("derivative", "derivative")[^1], 5e-6);
        Assert.Equal(slope, Number("derivative", "by the library"), 1e-14);
        Assert.Equal((F(0.51) - F(0.5)) / 0.01, Number("derivative", "h = 0.01    secant"), 1e-6);
        Assert.Equal((F(0.51) - F(0.49)) / 0.02, Number("derivative", "h = 0.01    slope"), 1e-6);
        Assert.InRange(Number("derivative", "forward: order"), 0.99, 1.01);
        Assert.InRange(Number("derivative", "central: order"), 1.99, 2.01);
        Assert.InRange(Numbers("derivative", "forward: order")[1], 1e-9, 1e-7); // about √ε
        Assert.InRange(Numbers("derivative", "central: order")[1], 1e-13, 1e-10); // about ε^(2/3)
    }

    /// <summary>Least squares by eigenvectors: the solution, and how far descent is from it after any number of steps.</summary>
    [Fact]
    public void Descent_on_least_squares_goes_as_its_eigenvalues_say()
    {
        DataSet<double> data = BuiltInData.Load<double>("diabetes");
        int n = data.Rows, m = data.Columns + 1;
        double[][] x = [.. Enumerable.Range(0, m - 1).Select(j => Standardized([.. Enumerable.Range(0, n).Select(i => data.Row(i)[j])])), [.. Enumerable.Repeat(1.0, n)]];
        double[] y = data.Targets.ToArray();
        (double[] eigenvalues, double[][] vectors) = Jacobi([.. x.Select(a => (double[])[.. x.Select(b => 2 * Dot(a, b) / n)])]);
        double[] gradient = [.. x.Select(column => -2 * Dot(column, y) / n)];
        double[] along = [.. vectors.Select((v, i) => -Dot(v, gradient) / eigenvalues[i])]; // the solution in eigenvectors
        double greatest = eigenvalues.Max(), least = eigenvalues.Min();

        Assert.Equal(gradient[2], Number("partial", "∂f/∂w:"), 1e-5); // b does not reach it: the mean of bmi is 0
        Assert.Equal(gradient[10] + 200, Number("partial", "∂f/∂b:"), 1e-5);
        double[] weights = [.. Enumerable.Range(0, m).Select(j => vectors.Select((v, i) => along[i] * v[j]).Sum())];
        double[] shown = Numbers("partial", "age -0.48");
        Assert.Equal(10, shown.Length);
        for (int j = 1; j < m; j++)
            Assert.Equal(weights[j], shown[j - 1], 0.00501);
        double mean = y.Average(), residual = Enumerable.Range(0, n).Sum(i => Math.Pow(y[i] - Enumerable.Range(0, m).Sum(j => weights[j] * x[j][i]), 2));
        Assert.Equal(1 - residual / y.Sum(v => (v - mean) * (v - mean)), Number("partial", "R² ="), 5.1e-5);

        double[] bounds = Numbers("partial", "L =");
        Assert.Equal(greatest, bounds[0], 6e-4);
        Assert.Equal(least, bounds[1], 6e-6);
        foreach (int steps in (int[])[0, 10, 100, 1000, 10_000])
        {
            double[] told = Numbers("partial", $"step {steps,5}:"); // loss, distance, …, bound
            double away = Math.Sqrt(along.Select((c, i) => Math.Pow(Math.Pow(1 - eigenvalues[i] / greatest, steps) * c, 2)).Sum());
            Assert.InRange(told[1] / away, 0.99, 1.01);
            Assert.True(told[1] <= told[^1] * 1.01);
            Assert.Equal(residual / n + along.Select((c, i) => eigenvalues[i] / 2 * Math.Pow(Math.Pow(1 - eigenvalues[i] / greatest, steps) * c, 2)).Sum(), told[0], 1e-3);
        }
    }

    [Fact]
    public void Chains_vanish_and_explode_as_their_closed_forms_say()
    {
        double y = Math.Exp(-Math.Pow(Math.Sin(0.8), 2));
        Assert.Equal(-y * 2 * Math.Sin(0.8) * Math.Cos(0.8), Number("chain", "by the library"), 1e-12);
        double value = 0, slope = 1;
        for (int n = 1; n <= 30; n++)
        {
            value = 1 / (1 + Math.Exp(-value));
            slope *= value * (1 - value);
            if (n is not (1 or 2 or 5 or 10 or 20 or 30))
                continue;
            double[] sigmoid = Numbers("chain", $"n = {n,2}: derivative {slope.ToString("0.000e0", CultureInfo.InvariantCulture)},"); // ¼ⁿ, a link
            Assert.Equal(1, sigmoid[^2] / Math.Pow(0.25, n), 1e-3);
            Assert.Equal(Math.Pow(slope, 1.0 / n), sigmoid[^1], 1e-4);
            double map = Math.Pow(2, n) * Math.Sin(Math.Pow(2, n + 1)) / Math.Sin(2);
            double[] maps = Numbers("chain", $"n = {n,2}: derivative {map.ToString("0.000e0", CultureInfo.InvariantCulture),11}, by the formula");
            Assert.Equal(1, maps[0] / map, 1e-3);
        }
        double end = Number("chain", "the values go to");
        Assert.Equal(end, 1 / (1 + Math.Exp(-end)), 1e-6);
        Assert.Equal(end * (1 - end), Numbers("chain", "the values go to")[^1], 1e-4);
        // Norms keep their size through Xavier's weights; a sigmoid's slope is at most ¼. He's variance alone is twice as large.
        Assert.InRange(Number("chain", "sigmoid, Xavier              vanishing: the gradient is multiplied by"), 0.2, 0.26);
        Assert.InRange(Number("chain", "ReLU, He                     steady: the gradient is multiplied by"), 0.9, 1.1);
        Assert.InRange(Number("chain", "no activation, He            exploding: the gradient is multiplied by"), 0.95 * Math.Sqrt(2), 1.05 * Math.Sqrt(2));
    }

    /// <summary>A layer keeps two values of 64 × 32 doubles, 16 KiB each, beside the two that pass; its gradient takes two products, that of the first layer one.</summary>
    [Fact]
    public void Backpropagation_costs_what_counting_says()
    {
        double h = Math.Tanh(1), dp = -h - 1;
        Assert.Equal([dp * dp / 2, dp * h, dp * -1 * (1 - h * h) * 2], Numbers("backpropagation", "loss ="), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([dp * h, dp * -1 * (1 - h * h) * 2], Numbers("backpropagation", "by the library:"), (a, b) => Math.Abs(a - b) < 1e-11);
        foreach (int n in (int[])[2, 8, 32])
            Assert.Equal([32 * 32 * n, n, 3 * n - 1], Numbers("backpropagation", $"n = {n,2}: {32 * 32 * n,5} weights").Prepend(32 * 32 * n));
        foreach (int n in (int[])[4, 8, 16, 32, 64])
        {
            double[] row = Numbers("backpropagation", $"n = {n,2}: loss alone"); // KiB, KiB, products, segments, KiB, products
            int segments = (int)Math.Round(Math.Sqrt(n)), longest = (n + segments - 1) / segments;
            Assert.Equal([32, 16 * (2 * n + 2), 3 * n - 1, segments], row[..4]);
            Assert.InRange(row[4], 16 * (segments + 2 * longest - 1), 16 * (segments + 2 * longest + 2)); // what enters each segment, and one segment's inside
            Assert.Equal(4 * n - 1, row[5]);
        }
    }

    /// <summary>The share of positive definite matrices of the Gaussian orthogonal ensemble: that of the joint density ∏|λᵢ − λⱼ| of its eigenvalues, on a sphere.</summary>
    [Fact]
    public void Saddles_win_as_the_joint_density_of_eigenvalues_says()
    {
        for (int n = 1; n <= 4; n++)
        {
            double exact = n == 1 ? 0.5 : Positive(n);
            double[] told = Numbers("convexity", $"n = {n}:"); // share, standard error, exact
            Assert.InRange(told[0], exact - 4 * told[1], exact + 4 * told[1]);
            Assert.Equal(Math.Sqrt(exact * (1 - exact) / 200_000), told[1], 0.1 * told[1] + 1e-5);
            if (n <= 3)
                Assert.Equal(exact, told[2], 1.5e-5);
        }
        double[] x = [.. Enumerable.Range(0, 33).Select(i => (i - 16) / 8.0)];
        Assert.Equal(2 * x.Average(v => v * Math.Sin(v)), Numbers("convexity", "by hand ±(2/n)·Σ x·y, each 3 times: ±")[0], 5.1e-5);
        Assert.Equal(3, Number("convexity", "all weights 0: Saddle, index"));
        double[] swapped = Numbers("convexity", "two hidden units swapped: loss");
        Assert.Equal(Number("convexity", "after 5000 steps of descent from beside it: loss"), swapped[0]);
        Assert.True(swapped[1] > 10 * swapped[0]);
    }

    // Midpoints over the angles of the sphere in n dimensions.
    private static double Positive(int n)
    {
        int[] counts = n switch { 2 => [2000], 3 => [400, 800], _ => [64, 64, 128] };
        double all = 0, positive = 0;
        double[] lambda = new double[n];
        int total = counts.Aggregate(1, (a, b) => a * b);
        for (int index = 0; index < total; index++)
        {
            double radius = 1, weight = 1;
            for (int k = 0, rest = index; k < n - 1; rest /= counts[k++])
            {
                bool last = k == n - 2;
                double angle = (rest % counts[k] + 0.5) / counts[k] * (last ? 2 : 1) * Math.PI;
                lambda[k] = radius * Math.Cos(angle);
                radius *= Math.Sin(angle);
                weight *= last ? 1 : Math.Pow(Math.Sin(angle), n - 2 - k);
            }
            lambda[n - 1] = radius;
            for (int i = 0; i < n; i++)
                for (int j = 0; j < i; j++)
                    weight *= Math.Abs(lambda[i] - lambda[j]);
            all += weight;
            positive += lambda.All(v => v > 0) ? weight : 0;
        }
        return positive / all;
    }

    /// <summary>Two standardized columns of correlation r: the greatest eigenvalue of XᵀX/n is 1 + r. The minimum by Newton's method on two numbers.</summary>
    [Fact]
    public void Logistic_regression_ends_where_Newton_ends()
    {
        (double[][] x, double[] y) = Tumours("mean_radius", "mean_texture");
        int n = y.Length;
        double Loss(double a, double b) => Enumerable.Range(0, n).Average(i => a * x[0][i] + b * x[1][i] is var z ? Math.Log(1 + Math.Exp(z)) - y[i] * z : 0);
        (double, double) Slope(double a, double b)
        {
            double[] off = [.. Enumerable.Range(0, n).Select(i => 1 / (1 + Math.Exp(-a * x[0][i] - b * x[1][i])) - y[i])];
            return (Dot(off, x[0]) / n, Dot(off, x[1]) / n);
        }

        (double g, double h) = Slope(0, 0);
        Assert.Equal([g, h], Numbers("gradient", "by the library ("), (a, b) => Math.Abs(a - b) < 1e-9);
        foreach (int angle in (int[])[0, 30, 60, 90, 120, 150, 180])
            Assert.All(Numbers("gradient", $"{angle}°:"), slope => Assert.Equal(Math.Sqrt(g * g + h * h) * Math.Cos(angle * Math.PI / 180), slope, 2e-7));

        double smoothness = (1 + Dot(x[0], x[1]) / n) / 4;
        Assert.Equal([smoothness, 1 / smoothness], Numbers("gradient", "L ="), (a, b) => Math.Abs(a - b) < 2e-5);
        (g, h) = Slope(-2, 3);
        double[] first = Numbers("gradient", "step    1: w = ("); // w₁, w₂, f, ‖∇f‖
        Assert.Equal(-2 - g / smoothness, first[0], 1e-5);
        Assert.Equal(3 - h / smoothness, first[1], 1e-5);
        Assert.Equal(Loss(first[0], first[1]), first[2], 1e-5);

        (double a, double b) = (0, 0);
        for (int step = 0; step < 20; step++)
        {
            (g, h) = Slope(a, b);
            double[] weight = [.. Enumerable.Range(0, n).Select(i => 1 / (1 + Math.Exp(-a * x[0][i] - b * x[1][i])) is var p ? p * (1 - p) / n : 0)];
            double aa = Enumerable.Range(0, n).Sum(i => weight[i] * x[0][i] * x[0][i]), ab = Enumerable.Range(0, n).Sum(i => weight[i] * x[0][i] * x[1][i]), bb = Enumerable.Range(0, n).Sum(i => weight[i] * x[1][i] * x[1][i]);
            (a, b) = (a - (bb * g - ab * h) / (aa * bb - ab * ab), b - (aa * h - ab * g) / (aa * bb - ab * ab));
        }
        Assert.Equal([a, b, Loss(a, b)], Numbers("gradient", "step 1000: w = (")[..3], (s, t) => Math.Abs(s - t) < 2e-6);
        Assert.Equal(Math.Round(100 * Enumerable.Range(0, n).Average(i => a * x[0][i] + b * x[1][i] > 0 == y[i] > 0.5 ? 1.0 : 0), 1), Share("gradient", "of the tumours lie"), 1e-9);
    }

    /// <summary>Steps on a bowl in closed form; the whole batch, and three rules in Rosenbrock's valley, by loops of these tests' own.</summary>
    [Fact]
    public void Descent_goes_as_its_recurrences_say()
    {
        foreach (double rate in (double[])[0.02, 0.1, 0.19, 0.2, 0.21])
        {
            double[] told = Numbers("descent", $"η = {(10 * rate).ToString("F1", CultureInfo.InvariantCulture)}/L: x =");
            Assert.InRange(told[0] / (10 * Math.Pow(1 - rate, 50)), 0.99, 1.01);
            Assert.Equal(Math.Pow(Math.Abs(1 - 10 * rate), 50), told[1], 0.01 * told[1] + 1e-12);
        }

        (double[][] x, double[] y) = Tumours();
        int n = y.Length, m = x.Length;
        const double Ridge = 0.01;
        double Loss(double[] w) => Enumerable.Range(0, n).Average(i => Enumerable.Range(0, m).Sum(j => w[j] * x[j][i]) is var z ? Math.Log(1 + Math.Exp(-Math.Abs(z))) + Math.Max(z, 0) - y[i] * z : 0) + Ridge * Dot(w, w);
        double[] Slope(double[] w)
        {
            double[] off = [.. Enumerable.Range(0, n).Select(i => 1 / (1 + Math.Exp(-Enumerable.Range(0, m).Sum(j => w[j] * x[j][i]))) - y[i])];
            return [.. x.Select((column, j) => Dot(off, column) / n + 2 * Ridge * w[j])];
        }
        (double[] eigenvalues, _) = Jacobi([.. x.Select(a => (double[])[.. x.Select(b => Dot(a, b) / n)])]);
        double safe = 1 / (eigenvalues.Max() / 4 + 2 * Ridge);
        double[] told30 = Numbers("descent", "batch, 1 step an epoch η ="); // η, (after) 1, …, 5, …, 30, …
        Assert.Equal(safe, told30[0], 1e-3);
        double[] weights = new double[m];
        List<double> losses = [Loss(weights)];
        for (int step = 0; step < 1200; step++)
        {
            double[] slope = Slope(weights);
            weights = [.. weights.Zip(slope, (w, g) => w - safe * g)];
            losses.Add(step < 30 ? Loss(weights) : 0);
        }
        double least = Loss(weights); // strongly convex: 1200 steps are its end, to what is printed
        foreach ((int epoch, int at) in new[] { (1, 2), (5, 4), (30, 6) })
            Assert.InRange(told30[at] / (losses[epoch] - least), 0.93, 1.07);
        Assert.True(Numbers("descent", "mini-batch of 32       η =")[^1] < told30[^1] / 10);
        Assert.True(Numbers("descent", "stochastic, 1 row      η =")[^1] < told30[^1] / 10);
        double[] noise = [.. ((string[])["η = 0.2 ", "η = 0.1 ", "η = 0.05 "]).Select(name => Number("descent", name))];
        Assert.True(noise[0] > 1.5 * noise[1] && noise[1] > 1.5 * noise[2]);
        Assert.True(Numbers("descent", "0.2, cosine")[^1] < noise[2] / 5);

        Assert.Equal(Rosenbrock((w, g, v, s, t) => (w - 0.0015 * g, v, s)), Numbers("descent", "SGD              : (")[..2], (a, b) => Math.Abs(a - b) < 1e-3);
        Assert.Equal(Rosenbrock((w, g, v, s, t) => 0.9 * v + g is var u ? (w - 0.0005 * u, u, s) : default), Numbers("descent", "SGD, momentum 0.9: (")[..2], (a, b) => Math.Abs(a - b) < 1e-3);
        Assert.Equal(
            Rosenbrock((w, g, v, s, t) => (0.9 * v + 0.1 * g, 0.999 * s + 0.001 * g * g) is var (u, r) ? (w - 0.05 * u / (1 - Math.Pow(0.9, t)) / (Math.Sqrt(r / (1 - Math.Pow(0.999, t))) + 1e-8), u, r) : default),
            Numbers("descent", "Adam             : (")[..2], (a, b) => Math.Abs(a - b) < 1e-3);
    }

    private static double[] Rosenbrock(Func<double, double, double, double, int, (double W, double V, double S)> rule)
    {
        (double W, double V, double S) x = (-1.2, 0, 0), y = (1, 0, 0);
        for (int t = 1; t <= 1000; t++)
        {
            double across = y.W - x.W * x.W;
            (x, y) = (rule(x.W, -2 * (1 - x.W) - 400 * x.W * across, x.V, x.S, t), rule(y.W, 200 * across, y.V, y.S, t));
        }
        return [x.W, y.W];
    }

    private static double Share(string page, string following)
    {
        string line = File.ReadLines(Path.Combine(ToolProcess.Root, "docs", "calculus", page + ".md")).First(l => l.Contains(following, StringComparison.Ordinal));
        return double.Parse(line.Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Standardized columns, all without names, and 1 for malignant.</summary>
    private static (double[][] X, double[] Y) Tumours(params string[] names)
    {
        DataSet<double> data = BuiltInData.Load<double>("breast-cancer");
        return ([.. Enumerable.Range(0, data.Columns).Where(j => names.Length == 0 || names.Contains(data.FeatureNames[j]))
            .Select(j => Standardized([.. Enumerable.Range(0, data.Rows).Select(i => data.Row(i)[j])]))], [.. data.Labels.ToArray().Select(label => 1.0 - label)]);
    }

    private static double[] Standardized(double[] column)
    {
        double mean = column.Average(), deviation = Math.Sqrt(column.Average(v => (v - mean) * (v - mean)));
        return [.. column.Select(v => (v - mean) / deviation)];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (s, t) => s * t).Sum();

    /// <summary>Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations.</summary>
    private static (double[] Values, double[][] Vectors) Jacobi(double[][] a)
    {
        int n = a.Length;
        double[][] v = [.. Enumerable.Range(0, n).Select(i => (double[])[.. Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0)])];
        for (int sweep = 0; sweep < 30; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    double angle = 0.5 * Math.Atan2(2 * a[p][q], a[q][q] - a[p][p]), c = Math.Cos(angle), s = Math.Sin(angle);
                    for (int k = 0; k < n; k++)
                        (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]);
                    for (int k = 0; k < n; k++)
                        (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]);
                    for (int k = 0; k < n; k++)
                        (v[p][k], v[q][k]) = (c * v[p][k] - s * v[q][k], s * v[p][k] + c * v[q][k]);
                }
            }
        }
        return ([.. Enumerable.Range(0, n).Select(i => a[i][i])], v);
    }
}
