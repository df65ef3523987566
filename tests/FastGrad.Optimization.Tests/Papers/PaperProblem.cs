using FastGrad.Testing.Conformance;

namespace FastGrad.Optimization.Tests.Papers;

/// <summary>A smooth function of one small matrix, with gradient and Hessian-vector product written out.</summary>
public abstract class PaperProblem(int rows, int columns)
{
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public int Count => Rows * Columns;

    public virtual double[] Start => [.. Enumerable.Range(0, Count).Select(i => TestProblem.Uniform(11, 1, (ulong)i))];

    public abstract double Loss(double[] x);

    public abstract double[] Gradient(double[] x);

    public abstract double[] HessianVector(double[] x, double[] v);

    public static PaperProblem Of(string name) => name switch
    {
        "rosenbrock" => new Rosenbrock(),
        "quadratic" => new IllConditioned(),
        "logistic" => new RidgeLogistic(),
        _ => throw new ArgumentException(name),
    };

    /// <summary>Σ 100(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², over 100 (Rosenbrock 1960, chained).</summary>
    private sealed class Rosenbrock() : PaperProblem(3, 2)
    {
        public override double Loss(double[] x) =>
            Enumerable.Range(0, Count - 1).Sum(i => Math.Pow(x[i + 1] - x[i] * x[i], 2) + 0.01 * Math.Pow(1 - x[i], 2));

        public override double[] Gradient(double[] x)
        {
            double[] g = new double[Count];
            for (int i = 0; i + 1 < Count; i++)
            {
                double r = x[i + 1] - x[i] * x[i];
                g[i] += -4 * x[i] * r - 0.02 * (1 - x[i]);
                g[i + 1] += 2 * r;
            }
            return g;
        }

        public override double[] HessianVector(double[] x, double[] v)
        {
            double[] h = new double[Count];
            for (int i = 0; i + 1 < Count; i++)
            {
                h[i] += (12 * x[i] * x[i] - 4 * x[i + 1] + 0.02) * v[i] - 4 * x[i] * v[i + 1];
                h[i + 1] += 2 * v[i + 1] - 4 * x[i] * v[i];
            }
            return h;
        }
    }

    /// <summary>½(x − c)ᵀA(x − c), A = HDH with a reflection H and curvatures D from 1e-4 to 1.</summary>
    private sealed class IllConditioned() : PaperProblem(4, 5)
    {
        private double[] Times(double[] x)
        {
            double[] Reflect(double[] y)
            {
                double[] u = [.. Enumerable.Range(0, Count).Select(i => 1 + 0.1 * i)];
                double along = 2 * u.Zip(y, (a, b) => a * b).Sum() / u.Sum(a => a * a);
                return [.. y.Select((b, i) => b - along * u[i])];
            }
            return Reflect([.. Reflect(x).Select((y, i) => y * Math.Pow(10, -4.0 * i / (Count - 1)))]);
        }

        private double[] From(double[] x) => [.. x.Select((v, i) => v - Math.Sin(i))];

        public override double Loss(double[] x) => 0.5 * Times(From(x)).Zip(From(x), (a, b) => a * b).Sum();

        public override double[] Gradient(double[] x) => Times(From(x));

        public override double[] HessianVector(double[] x, double[] v) => Times(v);
    }

    /// <summary>Σ log(1 + e^(−yᵢ·aᵢᵀx))/n + ½·0.05·‖x‖².</summary>
    private sealed class RidgeLogistic() : PaperProblem(3, 4)
    {
        private const int Samples = 40;
        private const double Ridge = 0.05;

        private static double A(int i, int j) => 2 * TestProblem.Uniform(12, (ulong)i, (ulong)j);

        private static double Y(int i) => TestProblem.Uniform(13, 0, (ulong)i) < 0.3 ? 1 : -1;

        private double Margin(int i, double[] x) => Enumerable.Range(0, Count).Sum(j => A(i, j) * x[j]);

        public override double Loss(double[] x) =>
            Enumerable.Range(0, Samples).Average(i => Math.Log(1 + Math.Exp(-Y(i) * Margin(i, x)))) + 0.5 * Ridge * x.Sum(v => v * v);

        public override double[] Gradient(double[] x)
        {
            double[] s = [.. Enumerable.Range(0, Samples).Select(i => -Y(i) / (1 + Math.Exp(Y(i) * Margin(i, x))) / Samples)];
            return [.. Enumerable.Range(0, Count).Select(j => Enumerable.Range(0, Samples).Sum(i => s[i] * A(i, j)) + Ridge * x[j])];
        }

        public override double[] HessianVector(double[] x, double[] v)
        {
            double[] s = [.. Enumerable.Range(0, Samples).Select(i =>
            {
                double p = 1 / (1 + Math.Exp(-Margin(i, x)));
                return p * (1 - p) * Margin(i, v) / Samples;
            })];
            return [.. Enumerable.Range(0, Count).Select(j => Enumerable.Range(0, Samples).Sum(i => s[i] * A(i, j)) + Ridge * v[j])];
        }
    }
}
