using FastGrad.Analysis.Expressions;

namespace FastGrad.Analysis.Tests;

/// <summary>Formulas: what is read, what it means, and what is refused.</summary>
public sealed class ExpressionTests
{
    [Theory]
    [InlineData("1+2*3", 7)]
    [InlineData("2^3^2", 512)]
    [InlineData("-2^2", -4)]
    [InlineData("2**-1", 0.5)]
    [InlineData("8/4/2", 1)]
    [InlineData("7-2-1", 4)]
    [InlineData("2x", 6)]
    [InlineData("2(x+1)", 8)]
    [InlineData("-2x^2", -18)]
    [InlineData("1.5e2+x", 153)]
    [InlineData("max(1, x, 2)", 3)]
    [InlineData("ln(e)", 1)]
    [InlineData("sqrt(x*x)+-1", 2)]
    [InlineData("norm(x, 4)", 5)]
    [InlineData("huber(x)-huber(0.5)", 2.375)]
    [InlineData("quad_over_lin(x, 2)", 4.5)]
    public void ReadsAsPeopleWrite(string text, double value) =>
        Assert.Equal(value, Expression.Parse(text).Evaluate(new Dictionary<string, double> { ["x"] = 3 }), 1e-14);

    [Theory]
    [InlineData("", "the formula ends")]
    [InlineData("1+", "the formula ends")]
    [InlineData("(x", "expected ')'")]
    [InlineData("x y", "character 3")]
    [InlineData("sine(x)", "Did you mean 'sin'")]
    [InlineData("exp", "is a function")]
    [InlineData("exp(1,2)", "2 arguments; expected 1")]
    [InlineData("1..2", "no number")]
    [InlineData("x $ y", "'$'")]
    public void RefusesWithThePlace(string text, string part) =>
        Assert.Contains(part, Assert.Throws<FormatException>(() => Expression.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void AListOfNamesEndsWithOnePeriod() =>
        Assert.EndsWith("huber.", Assert.Throws<FormatException>(() => Expression.Parse("foo(x)")).Message, StringComparison.Ordinal);

    [Fact]
    public void DeepNestingIsRefusedNotACrash() =>
        Assert.Contains("deeper", Assert.Throws<FormatException>(() => Expression.Parse(new string('(', 5000) + "x" + new string(')', 4000))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a-(b-c)")]
    [InlineData("a/(b*c)")]
    [InlineData("(a^b)^c")]
    [InlineData("(-a)^2")]
    [InlineData("a^(-b)")]
    [InlineData("-(a+b)*c")]
    [InlineData("2*exp(-a*b)/(1+c^2)")]
    public void WritingAndReadingAgainIsTheSame(string text)
    {
        Expression once = Expression.Parse(text), again = Expression.Parse(once.ToString());
        Dictionary<string, double> at = new() { ["a"] = 1.7, ["b"] = 0.6, ["c"] = 2.3 };
        Assert.Equal(once, again);
        Assert.Equal(once.Evaluate(at), again.Evaluate(at));
    }

    [Fact]
    public void TensorsAgreeWithNumbersAndHaveDerivatives()
    {
        Random random = new(5);
        foreach (Function function in Functions.All.Where(f => f.Least == 1 && f.Most == 1))
        {
            Expression f = Expression.Parse($"{function.Name}(x)");
            for (int i = 0; i < 20; i++)
            {
                double x = function.Name is "acosh" ? 1.1 + random.NextDouble() : 0.05 + 0.9 * random.NextDouble(), h = 1e-5;
                double At(double v) => f.Evaluate(new Dictionary<string, double> { ["x"] = v });
                Tensor<double> tensor = Tensor.Scalar(x);
                tensor.RequiresGrad = true;
                Tensor<double> y = f.Evaluate(new Dictionary<string, Tensor<double>> { ["x"] = tensor });
                y.Backward();
                Assert.Equal(At(x), y.Item(), 1e-13);
                Assert.True(Math.Abs((At(x + h) - At(x - h)) / (2 * h) - tensor.Grad!.Item()) < 1e-6 * Math.Max(1, Math.Abs(tensor.Grad!.Item())), function.Name);
            }
        }
    }
}
