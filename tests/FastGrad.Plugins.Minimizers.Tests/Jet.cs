using System.Numerics;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>A number with its first and second derivatives: the test problems' own differentiation, apart from the library's.</summary>
internal sealed class Jet
{
    private readonly double[] _gradient;
    private readonly double[] _hessian;

    private Jet(double value, double[] gradient, double[] hessian) => (Value, _gradient, _hessian) = (value, gradient, hessian);

    public double Value { get; }

    public ReadOnlySpan<double> Gradient => _gradient;

    public ReadOnlySpan<double> Hessian => _hessian;

    /// <summary>The variables, with derivatives up to an order.</summary>
    public static Jet[] Variables(ReadOnlySpan<double> x, int order)
    {
        var jets = new Jet[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            jets[i] = new(x[i], order > 0 ? new double[x.Length] : [], order > 1 ? new double[x.Length * x.Length] : []);
            if (order > 0)
                jets[i]._gradient[i] = 1;
        }
        return jets;
    }

    public static implicit operator Jet(double value) => new(value, [], []);

    public static Jet operator +(Jet a, Jet b) => Combine(a, b, a.Value + b.Value, 1, 1, 0);

    public static Jet operator -(Jet a, Jet b) => Combine(a, b, a.Value - b.Value, 1, -1, 0);

    public static Jet operator -(Jet a) => a.Map(-a.Value, -1, 0);

    public static Jet operator *(Jet a, Jet b) => Combine(a, b, a.Value * b.Value, b.Value, a.Value, 1);

    public static Jet operator /(Jet a, Jet b) => a * b.Map(1 / b.Value, -1 / (b.Value * b.Value), 2 / (b.Value * b.Value * b.Value));

    public static Jet Exp(Jet a) => a.Map(Math.Exp(a.Value), Math.Exp(a.Value), Math.Exp(a.Value));

    public static Jet Log(Jet a) => a.Map(Math.Log(a.Value), 1 / a.Value, -1 / (a.Value * a.Value));

    public static Jet Sin(Jet a) => a.Map(Math.Sin(a.Value), Math.Cos(a.Value), -Math.Sin(a.Value));

    public static Jet Cos(Jet a) => a.Map(Math.Cos(a.Value), -Math.Sin(a.Value), -Math.Cos(a.Value));

    public static Jet Sqrt(Jet a) => a.Map(Math.Sqrt(a.Value), 0.5 / Math.Sqrt(a.Value), -0.25 / (a.Value * Math.Sqrt(a.Value)));

    public static Jet Atan(Jet a)
    {
        double d = 1 / (1 + a.Value * a.Value);
        return a.Map(Math.Atan(a.Value), d, -2 * a.Value * d * d);
    }

    public static Jet Abs(Jet a) => a.Value < 0 ? -a : a;

    /// <summary>Adds into one set of arrays: sums are most of what the problems do.</summary>
    public static Jet Sum(IEnumerable<Jet> terms)
    {
        double value = 0;
        double[] gradient = [], hessian = [];
        foreach (Jet term in terms)
        {
            value += term.Value;
            gradient = gradient.Length < term._gradient.Length ? new double[term._gradient.Length] : gradient;
            hessian = hessian.Length < term._hessian.Length ? new double[term._hessian.Length] : hessian;
            Add(term._gradient, 1, gradient);
            Add(term._hessian, 1, hessian);
        }
        return new(value, gradient, hessian);
    }

    // A constant has no derivatives, and neither has anything of order 0.
    private static Jet Combine(Jet a, Jet b, double value, double da, double db, double dab)
    {
        int n = Math.Max(a._gradient.Length, b._gradient.Length);
        double[] gradient = new double[n], hessian = new double[Math.Max(a._hessian.Length, b._hessian.Length)];
        Add(a._gradient, da, gradient);
        Add(b._gradient, db, gradient);
        Add(a._hessian, da, hessian);
        Add(b._hessian, db, hessian);
        if (dab != 0 && hessian.Length > 0 && a._gradient.Length > 0 && b._gradient.Length > 0)
        {
            for (int i = 0; i < n; i++)
            {
                double ga = dab * a._gradient[i], gb = dab * b._gradient[i];
                if (ga != 0 || gb != 0)
                {
                    for (int j = 0; j < n; j++)
                        hessian[i * n + j] += ga * b._gradient[j] + gb * a._gradient[j];
                }
            }
        }
        return new(value, gradient, hessian);
    }

    private Jet Map(double value, double first, double second)
    {
        int n = _gradient.Length;
        double[] gradient = new double[n], hessian = new double[_hessian.Length];
        Add(_gradient, first, gradient);
        Add(_hessian, first, hessian);
        for (int i = 0; i < n && hessian.Length > 0; i++)
        {
            double share = second * _gradient[i];
            for (int j = 0; j < n && share != 0; j++)
                hessian[i * n + j] += share * _gradient[j];
        }
        return new(value, gradient, hessian);
    }

    private static void Add(double[] x, double factor, double[] sum)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(sum, i) + factor * new Vector<double>(x, i)).CopyTo(sum, i);
        for (; i < x.Length; i++)
            sum[i] += factor * x[i];
    }
}
