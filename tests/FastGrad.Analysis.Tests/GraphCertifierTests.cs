using FastGrad.Analysis.Certificates;
using FastGrad.Data;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Analysis.Tests;

/// <summary>Losses of models, as functions of their weights: convex where the books say so, refuted where a hidden layer makes them otherwise.</summary>
public sealed class GraphCertifierTests
{
    private static readonly Tensor<double> s_x = Tensor.From<double>([.. Enumerable.Range(0, 24).Select(i => (double)(i * 37 % 23 - 11) / 7)], [8, 3]);

    private static readonly Tensor<double> s_y = Tensor.From<double>([1, -2, 0.5, 3, -1, 0, 2, 1.0], [8, 1]);

    private static readonly Tensor<double> s_probabilities = Tensor.From<double>([1, 0, 0.5, 1, 0, 0, 1, 1.0], [8, 1]);

    private static readonly Tensor<int> s_labels = Tensor.From(0, 1, 2, 0, 1, 2, 2, 1);

    public static TheoryData<string, Func<Linear<double>, Tensor<double>>> ConvexInWeights => new()
    {
        { "linear regression", m => new MeanSquaredError<double>().Forward(m.Invoke(s_x), s_y) },
        { "ridge regression", m => new MeanSquaredError<double>().Forward(m.Invoke(s_x), s_y) + m.Weight.Tensor.Square().Sum() * 0.1 },
        { "lasso", m => new MeanSquaredError<double>().Forward(m.Invoke(s_x), s_y) + m.Weight.Tensor.Abs().Sum() * 0.1 },
        { "logistic regression", m => new BinaryCrossEntropy<double>().Forward(m.Invoke(s_x), s_probabilities) },
        { "logistic regression, summed", m => new BinaryCrossEntropy<double>(Reduction.Sum).Forward(m.Invoke(s_x), s_probabilities) },
        { "huber", m => new Huber<double>(0.5).Forward(m.Invoke(s_x), s_y) },
        { "absolute error", m => new MeanAbsoluteError<double>().Forward(m.Invoke(s_x), s_y) },
        { "log cosh", m => new LogCosh<double>().Forward(m.Invoke(s_x), s_y) },
        { "quantile", m => new Quantile<double>(0.3).Forward(m.Invoke(s_x), s_y) },
        { "poisson", m => new PoissonNll<double>().Forward(m.Invoke(s_x), s_y.Abs()) },
        { "support vector machine", m => new Hinge<double>().Forward(m.Invoke(s_x), s_probabilities * 2 - 1) + m.Weight.Tensor.Square().Sum() },
        { "by hand", m => (s_x.MatMul(m.Weight.Tensor.Transpose()) + m.Bias!.Tensor - s_y).Square().Mean() },
        { "norm", m => (m.Invoke(s_x) - s_y).Square().Sum().Sqrt() },
        { "log-sum-exp", m => m.Invoke(s_x).Exp().Sum().Log() },
    };

    [Theory]
    [MemberData(nameof(ConvexInWeights))]
    public void RegressionsAreConvexInTheirWeights(string name, Func<Linear<double>, Tensor<double>> loss)
    {
        Linear<double> model = new(3, 1);
        model.Initialize(1);
        ConvexityCertificate certificate = Certify(() => loss(model), model);
        Assert.True(certificate.Verdict == Verdict.Convex, $"{name}: {certificate}");
        Assert.NotEmpty(certificate.Proof);
    }

    [Fact]
    public void SoftmaxRegressionIsConvexInItsWeights()
    {
        Linear<double> model = new(3, 3);
        model.Initialize(2);
        Assert.Equal(Verdict.Convex, Certify(() => new CrossEntropy<double>().Forward(model.Invoke(s_x), s_labels), model).Verdict);
        Assert.Equal(Verdict.Convex, Certify(() => new NegativeLogLikelihood<double>().Forward(model.Invoke(s_x).LogSoftmax(-1), s_labels), model).Verdict);
    }

    [Fact]
    public void AFactorBelowZeroTurnsTheBend()
    {
        Linear<double> model = new(3, 1);
        model.Initialize(5);
        Assert.Equal(Verdict.Concave, Certify(() => new MeanSquaredError<double>().Forward(model.Invoke(s_x), s_y) * -2, model).Verdict);
        Assert.Equal(Verdict.Concave, Certify(() => -model.Invoke(s_x).Exp().Sum(), model).Verdict);
    }

    /// <summary>Attributes that turn a convex operation into another: an exponent below 1, a padding below 0.</summary>
    [Fact]
    public void AttributesAreNotOverlooked()
    {
        Tensor<double> w = Tensor.From(0.5, -0.5);
        Assert.Equal(Verdict.Convex, GraphCertifier.Certify(() => w.Norm(3), [("w", w)]).Verdict);
        Assert.Equal(Verdict.NotConvex, GraphCertifier.Certify(() => w.Norm(0.5), [("w", w)]).Verdict);
        // (|a| + |b| − 5)², and with a padding of 0 the square of a norm.
        Assert.Equal(Verdict.NotConvex, GraphCertifier.Certify(() => w.Abs().Pad([0, 1], value: -5.0).Sum().Square(), [("w", w)]).Verdict);
    }

    /// <summary>Signs of constants that are computed, and clamps from one side, decide; both ways round.</summary>
    [Fact]
    public void ComputedConstantsHaveSigns()
    {
        Tensor<double> w = Tensor.From(0.5, -0.5), a = Tensor.From(0.25, 0.75);
        Assert.Equal(Verdict.Convex, Of(() => (w.Exp() * (1 - a)).Sum()));
        Assert.Equal(Verdict.Concave, Of(() => (w.Exp() * (a - 1)).Sum()));
        Assert.Equal(Verdict.Convex, Of(() => (w.Exp() * (a * 3)).Sum()));
        Assert.Equal(Verdict.Concave, Of(() => (w.Exp() * (a * -3)).Sum()));
        Assert.Equal(Verdict.NotConvex, Of(() => (w.Exp() * (a - 0.5)).Sum()));
        Assert.Equal(Verdict.Convex, Of(() => w.Clamp(min: 0.25).Sum()));
        Assert.Equal(Verdict.Concave, Of(() => w.Clamp(max: 0.25).Sum()));
        Assert.Equal(Verdict.NotConvex, Of(() => w.Clamp(-0.5, 0.25).Sum()));
        Assert.Equal(Verdict.Convex, Of(() => w.Square().Clamp(min: 1).Sum()));
        Assert.Equal(Verdict.NotConvex, Of(() => w.Square().Clamp(max: 1).Sum()));
        Assert.Equal(Verdict.NotConvex, Of(() => w.Abs().MatMul(a - 0.5)));
        Assert.Equal(Verdict.Convex, Of(() => w.Abs().MatMul(a)));

        Verdict Of(Func<Tensor<double>> loss) => GraphCertifier.Certify(loss, [("w", w)]).Verdict;
    }

    [Fact]
    public void AHiddenLayerIsRefutedByASegment()
    {
        Sequential<double> model = new(new Linear<double>(3, 4), new Tanh<double>(), new Linear<double>(4, 1));
        model.Initialize(3);
        Func<Tensor<double>> loss = () => new MeanSquaredError<double>().Forward(model.Invoke(s_x), s_y);
        ConvexityCertificate certificate = Certify(loss, model);
        Assert.Equal(Verdict.NotConvex, certificate.Verdict);
        JensenViolation segment = certificate.Counterexample!;
        Assert.Contains("0.weight[0]", segment.X.Keys);
        // The values again, from the printed numbers alone.
        double fx = At(segment.X), fy = At(segment.Y), inner = At(segment.X.ToDictionary(p => p.Key, p => p.Value / 2 + segment.Y[p.Key] / 2));
        Assert.True(inner > fx / 2 + fy / 2 + 1e-6);
        // The last layer alone is a linear regression on features that stay.
        Assert.Equal(Verdict.Convex, certificate.Variables["2.weight"]);
        Assert.NotEqual(Verdict.Convex, certificate.Variables["0.weight"]);

        double At(IReadOnlyDictionary<string, double> point)
        {
            foreach (NamedParameter<double> p in model.NamedParameters())
            {
                Span<double> values = p.Parameter.Tensor.AsSpan();
                for (int i = 0; i < values.Length; i++)
                    values[i] = point[values.Length == 1 ? p.Name : $"{p.Name}[{i}]"];
            }
            return loss().Item();
        }
    }

    [Fact]
    public void WeightsAreRestoredAfterTheSearch()
    {
        Sequential<double> model = new(new Linear<double>(3, 2), new Sigmoid<double>(), new Linear<double>(2, 1));
        model.Initialize(4);
        double[][] before = [.. model.NamedParameters().Select(p => p.Parameter.Tensor.ToArray())];
        Certify(() => new MeanSquaredError<double>().Forward(model.Invoke(s_x), s_y), model);
        Assert.Equal(before, model.NamedParameters().Select(p => p.Parameter.Tensor.ToArray()));
    }

    [Fact]
    public void MasksFromElementsAreNotOverlooked()
    {
        // where(w > 0, w, 0)·(−1): concave; a walk that takes the mask for a constant would call it affine.
        Tensor<double> w = Tensor.From(0.5, -0.5);
        ConvexityCertificate certificate = GraphCertifier.Certify(() => -w.Where(w.GreaterThan(Tensor.Scalar(0.0)), Tensor.Zeros<double>([2])).Sum(), [("w", w)]);
        Assert.Equal(Verdict.NotConvex, certificate.Verdict);
    }

    public static TheoryData<string, Criterion<double>, Func<Tensor<double>, Tensor<double>>, bool> Declared
    {
        get
        {
            TheoryData<string, Criterion<double>, Func<Tensor<double>, Tensor<double>>, bool> rows = [];
            Add(new MeanSquaredError<double>(), s_y);
            Add(new MeanAbsoluteError<double>(), s_y);
            Add(new Huber<double>(0.7), s_y);
            Add(new SmoothL1<double>(0.7), s_y);
            Add(new LogCosh<double>(), s_y);
            Add(new Quantile<double>(0.25), s_y);
            Add(new PoissonNll<double>(), s_y.Abs());
            Add(new BinaryCrossEntropy<double>(), s_probabilities);
            Add(new BinaryCrossEntropy<double>(3.0), s_probabilities);
            Add(new Focal<double>(2, 0.25), s_probabilities);
            Add(new Hinge<double>(), s_probabilities * 2 - 1);
            Add(new SquaredHinge<double>(), s_probabilities * 2 - 1);
            Add(new KlDivergence<double>(), s_probabilities);
            Add(new Dice<double>(), s_probabilities);
            return rows;

            void Add(Loss<double> loss, Tensor<double> target) => rows.Add(loss.Name, loss, p => loss.Forward(p, target), loss.Curvature.IsConvex);
        }
    }

    /// <summary>What a loss declares of its convexity in the prediction, the certifier proves; what it denies, it never proves.</summary>
    [Theory]
    [MemberData(nameof(Declared))]
    public void DeclaredConvexityOfLosses(string name, Criterion<double> loss, Func<Tensor<double>, Tensor<double>> of, bool isConvex)
    {
        Tensor<double> p = Tensor.Full<double>([8, 1], 0.3);
        ConvexityCertificate certificate = GraphCertifier.Certify(() => of(p), [("prediction", p)]);
        if (isConvex)
            Assert.True(certificate.Verdict is Verdict.Convex or Verdict.Affine, $"{name} ({loss.Name}): {certificate}");
        else
            Assert.True(certificate.Verdict is Verdict.NotConvex or Verdict.Unknown, $"{name}: {certificate}");
    }

    private static ConvexityCertificate Certify(Func<Tensor<double>> loss, Module<double> model) =>
        GraphCertifier.Certify(loss, [.. model.NamedParameters().Select(p => (p.Name, p.Parameter.Tensor))]);
}
