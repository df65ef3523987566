using FastGrad.Analysis.Certificates;
using FastGrad.Analysis.Expressions;
using FastGrad.Analysis.Intervals;

namespace FastGrad.Analysis.Tests;

/// <summary>Verdicts on formulas whose convexity the books state: none may be wrong, and those that are named must be found.</summary>
public sealed class ConvexityCertifierTests
{
    /// <summary>What is true of the formula on its natural domain.</summary>
    private const string C = "convex", V = "concave", A = "affine", N = "not convex";

    private static readonly string[] s_names = ["exp", "softplus", "sqrt", "log", "abs", "tanh", "huber", "sinh", "cbrt", "xlogx"];

    public static TheoryData<string, string> Formulas => new()
    {
        // Boyd and Vandenberghe, 3.1.5: examples of convex and concave functions.
        { "exp(3x)", C }, { "x^2", C }, { "x^4", C }, { "x^1.5", C }, { "sqrt(x)", V }, { "x^0.3", V }, { "abs(x)^3", C }, { "log(x)", V }, { "x*log(x)", C },
        { "norm(x, y, z)", C }, { "sqrt(x^2 + y^2)", C }, { "max(x, y, z)", C }, { "quad_over_lin(x, y)", C }, { "log(exp(x) + exp(y) + exp(z))", C }, { "logsumexp(x, 2y)", C },
        { "x*log(x) + y*log(y)", C }, { "2x - 3y + 1", A }, { "(x + 2y)/4", A }, { "-x*log(x)", V }, { "2 - x*log(x)", V }, { "min(x, y)", V },
        // Compositions.
        { "log(1 + exp(-x))", C }, { "softplus(x - y)", C }, { "exp(x^2 + y^2)", C }, { "(x + y)^2", C }, { "max(abs(x), abs(y)) + x", C }, { "-log(1 - x^2)", C }, { "sqrt(1 + x^2)", C },
        { "log(exp(x) + 1) - 2x", C }, { "exp(-log(x))", C }, { "1/sqrt(x)", C }, { "x^(-0.5)", C }, { "-sqrt(x) + exp(y)", C }, { "log(x) + sqrt(y)", V }, { "huber(2x - 1)", C }, { "cosh(x) + x", C },
        { "relu(1 - x)", C }, { "relu(1 - x)^2", C }, { "exp(x)*exp(2y)", C }, { "norm(x - 1, 2y)^2", C }, { "sqrt(x^4 + y^4 + 1)", C }, { "3 - x^2 - y^4", V }, { "log1p(exp(x))", C }, { "2^x", C }, { "expm1(x) - x", C },
        { "-2*exp(x)", V }, { "exp(x)*(1 - 4)", V }, { "x^4/(-3)", V }, { "-0.5*sqrt(x)", C }, { "log(x)/(-2)", C },
        // By the Hessian.
        { "x^2 + x*y + y^2", C }, { "x^2 + 2*x*y + y^2", C }, { "2*x*y - x^2 - y^2", V }, { "x^2 + y^2 + z^2 - x*y - y*z", C },
        // Refuted.
        { "x^4 - x^2", N }, { "sin(x)", N }, { "cos(x) + 0.3*x^2", N }, { "sigmoid(x)", N }, { "tanh(x)", N }, { "x*y", N }, { "x^2 + 3*x*y + y^2", N }, { "x^3", N }, { "exp(-x^2)", N }, { "1/(1 + x^2)", N },
        { "(1 - x)^2 + 100*(y - x^2)^2", N }, { "x*exp(x)", N }, { "1/x", N }, { "1/x^2", N }, { "log(x^2)", N }, { "sqrt(abs(x))", N }, { "x^2*y^2", N }, { "max(x, y) - max(x, -y)", N }, { "abs(abs(x) - 1)", N }, { "x*sin(x)", N },
        { "log(1 + x^2)", N }, { "abs(x*y)", N }, { "sqrt(x*y)*sqrt(x*y) - x*y + x*y", N }, { "x^2/y", N }, { "atan(x)", N }, { "erf(x)", N }, { "(x^2 - 1)^2", N }, { "exp(x) - exp(2x)", N }, { "norm(x^2 - 1, y)", N }, { "logsumexp(x, sin(y))", N }, { "sqrt(x^2 - 2*x + y^2 + 1) - abs(y)", N }, { "quad_over_lin(x^2 - 1, y)", N }, { "min(x^2, y)", N }, { "cbrt(x)", N },
        { "quad_over_lin(x, sqrt(y))", C }, { "tan(x)", N }, { "acosh(1 + y)", V }, { "xlogx(2x + y)", C }, { "3^(x - y)", C }, { "0.5^(x^2)", N }, { "norm(exp(x), y)", C }, { "1/log(x)", N }, { "-cbrt(abs(x))", N },
    };

    [Theory]
    [MemberData(nameof(Formulas))]
    public void TheVerdictIsTheBooks(string text, string truth)
    {
        ConvexityCertificate certificate = ConvexityCertifier.Certify(Expression.Parse(text));
        Assert.Equal(truth, certificate.Verdict.Name());
        if (truth == N)
            AssertViolates(text, certificate.Counterexample!);
        else
            Assert.NotEmpty(certificate.Proof);
    }

    [Theory]
    [InlineData("x^4 - x^2", "x", 1, 2, Verdict.ConvexOnBox)]
    [InlineData("x^4 - x^2", "x", -0.3, 0.3, Verdict.ConcaveOnBox)]
    [InlineData("x^4 - x^2", "x", -1, 1, Verdict.NotConvex)]
    [InlineData("sin(x)", "x", 0, 3, Verdict.ConcaveOnBox)]
    [InlineData("sin(x)", "x", 3.2, 6.2, Verdict.ConvexOnBox)]
    [InlineData("sigmoid(x)", "x", -5, 0, Verdict.ConvexOnBox)]
    [InlineData("x^2/y", "y", 0, double.PositiveInfinity, Verdict.ConvexOnBox)]
    [InlineData("1/x", "x", 0, double.PositiveInfinity, Verdict.ConvexOnBox)]
    [InlineData("1/x^2", "x", -1, 1, Verdict.NotConvex)]
    [InlineData("x^(-2)", "x", -1, 1, Verdict.NotConvex)]
    [InlineData("x*exp(x)", "x", -1.5, 3, Verdict.ConvexOnBox)]
    [InlineData("(1 - x)^2 + 100*(y - x^2)^2", "x", 0, 0, Verdict.Unknown)]
    public void BoxesDecideWhereTheWholeLineDoesNot(string text, string name, double low, double high, Verdict expected)
    {
        ConvexityCertificate certificate = ConvexityCertifier.Certify(Expression.Parse(text), new Dictionary<string, Interval> { [name] = new(low, high) });
        if (expected == Verdict.Unknown)
            Assert.True(certificate.Verdict is Verdict.ConvexOnBox or Verdict.Unknown, certificate.ToString());
        else
            Assert.Equal(expected, certificate.Verdict);
    }

    /// <summary>Where both ends of a segment are in the domain and a point between is not, nothing is convex, though each piece may be.</summary>
    [Theory]
    [InlineData("(x^2 - 1)^1.5")]
    [InlineData("-log(x^2 - 1)")]
    [InlineData("xlogx(x^2 - 3)")]
    [InlineData("tan(abs(x))")]
    [InlineData("tan(x)^2")]
    [InlineData("relu(quad_over_lin(1, y) - 3) + 1/x^2")]
    [InlineData("max(5, 1/y^2)")]
    [InlineData("max(10, sqrt(x^2 - 1))")]
    public void HolesInTheDomainAreNoProof(string text)
    {
        ConvexityCertificate certificate = ConvexityCertifier.Certify(Expression.Parse(text));
        Assert.True(certificate.Verdict is Verdict.Unknown or Verdict.NotConvex, certificate.ToString());
    }

    /// <summary>What is not defined stays so, whatever it is given to.</summary>
    [Theory]
    [InlineData("max(log(x), 1)")]
    [InlineData("min(log(x), 1)")]
    [InlineData("relu(log(x))")]
    [InlineData("huber(log(x))")]
    [InlineData("norm(1, sqrt(x))")]
    [InlineData("logsumexp(1, sqrt(x))")]
    public void WhatIsNotDefinedStaysSo(string text) =>
        Assert.True(double.IsNaN(Expression.Parse(text).Evaluate(new Dictionary<string, double> { ["x"] = -1 })));

    [Fact]
    public void VariablesAreJudgedAloneToo()
    {
        ConvexityCertificate product = ConvexityCertifier.Certify(Expression.Parse("x*y"));
        Assert.Equal(Verdict.NotConvex, product.Verdict);
        Assert.Equal([Verdict.Affine, Verdict.Affine], product.Variables.Values);
        ConvexityCertificate rosenbrock = ConvexityCertifier.Certify(Expression.Parse("(1 - x)^2 + 100*(y - x^2)^2"));
        Assert.Equal(Verdict.Convex, rosenbrock.Variables["y"]);
        Assert.NotEqual(Verdict.Convex, rosenbrock.Variables["x"]);
    }

    [Fact]
    public void RandomFormulasGetNoWrongVerdict()
    {
        Random random = new(11);
        int decided = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            string text = Draw(3);
            Expression formula = Expression.Parse(text);
            if (formula.Variables.Count == 0)
                continue;
            ConvexityCertificate certificate = ConvexityCertifier.Certify(formula);
            int sign = certificate.Verdict switch { Verdict.Convex => 1, Verdict.Concave => -1, _ => 0 };
            if (certificate.Verdict == Verdict.NotConvex)
                AssertViolates(text, certificate.Counterexample!);
            decided += certificate.Verdict == Verdict.Unknown ? 0 : 1;
            if (sign == 0 && certificate.Verdict != Verdict.Affine)
                continue;
            // Random segments must not violate what was certified.
            for (int k = 0; k < 200; k++)
            {
                Dictionary<string, double> x = Point(), y = Point(), middle = x.ToDictionary(p => p.Key, p => 0.5 * p.Value + 0.5 * y[p.Key]);
                double fx = formula.Evaluate(x), fy = formula.Evaluate(y), inner = formula.Evaluate(middle);
                if (!double.IsFinite(fx) || !double.IsFinite(fy))
                    continue;
                double slack = 1e-9 * (1 + Math.Abs(fx) + Math.Abs(fy) + Math.Abs(inner)), gap = inner - 0.5 * (fx + fy);
                Assert.True(certificate.Verdict == Verdict.Affine ? Math.Abs(gap) <= slack : sign * gap <= slack, $"{text}: {certificate.Verdict}, but {gap}");
            }

            Dictionary<string, double> Point() => formula.Variables.ToDictionary(name => name, _ => 6 * random.NextDouble() - 3);
        }
        Assert.True(decided > 200, $"{decided} of 300 formulas were decided");

        string Draw(int depth) => depth == 0
            ? random.Next(3) switch { 0 => "x", 1 => "y", _ => $"{random.Next(1, 5)}" }
            : random.Next(10) switch
            {
                0 or 1 => $"({Draw(depth - 1)} + {Draw(depth - 1)})",
                2 => $"({Draw(depth - 1)} - {Draw(depth - 1)})",
                3 => $"({Draw(depth - 1)})*({Draw(depth - 1)})",
                4 => $"max({Draw(depth - 1)}, {Draw(depth - 1)})",
                5 => $"({Draw(depth - 1)})^2",
                6 => $"({Draw(depth - 1)})/({Draw(depth - 1)})",
                _ => $"{s_names[random.Next(s_names.Length)]}({Draw(depth - 1)})",
            };
    }

    [Fact]
    public void AWrongBoxIsRefused() =>
        Assert.Contains("'z'", Assert.Throws<ArgumentException>(() => ConvexityCertifier.Certify(Expression.Parse("x+y"), new Dictionary<string, Interval> { ["z"] = new(0, 1) })).Message, StringComparison.Ordinal);

    private static void AssertViolates(string text, JensenViolation segment)
    {
        // In decimals where the formula is a polynomial one could be exact; here a plain double check with the stated gap.
        Expression f = Expression.Parse(text);
        double l = segment.Lambda;
        Dictionary<string, double> middle = segment.X.ToDictionary(p => p.Key, p => l * p.Value + (1 - l) * segment.Y[p.Key]);
        Assert.True(f.Evaluate(middle) > l * f.Evaluate(segment.X) + (1 - l) * f.Evaluate(segment.Y), $"{text}: {segment}");
        Assert.True(segment.Inner > segment.Chord);
    }
}
