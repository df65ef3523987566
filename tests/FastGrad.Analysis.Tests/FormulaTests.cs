using FastGrad.Analysis.Formulas;
using FastGrad.Losses;

namespace FastGrad.Analysis.Tests;

/// <summary>The formulas of the page are the library's derivatives, and its words on convexity are what the catalogue proves.</summary>
public sealed class FormulaTests
{
    public static TheoryData<string> Activations => [.. ActivationFormulas.All.Select(f => f.Name)];

    public static TheoryData<string> Losses => [.. LossFormulas.All.Select(f => f.Loss.Name)];

    [Theory]
    [MemberData(nameof(Activations))]
    public void ActivationsHaveTheDerivativesOfTheirFormulas(string name)
    {
        ActivationFormula formula = ActivationFormulas.All.Single(f => f.Name == name);
        double[] x = [.. Enumerable.Range(0, 161).Select(i => -8 + 0.1 * i + 0.037).Where(v => formula.Seams.All(seam => Math.Abs(v - seam) > 1e-3))];
        Func<Tensor<double>, Tensor<double>> first = Transforms.Grad<double>(t => formula.Apply(t).Sum()), second = Transforms.Grad<double>(t => first(t).Sum());
        double[] slopes = first(Tensor.From<double>(x)).ToArray(), bends = second(Tensor.From<double>(x)).ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(formula.Slope(x[i]), slopes[i], 1e-13);
            Assert.Equal(formula.Bend(x[i]), bends[i], 1e-13);
        }
    }

    [Fact]
    public void WordsOnConvexityAreTheCatalogues()
    {
        foreach (ActivationFormula formula in ActivationFormulas.All)
        {
            Convexity claim = OperatorCatalogue.Find(formula.Name)?.Convexity ?? Convexity.Unclaimed;
            string expected = claim switch
            {
                Convexity.Convex => "convex",
                Convexity.Concave => "concave",
                _ => "",
            };
            // A row may claim for a part of the axis only: its interval lies on one side of 0.
            bool part = OperatorCatalogue.Find(formula.Name)?.Cases[0][0].Low > 0;
            if (expected.Length > 0 && !part)
                Assert.StartsWith(expected, formula.Convexity, StringComparison.Ordinal);
            if (claim == Convexity.Neither)
                Assert.True(formula.Convexity.StartsWith("neither", StringComparison.Ordinal) || formula.Convexity.Contains(" for x ", StringComparison.Ordinal), formula.Name);
            Bends(formula);
        }

        // "convex" and "concave" alone: f″ never has the other sign.
        static void Bends(ActivationFormula formula)
        {
            for (double x = -8; x <= 8; x += 0.125)
            {
                if (formula.Convexity == "convex")
                    Assert.True(formula.Bend(x) >= 0, formula.Name);
                if (formula.Convexity == "concave")
                    Assert.True(formula.Bend(x) <= 0, formula.Name);
                if (formula.Convexity == "convex for x < 0, concave for x > 0")
                    Assert.True(formula.Bend(x) * x <= 0, formula.Name);
                if (formula.Convexity == "concave for x < 0, convex for x > 0")
                    Assert.True(formula.Bend(x) * x >= 0, formula.Name);
            }
        }
    }

    [Fact]
    public void EveryLossAndEveryActivationIsOnThePage()
    {
        Type[] losses = [.. typeof(Criterion<>).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && IsCriterion(type.BaseType))];
        Assert.Equal([], losses.Except(LossFormulas.All.Select(f => f.Loss.GetType().GetGenericTypeDefinition())).Select(type => type.Name));
        HashSet<string> names = [.. ActivationFormulas.All.Select(f => f.Name)];
        Type[] activations = [.. typeof(Kernels.Activations.Relu<>).Assembly.GetExportedTypes().Where(type => type.IsValueType && type.Namespace == typeof(Kernels.Activations.Relu<>).Namespace)];
        Assert.Equal([], activations.Where(type => !OperatorCatalogue.All.Any(row => row.Implementation == type && (names.Contains(row.Name) || row.Name.StartsWith("gated", StringComparison.Ordinal)))).Select(type => type.Name));

        static bool IsCriterion(Type? type) => type is not null && (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Criterion<>) || IsCriterion(type.BaseType));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void LossesHaveTheGradientsOfTheirFormulas(string name)
    {
        Criterion<double> criterion = LossFormulas.All.Single(f => f.Loss.Name == name).Loss;
        double[] a = [0.3, 0.8, 0.55], b = [0.7, 0.2, 0.6];
        switch (criterion)
        {
            case CosineEmbedding<double> loss:
                double cosine = Dot(a, b) / (Length(a) * Length(b));
                Expect(v => loss.Forward(v, Row(b), Tensor.From(1.0)), a, i => -(b[i] / Length(b) - cosine * a[i] / Length(a)) / Length(a));
                Expect(v => loss.Forward(v, Row(b), Tensor.From(-1.0)), a, i => (b[i] / Length(b) - cosine * a[i] / Length(a)) / Length(a));
                return;
            case MarginRanking<double> loss:
                Expect(v => loss.Forward(v.Reshape([3]), Tensor.From<double>(b), Tensor.From(1.0, 1, -1)), a, i => i == 0 ? -1.0 / 3 : 0);
                return;
            case TripletMargin<double> loss:
                double[] n = [0.1, 0.4, 0.9], ab = [.. a.Zip(b, (p, q) => p - q + 1e-6)], an = [.. a.Zip(n, (p, q) => p - q + 1e-6)];
                Expect(v => loss.Forward(v, Row(b), Row(n)), a, i => ab[i] / Length(ab) - an[i] / Length(an));
                return;
            case InfoNce<double> loss:
                // Two pairs; the gradient in the similarities, of which v are the first vectors' sums with unit vectors.
                Tensor<double> partners = Tensor.From<double>([1, 0, 0, 1], [2, 2]);
                double[] angles = [0.4, 1.1];
                double[] gradient = Transforms.Grad<double>(v => loss.Forward(TensorShapes.Concatenate<double>(1, v.Cos(), v.Sin()), partners))(Tensor.From<double>(angles, [2, 1])).ToArray();
                for (int i = 0; i < 2; i++)
                {
                    double c = Math.Cos(angles[i]), s = Math.Sin(angles[i]), p = 1 / (1 + Math.Exp((s - c) / 0.07)), d = (p - (i == 0 ? 1 : 0)) / 0.07;
                    Assert.Equal(d * (-s - c) / 2, gradient[i], 1e-9);
                }
                return;
        }
        Loss<double> of = (Loss<double>)criterion;
        double[] y = [0.9, 0.2, 0.6], sum = [a.Sum() + y.Sum() + 1];
        double overlap = (2 * Dot(a, y) + 1) / sum[0], whole = a.Sum(Math.Exp);
        (Target<double> target, Func<int, double> slope) = of switch
        {
            MeanSquaredError<double> => Elements(y, (p, t) => 2 * (p - t)),
            MeanAbsoluteError<double> => Elements(y, (p, t) => Math.Sign(p - t)),
            Huber<double> => Elements([0.1, 3, -2], (p, t) => Math.Clamp(p - t, -1, 1)),
            SmoothL1<double> => Elements([0.1, 3, -2], (p, t) => Math.Clamp(p - t, -1, 1)),
            LogCosh<double> => Elements(y, (p, t) => Math.Tanh(p - t)),
            Quantile<double> => Elements(y, (p, t) => p > t ? 0.5 : -0.5),
            PoissonNll<double> => Elements([3, 0, 1], (p, t) => Math.Exp(p) - t),
            BinaryCrossEntropy<double> => Elements(y, (p, t) => 1 / (1 + Math.Exp(-p)) - t),
            BinaryCrossEntropyOfProbabilities<double> => Elements(y, (p, t) => (p - t) / (p * (1 - p))),
            Focal<double> => Elements([1, 0, 1], FocalSlope),
            Hinge<double> => Elements([1, -1, 1], (p, t) => p * t < 1 ? -t : 0),
            SquaredHinge<double> => Elements([1, -1, 1], (p, t) => -2 * t * Math.Max(0, 1 - p * t)),
            KlDivergence<double> => (Row(y), i => -y[i]),
            CrossEntropy<double> => (Tensor.From(1), i => Math.Exp(a[i]) / whole - (i == 1 ? 1 : 0)),
            NegativeLogLikelihood<double> => (Tensor.From(1), i => i == 1 ? -1 : 0),
            MultiMargin<double> => (Tensor.From(0), i => (i == 0 ? -2 : 1) / 3.0),
            Dice<double> => (Row(y), i => (overlap - 2 * y[i]) / sum[0]),
            GaussianNll<double> => (Tensor.From([0.9], [1, 1]), i => i == 0 ? (a[0] - 0.9) / a[1] : (1 / a[1] - (a[0] - 0.9) * (a[0] - 0.9) / (a[1] * a[1])) / 2),
            _ => throw new InvalidOperationException($"The gradient of {name} is not held against its formula."),
        };
        if (of is GaussianNll<double>)
            Expect(v => of.Terms(v, target).Sum(), a[..2], slope);
        else
            Expect(v => of.Terms(v, target).Sum(), a, slope);

        (Target<double>, Func<int, double>) Elements(double[] targets, Func<double, double, double> slopeOf) => (Row(targets), i => slopeOf(a[i], targets[i]));
    }

    private static double FocalSlope(double z, double y)
    {
        double s = 1 / (1 + Math.Exp(-z));
        return y == 1 ? 0.25 * (1 - s) * (1 - s) * (2 * s * Math.Log(s) - (1 - s)) : 0.75 * s * s * (s - 2 * (1 - s) * Math.Log(1 - s));
    }

    private static void Expect(Func<Tensor<double>, Tensor<double>> f, double[] at, Func<int, double> slope)
    {
        double[] gradient = Transforms.Grad(f)(Row(at)).ToArray();
        for (int i = 0; i < at.Length; i++)
            Assert.Equal(slope(i), gradient[i], 1e-10); // rows of cosines have ε beside their lengths
    }

    private static Tensor<double> Row(double[] values) => Tensor.From<double>(values, [1, values.Length]);

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();

    private static double Length(double[] a) => Math.Sqrt(Dot(a, a));
}
