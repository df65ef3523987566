using static FastGrad.Plugins.Minimizers.Tests.Jet;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>The 35 functions of Moré, Garbow and Hillstrom 1981, from the published definitions, with the published minima.</summary>
internal static class MoreGarbowHillstrom
{
    private static readonly double[] s_bard = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39];
    private static readonly double[] s_gaussian = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989, 0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009];
    private static readonly double[] s_meyer = [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872];
    private static readonly double[] s_kowalik = [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246];
    private static readonly double[] s_kowalikAt = [4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];

    private static readonly double[] s_osborne1 =
    [
        0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628, 0.603, 0.580,
        0.558, 0.538, 0.522, 0.506, 0.490, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406,
    ];

    private static readonly double[] s_osborne2 =
    [
        1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616, 0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649,
        0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495, 0.500, 0.423, 0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653,
        0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559, 0.597, 0.625, 0.739, 0.710, 0.729, 0.720, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054,
    ];

    public static IReadOnlyList<TestProblem> All { get; } =
    [
        new(1, "Rosenbrock", [-1.2, 1], [0], x => [10 * (x[1] - x[0] * x[0]), 1 - x[0]]),
        new(2, "Freudenstein and Roth", [0.5, -2], [0, 48.9842], x => [-13 + x[0] + ((5 - x[1]) * x[1] - 2) * x[1], -29 + x[0] + ((x[1] + 1) * x[1] - 14) * x[1]]),
        new(3, "Powell badly scaled", [0, 1], [0], x => [1e4 * x[0] * x[1] - 1, Exp(-x[0]) + Exp(-x[1]) - 1.0001]),
        new(4, "Brown badly scaled", [1, 1], [0], x => [x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2]),
        new(5, "Beale", [1, 1], [0], x => [1.5 - x[0] * (1 - x[1]), 2.25 - x[0] * (1 - x[1] * x[1]), 2.625 - x[0] * (1 - x[1] * x[1] * x[1])]),
        new(6, "Jennrich and Sampson", [0.3, 0.4], [124.362], x => Each(10, i => 2 + 2 * i - (Exp(i * x[0]) + Exp(i * x[1])))),
        new(7, "Helical valley", [-1, 0, 0], [0], x => [10 * (x[2] - 10 * Turns(x[0], x[1])), 10 * (Sqrt(x[0] * x[0] + x[1] * x[1]) - 1), x[2]]),
        new(8, "Bard", [1, 1, 1], [8.21487e-3, 17.4286], x => Each(15, i => s_bard[i - 1] - (x[0] + i / ((16 - i) * x[1] + Math.Min(i, 16 - i) * x[2])))),
        new(9, "Gaussian", [0.4, 1, 0], [1.12793e-8], x => Each(15, i => x[0] * Exp(-x[1] * Square((8.0 - i) / 2 - x[2]) / 2) - s_gaussian[i - 1])),
        new(10, "Meyer", [0.02, 4000, 250], [87.9458], x => Each(16, i => x[0] * Exp(x[1] / (45 + 5 * i + x[2])) - s_meyer[i - 1])),
        new(11, "Gulf research and development", [5, 2.5, 0.15], [0], x => Each(99, i => Exp(-Power(Abs(25 + Math.Pow(-50 * Math.Log(i / 100.0), 2.0 / 3) - x[1]), x[2]) / x[0]) - i / 100.0)),
        new(12, "Box three-dimensional", [0, 10, 20], [0], x => Each(10, i => Exp(-0.1 * i * x[0]) - Exp(-0.1 * i * x[1]) - x[2] * (Math.Exp(-0.1 * i) - Math.Exp(-i)))),
        new(13, "Powell singular", [3, -1, 0, 1], [0], PowellSingular),
        new(14, "Wood", [-3, -1, -3, -1], [0], x => [10 * (x[1] - x[0] * x[0]), 1 - x[0], Math.Sqrt(90) * (x[3] - x[2] * x[2]), 1 - x[2], Math.Sqrt(10) * (x[1] + x[3] - 2), (x[1] - x[3]) / Math.Sqrt(10)]),
        new(15, "Kowalik and Osborne", [0.25, 0.39, 0.415, 0.39], [3.07505e-4, 1.02734e-3], x => Each(11, i => s_kowalik[i - 1] - x[0] * (s_kowalikAt[i - 1] * s_kowalikAt[i - 1] + s_kowalikAt[i - 1] * x[1]) / (s_kowalikAt[i - 1] * s_kowalikAt[i - 1] + s_kowalikAt[i - 1] * x[2] + x[3]))),
        new(16, "Brown and Dennis", [25, 5, -5, -1], [85822.2], x => Each(20, i => Square(x[0] + i / 5.0 * x[1] - Math.Exp(i / 5.0)) + Square(x[2] + x[3] * Math.Sin(i / 5.0) - Math.Cos(i / 5.0)))),
        new(17, "Osborne 1", [0.5, 1.5, -1, 0.01, 0.02], [5.46489e-5], x => Each(33, i => s_osborne1[i - 1] - (x[0] + x[1] * Exp(-10.0 * (i - 1) * x[3]) + x[2] * Exp(-10.0 * (i - 1) * x[4])))),
        new(18, "Biggs EXP6", [1, 2, 1, 1, 1, 1], [0, 5.65565e-3], x => Each(13, i => x[2] * Exp(-0.1 * i * x[0]) - x[3] * Exp(-0.1 * i * x[1]) + x[5] * Exp(-0.1 * i * x[4]) - (Math.Exp(-0.1 * i) - 5 * Math.Exp(-i) + 3 * Math.Exp(-0.4 * i)))),
        new(19, "Osborne 2", [1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5], [4.01377e-2], x => Each(65, i => s_osborne2[i - 1] - (x[0] * Exp(-0.1 * (i - 1) * x[4]) + Bump(x[1], x[8], x[5], i) + Bump(x[2], x[9], x[6], i) + Bump(x[3], x[10], x[7], i)))),
        new(20, "Watson", new double[6], [2.28767e-3], Watson),
        new(21, "Extended Rosenbrock", Repeat(10, i => i % 2 == 1 ? -1.2 : 1), [0], x => [.. Pairs(x, (a, b) => [10 * (b - a * a), 1 - a])]),
        new(22, "Extended Powell singular", Repeat(12, i => (i % 4) switch { 1 => 3, 2 => -1, 3 => 0, _ => 1 }), [0], x => [.. x.Chunk(4).SelectMany(PowellSingular)]),
        new(23, "Penalty I", Repeat(10, i => i), [7.08765e-5], x => [.. x.Select(v => Math.Sqrt(1e-5) * (v - 1)), Sum(x.Select(Square)) - 0.25]),
        new(24, "Penalty II", Repeat(10, _ => 0.5), [2.93660e-4], PenaltyTwo),
        new(25, "Variably dimensioned", Repeat(10, j => 1 - j / 10.0), [0], x => [.. x.Select(v => v - 1), Weighted(x), Square(Weighted(x))]),
        new(26, "Trigonometric", Repeat(10, _ => 0.1), [0, 2.79506e-5], x => Each(10, i => 10 - Sum(x.Select(Cos)) + i * (1 - Cos(x[i - 1])) - Sin(x[i - 1]))),
        new(27, "Brown almost linear", Repeat(10, _ => 0.5), [0, 1], x => [.. x.Take(9).Select(v => v + Sum(x) - 11), x.Aggregate((a, b) => a * b) - 1]),
        new(28, "Discrete boundary value", Repeat(10, j => j / 11.0 * (j / 11.0 - 1)), [0], x => Each(10, i => 2 * x[i - 1] - At(x, i - 1) - At(x, i + 1) + Cube(x[i - 1] + i / 11.0 + 1) / (2 * 121))),
        new(29, "Discrete integral equation", Repeat(10, j => j / 11.0 * (j / 11.0 - 1)), [0], x => Each(10, i => x[i - 1] + ((1 - i / 11.0) * Sum(x.Take(i).Select((v, k) => (k + 1) / 11.0 * Cube(v + (k + 1) / 11.0 + 1))) + i / 11.0 * Sum(x.Skip(i).Select((v, k) => (1 - (i + k + 1) / 11.0) * Cube(v + (i + k + 1) / 11.0 + 1)))) / 22)),
        new(30, "Broyden tridiagonal", Repeat(10, _ => -1), [0], x => Each(10, i => (3 - 2 * x[i - 1]) * x[i - 1] - At(x, i - 1) - 2 * At(x, i + 1) + 1)),
        new(31, "Broyden banded", Repeat(10, _ => -1), [0], x => Each(10, i => x[i - 1] * (2 + 5 * x[i - 1] * x[i - 1]) + 1 - Sum(Enumerable.Range(1, 10).Where(j => j != i && j >= i - 5 && j <= i + 1).Select(j => x[j - 1] * (1 + x[j - 1]))))),
        new(32, "Linear, full rank", Repeat(10, _ => 1), [10], x => Each(20, i => (i <= 10 ? x[i - 1] : 0) - 0.1 * Sum(x) - 1)),
        new(33, "Linear, rank 1", Repeat(10, _ => 1), [20 * 19 / (2 * 41.0)], x => Each(20, i => i * Sum(x.Select((v, k) => (k + 1) * v)) - 1)),
        new(34, "Linear, rank 1, zero columns and rows", Repeat(10, _ => 1), [(400 + 60 - 6) / (2 * 37.0)], x => Each(20, i => i is 1 or 20 ? -1 : (i - 1) * Sum(x.Skip(1).Take(8).Select((v, k) => (k + 2) * v)) - 1)),
        new(35, "Chebyquad", Repeat(8, j => j / 9.0), [3.51687e-3], x => Each(8, i => Sum(x.Select(v => Chebyshev(i, v))) / 8 - (i % 2 == 0 ? -1 / (i * i - 1.0) : 0))),
    ];

    private static Jet[] Each(int count, Func<int, Jet> residual) => [.. Enumerable.Range(1, count).Select(residual)];

    private static double[] Repeat(int count, Func<int, double> element) => [.. Enumerable.Range(1, count).Select(element)];

    private static Jet Square(Jet v) => v * v;

    private static Jet Cube(Jet v) => v * v * v;

    private static Jet Power(Jet a, Jet b) => Exp(b * Log(a));

    private static Jet At(Jet[] x, int i) => i < 1 || i > x.Length ? 0 : x[i - 1];

    private static Jet Turns(Jet a, Jet b) => Atan(b / a) / (2 * Math.PI) + (a.Value < 0 ? 0.5 : 0);

    private static Jet Bump(Jet height, Jet centre, Jet sharpness, int i) => height * Exp(-(Square(0.1 * (i - 1) - centre) * sharpness));

    private static Jet Weighted(Jet[] x) => Sum(x.Select((v, k) => (k + 1) * (v - 1)));

    private static Jet[] PowellSingular(Jet[] x) => [x[0] + 10 * x[1], Math.Sqrt(5) * (x[2] - x[3]), Square(x[1] - 2 * x[2]), Math.Sqrt(10) * Square(x[0] - x[3])];

    private static IEnumerable<Jet> Pairs(Jet[] x, Func<Jet, Jet, Jet[]> residuals) => x.Chunk(2).SelectMany(p => residuals(p[0], p[1]));

    private static Jet[] Watson(Jet[] x) =>
    [
        .. Enumerable.Range(1, 29).Select(i => Sum(x.Skip(1).Select((v, k) => (k + 1) * Math.Pow(i / 29.0, k) * v)) - Square(Sum(x.Select((v, k) => Math.Pow(i / 29.0, k) * v))) - 1),
        x[0],
        x[1] - x[0] * x[0] - 1,
    ];

    private static Jet[] PenaltyTwo(Jet[] x)
    {
        int n = x.Length;
        double root = Math.Sqrt(1e-5);
        return
        [
            x[0] - 0.2,
            .. Enumerable.Range(2, n - 1).Select(i => root * (Exp(x[i - 1] / 10) + Exp(x[i - 2] / 10) - (Math.Exp(i / 10.0) + Math.Exp((i - 1) / 10.0)))),
            .. Enumerable.Range(n + 1, n - 1).Select(i => root * (Exp(x[i - n] / 10) - Math.Exp(-0.1))),
            Sum(x.Select((v, k) => (n - k) * v * v)) - 1,
        ];
    }

    // Shifted to [0, 1]: T₀ = 1, T₁ = 2x − 1, Tᵢ₊₁ = 2(2x − 1)Tᵢ − Tᵢ₋₁.
    private static Jet Chebyshev(int degree, Jet x)
    {
        Jet before = 1, now = 2 * x - 1, argument = 2 * x - 1;
        for (int i = 1; i < degree; i++)
            (before, now) = (now, 2 * argument * now - before);
        return now;
    }
}
