using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Testing.Conformance;

/// <summary>
/// A smooth loss that changes from step to step: f_t(x) = ½(x − c)ᵀA(x − c) + Σxᵢ⁴/80 + s_tᵀx with A = diag(a) + uuᵀ, over several parameters.
/// </summary>
/// <remarks>The Hessian is neither diagonal nor constant, and s_t keeps gradients from dying out: averages, their corrections and counters show.</remarks>
public sealed class TestProblem
{
    private readonly double[][] _a, _c, _u;
    private readonly ulong _seed;
    private readonly double _noise;

    /// <summary>A problem over parameters of these shapes.</summary>
    /// <param name="shapes">The parameters.</param>
    /// <param name="seed">The seed of a, c, u, s and the start.</param>
    /// <param name="noise">The size of s_t; 0 for a fixed loss.</param>
    public TestProblem(IReadOnlyList<ParameterInfo> shapes, ulong seed = 1, double noise = 0.5)
    {
        (Shapes, _seed, _noise) = (shapes, seed, noise);
        _a = Draw(1, (_, x) => 0.55 + 0.45 * x);
        _c = Draw(2, (_, x) => 2 * x);
        _u = Draw(3, (_, x) => 0.3 * x);
    }

    /// <summary>The parameters' descriptions.</summary>
    public IReadOnlyList<ParameterInfo> Shapes { get; }

    /// <summary>Two matrices, a vector and a scalar, with lengths that leave every kind of tail.</summary>
    public static TestProblem Mixed(ulong seed = 1, double noise = 0.5) => new(
        [
            new("0.weight", [5, 7]),
            new("0.bias", [7], ParameterRole.Bias),
            new("1.weight", [7, 3]),
            new("1.scale", [], ParameterRole.Norm),
        ],
        seed,
        noise);

    /// <summary>Problems in rising size: a number, two numbers, of which the second's gradient is absent now and then, a vector, a matrix.</summary>
    public static IEnumerable<TestProblem> FromTheSmallest() =>
    [
        new([new("x", [])]),
        new([new("x", []), new("y", [])]),
        new([new("x", [3])]),
        new([new("x", [3, 2])]),
    ];

    /// <summary>The start.</summary>
    public double[][] Start() => Draw(4, (_, x) => x);

    /// <summary>f_t(x).</summary>
    public double Loss(double[][] x, int step)
    {
        double[][] s = Tilt(step);
        double loss = 0, along = 0;
        Each((p, i) =>
        {
            double d = x[p][i] - _c[p][i];
            loss += 0.5 * _a[p][i] * d * d + x[p][i] * x[p][i] * x[p][i] * x[p][i] / 80 + s[p][i] * x[p][i];
            along += _u[p][i] * d;
        });
        return loss + 0.5 * along * along;
    }

    /// <summary>∇f_t(x).</summary>
    public double[][] Gradient(double[][] x, int step)
    {
        double[][] s = Tilt(step);
        double along = 0;
        Each((p, i) => along += _u[p][i] * (x[p][i] - _c[p][i]));
        return Map((p, i) => _a[p][i] * (x[p][i] - _c[p][i]) + x[p][i] * x[p][i] * x[p][i] / 20 + s[p][i] + _u[p][i] * along);
    }

    /// <summary>∇²f_t(x)·v.</summary>
    public double[][] HessianVector(double[][] x, double[][] v)
    {
        double along = 0;
        Each((p, i) => along += _u[p][i] * v[p][i]);
        return Map((p, i) => (_a[p][i] + 3 * x[p][i] * x[p][i] / 20) * v[p][i] + _u[p][i] * along);
    }

    /// <summary>Parameters at the start, with room for gradients.</summary>
    public ArrayParameter<T>[] Parameters<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Start().Select((x, p) => new ArrayParameter<T>(Shapes[p], Cast<T>(x)))];

    /// <summary>Writes the gradients at the parameters' current values.</summary>
    public void WriteGradients<T>(ArrayParameter<T>[] parameters, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] gradient = Gradient(Values(parameters), step);
        for (int p = 0; p < parameters.Length; p++)
        {
            parameters[p].Gradient ??= new T[gradient[p].Length];
            for (int i = 0; i < gradient[p].Length; i++)
                parameters[p].Gradient![i] = T.CreateTruncating(gradient[p][i]);
        }
    }

    /// <summary>The objective of a step for the optimizer.</summary>
    public Objective<T> Objective<T>(ArrayParameter<T>[] parameters, Func<int> step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            Loss = () => Loss(Values(parameters), step()),
            Reevaluate = () =>
            {
                WriteGradients(parameters, step());
                return Loss(Values(parameters), step());
            },
            HessianVector = (direction, product) =>
            {
                double[][] v = [.. parameters.Select((_, p) => direction(p).ToArray().Select(double.CreateTruncating).ToArray())];
                double[][] hv = HessianVector(Values(parameters), v);
                for (int p = 0; p < hv.Length; p++)
                    Cast<T>(hv[p]).CopyTo(product(p));
            },
        };

    /// <summary>The objective of a step for the reference.</summary>
    public ReferenceObjective ReferenceObjective(double[][] x, Func<int> step) =>
        new(() => Loss(x, step()), () => Gradient(x, step()), v => HessianVector(x, v));

    /// <summary>The values in binary64.</summary>
    public static double[][] Values<T>(ArrayParameter<T>[] parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. parameters.Select(p => p.Values.Select(double.CreateTruncating).ToArray())];

    /// <summary>Uniform numbers in (−1, 1), a function of seed, stream and index: SplitMix64 (Steele, Lea and Flood 2014).</summary>
    public static double Uniform(ulong seed, ulong stream, ulong index)
    {
        ulong z = (seed * 0x9E3779B97F4A7C15) + (stream * 0xD1B54A32D192ED03) + ((index + 1) * 0x8CB92BA72F3D8DD7);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return ((z >> 11) + 0.5) / (1UL << 52) - 1;
    }

    private static T[] Cast<T>(double[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. x.Select(T.CreateTruncating)];

    private double[][] Tilt(int step) => Draw(100 + (ulong)step, (_, x) => _noise * x);

    private double[][] Draw(ulong stream, Func<int, double, double> shape)
    {
        ulong index = 0;
        return Map((p, i) => shape(p, Uniform(_seed, stream, index++)));
    }

    private double[][] Map(Func<int, int, double> element) =>
        [.. Shapes.Select((s, p) => Enumerable.Range(0, s.Count).Select(i => element(p, i)).ToArray())];

    private void Each(Action<int, int> visit)
    {
        for (int p = 0; p < Shapes.Count; p++)
        {
            for (int i = 0; i < Shapes[p].Count; i++)
                visit(p, i);
        }
    }
}
