using FastGrad.Losses;

namespace FastGrad.Analysis.Tests;

/// <summary>What losses declare of their curvature: m/2·‖d‖² ≤ ℓ(p + d) − ℓ(p) − ∇ℓ(p)·d ≤ L/2·‖d‖², and no tighter constants hold.</summary>
public sealed class LossCurvatureTests
{
    public static TheoryData<string, Loss<double>, Target<double>> Losses => new()
    {
        { "mse", new MeanSquaredError<double>(Reduction.None), Tensor.From(0.5) },
        { "bce", new BinaryCrossEntropy<double>(Reduction.None), Tensor.From(0.25) },
        { "cross entropy", new CrossEntropy<double>(Reduction.None), Tensor.From(1) },
        { "huber", new Huber<double>(0.5, Reduction.None), Tensor.From(0.5) },
        { "smooth l1", new SmoothL1<double>(0.25, Reduction.None), Tensor.From(0.5) },
        { "log cosh", new LogCosh<double>(Reduction.None), Tensor.From(0.5) },
        { "weighted bce", new BinaryCrossEntropy<double>(6.0, Reduction.None), Tensor.From(1.0) },
        { "squared hinge", new SquaredHinge<double>(1, Reduction.None), Tensor.From(-1.0) },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void DeclaredConstantsHold(string name, Loss<double> loss, Target<double> target)
    {
        Random random = new(20);
        int width = target.Labels is null ? 1 : 3;
        double most = 0;
        for (int trial = 0; trial < 500; trial++)
        {
            Shape shape = target.Labels is null ? [1] : [1, 3];
            double length = Math.Pow(10, random.Next(-2, 2));
            Tensor<double> p = Draw(3), d = Draw(length);
            if (trial == 0 && width == 3)
                (p, d) = (Tensor.From<double>([0.0, 0, -50], shape), Tensor.From<double>([0.02, -0.02, 0], shape)); // where softmax is steepest
            else if (trial == 0)
                (p, d) = (Tensor.Zeros<double>(shape), Tensor.Full(shape, 0.02));
            (Tensor<double> value, Tensor<double> slope) = Transforms.Jvp(v => loss.Terms(v, target), p, d);
            double excess = loss.Terms(p + d, target).Item() - value.Item() - slope.Item(), square = d.ToArray().Sum(v => v * v) / 2;
            double slack = 16 * 2.22e-16 * (Math.Abs(value.Item()) + Math.Abs(slope.Item()) + p.ToArray().Sum(Math.Abs) + d.ToArray().Sum(Math.Abs));
            Assert.True(excess >= loss.Curvature.StrongConvexity * square - slack, $"{name}: {excess} under the lower bound");
            Assert.True(excess <= loss.Curvature.Smoothness * square + slack, $"{name}: {excess} over the upper bound {loss.Curvature.Smoothness * square}");
            most = Math.Max(most, excess / square);

            Tensor<double> Draw(double size) => Tensor.From<double>([.. Enumerable.Range(0, width).Select(_ => size * (2 * random.NextDouble() - 1))], shape);
        }
        Assert.True(loss.Curvature.IsConvex);
        Assert.InRange(most, 0.99 * loss.Curvature.Smoothness, 1.01 * loss.Curvature.Smoothness);
    }

    [Fact]
    public void GradientsInTheLogitsAreThoseOfTheBooks()
    {
        double[] z = [-30, -2, -0.5, 0, 0.5, 2, 30];
        foreach (double y in new[] { 0, 0.3, 1 })
        {
            double[] gradient = Transforms.Grad<double>(v => new BinaryCrossEntropy<double>(Reduction.Sum).Forward(v, Tensor.Full(v.Shape, y)))(Tensor.From<double>(z)).ToArray();
            for (int i = 0; i < z.Length; i++)
                Assert.Equal(1 / (1 + Math.Exp(-z[i])) - y, gradient[i], 1e-15);
        }
        Tensor<double> logits = Tensor.From<double>([1, -1, 0.5, 3, 3, -2.0], [2, 3]);
        double[] g = Transforms.Grad<double>(v => new CrossEntropy<double>(Reduction.Sum).Forward(v, Tensor.From(2, 0)))(logits).ToArray();
        for (int i = 0; i < 2; i++)
        {
            double sum = Enumerable.Range(0, 3).Sum(j => Math.Exp(logits[i, j]));
            for (int j = 0; j < 3; j++)
                Assert.Equal(Math.Exp(logits[i, j]) / sum - (j == (i == 0 ? 2 : 0) ? 1 : 0), g[3 * i + j], 1e-15);
        }
    }

    [Fact]
    public void EveryLossHasARow()
    {
        HashSet<Type> rows = [.. Catalogue.OperatorCatalogue.All.Select(row => row.Implementation)];
        Type[] losses = [.. typeof(Criterion<>).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && IsCriterion(type.BaseType))];
        Assert.True(losses.Length >= 20);
        Assert.Equal([], losses.Where(loss => !rows.Contains(loss)).Select(loss => loss.Name));

        static bool IsCriterion(Type? type) => type is not null && (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Criterion<>) || IsCriterion(type.BaseType));
    }

    [Fact]
    public void WhatIsDeclaredNotConvexIsNot()
    {
        // The middle of a segment lies above the chord.
        Bends(new Focal<double>(2, 0.25, Reduction.Sum), Tensor.From(1.0), [-8.0], [-2.0]);
        Bends(new Dice<double>(1, Reduction.Sum), Tensor.From<double>([0.0, 0], [1, 2]), [0.0, 0], [1.0, 1]);
        Bends(new GaussianNll<double>(reduction: Reduction.Sum), Tensor.From<double>([0.0], [1, 1]), [0.0, 1], [0.0, 9]);

        static void Bends(Loss<double> loss, Tensor<double> target, double[] x, double[] y)
        {
            Assert.False(loss.Curvature.IsConvex);
            double[] middle = [.. x.Zip(y, (a, b) => (a + b) / 2)];
            Assert.True(At(middle) > (At(x) + At(y)) / 2 + 1e-3, $"{loss.Name}: {At(middle)} between {At(x)} and {At(y)}");

            double At(double[] p) => loss.Forward(Tensor.From<double>(p, target.Rank == 1 ? [p.Length] : [1, p.Length]), target).Item();
        }
    }
}
