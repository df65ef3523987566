using FastGrad.Analysis.Certificates;
using FastGrad.Losses;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace FastGrad.Analysis.Tests;

/// <summary>Every loss's declared convexity, twice: proven by the certifier where it can be, and held against random segments. A loss without a row here fails.</summary>
public sealed class LossConvexityTests
{
    private const int Rows = 4, Columns = 3;

    private static readonly Tensor<double> s_numbers = Wide([0.5, -1, 2, 0, 1, -0.25, 3, 0.1, -2, 1.5, -0.7, 0.3]), s_probabilities = Wide([1, 0, 0.5, 0.25, 0, 1, 0.9, 0.1, 0, 0.2, 0.3, 0.5]), s_signs = Wide([1, -1, 1, 1, -1, -1, 1, 1, -1, 1, -1, 1]);

    private static readonly Tensor<int> s_labels = Tensor.From(0, 2, 1, 2);

    /// <summary>A loss as a function of its prediction; each number of it is taken into the domain by a map.</summary>
    private sealed record Row(Criterion<double> Loss, Func<Tensor<double>, Tensor<double>> Of, Func<double, double> Inside, bool IsProvable = true);

    private static readonly Row[] s_rows =
    [
        Compared(new MeanSquaredError<double>(), s_numbers), Compared(new MeanAbsoluteError<double>(), s_numbers), Compared(new Huber<double>(0.7), s_numbers), Compared(new SmoothL1<double>(0.7), s_numbers),
        Compared(new LogCosh<double>(), s_numbers), Compared(new Quantile<double>(0.25), s_numbers), Compared(new PoissonNll<double>(), s_numbers.Abs()), Compared(new BinaryCrossEntropy<double>(), s_probabilities),
        Compared(new BinaryCrossEntropy<double>(3.0), s_probabilities), Compared(new Focal<double>(2, 0.25), s_probabilities),
        Compared(new Hinge<double>(), s_signs), Compared(new SquaredHinge<double>(), s_signs), Compared(new KlDivergence<double>(), s_probabilities), Compared(new Dice<double>(), s_probabilities),
        Compared(new CrossEntropy<double>(), s_labels), Compared(new CrossEntropy<double>(0.2), s_labels), Compared(new CrossEntropy<double>(0, [0.5, 2, 1]), s_labels), Compared(new CrossEntropy<double>(), s_probabilities),
        Compared(new NegativeLogLikelihood<double>(), s_labels), Compared(new MultiMargin<double>(1), s_labels), Compared(new MultiMargin<double>(2), s_labels),
        // Its logarithms are held at −100, so probabilities below e⁻¹⁰⁰ bend it down: convex for every other, and no proof of all.
        Compared(new BinaryCrossEntropyOfProbabilities<double>(), s_probabilities, Fraction) with { IsProvable = false },
        // Means and variances side by side; only the variances have a domain, and a positive mean is as good as any.
        new(new GaussianNll<double>(), p => new GaussianNll<double>().Forward(p.Slice(1, 0, 2), s_numbers.Slice(1, 0, 1)), v => 0.05 + Math.Abs(v)),
        new(new MarginRanking<double>(0.5), p => new MarginRanking<double>(0.5).Forward(p.Slice(1, 0, 1).Reshape([Rows]), p.Slice(1, 1, 1).Reshape([Rows]), Tensor.From(1.0, -1, 1, -1)), v => v),
        new(new CosineEmbedding<double>(), p => new CosineEmbedding<double>().Forward(p, s_numbers, Tensor.From(1.0, -1, 1, -1)), v => v),
        new(new TripletMargin<double>(), p => new TripletMargin<double>().Forward(p, s_numbers, s_probabilities), v => v),
        new(new InfoNce<double>(), p => new InfoNce<double>().Forward(p, s_numbers), v => v),
    ];

    public static TheoryData<int, string> Cases
    {
        get
        {
            TheoryData<int, string> cases = [];
            for (int i = 0; i < s_rows.Length; i++)
                cases.Add(i, s_rows[i].Loss.Name);
            return cases;
        }
    }

    [Fact]
    public void EveryLossIsHere()
    {
        Type[] losses = [.. typeof(Criterion<>).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && IsCriterion(type.BaseType))];
        Assert.True(losses.Length >= 20);
        Assert.Equal([], losses.Except(s_rows.Select(row => row.Loss.GetType().GetGenericTypeDefinition())).Select(type => type.Name));

        static bool IsCriterion(Type? type) => type is not null && (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Criterion<>) || IsCriterion(type.BaseType));
    }

    /// <summary>What a loss declares the certifier proves, where it can be proven; what it denies it never proves, and a segment shows it.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void TheCertifierAgrees(int index, string name)
    {
        Row row = s_rows[index];
        Tensor<double> p = Wide([.. Enumerable.Range(0, Rows * Columns).Select(i => row.Inside(Math.Sin(i + 1)))]);
        ConvexityCertificate certificate = GraphCertifier.Certify(() => row.Of(p), [("prediction", p)]);
        if (row.Loss.Curvature.IsConvex)
        {
            Assert.True(row.IsProvable ? certificate.Verdict is Verdict.Convex or Verdict.Affine : certificate.Verdict == Verdict.Unknown, $"{name}: {certificate}");
            return;
        }
        Assert.True(certificate.Verdict is Verdict.NotConvex or Verdict.Unknown, $"{name}: {certificate}");
        Random random = new(31);
        double widest = double.NegativeInfinity;
        for (int trial = 0; trial < 3000 && widest < 1e-6; trial++)
        {
            // Along one number in every other trial: what bends down in it is not hidden by the others.
            double[] x = Draw(), y = Draw();
            int one = random.Next(x.Length);
            for (int i = 0; i < x.Length && trial % 2 == 1; i++)
                y[i] = i == one ? y[i] : x[i];
            widest = Math.Max(widest, Gap(row, x, y, 0.5).Gap);
        }
        Assert.True(widest >= 1e-6, $"{name} declares that it is not convex, and no segment shows it: {widest}");

        double[] Draw() => [.. Enumerable.Range(0, Rows * Columns).Select(_ => row.Inside(8 * random.NextDouble() - 4))];
    }

    [Property(MaxTest = 60)]
    public Property NoSegmentRefutesWhatIsDeclared(NormalFloat[] a, NormalFloat[] b, byte weight)
    {
        Property all = true.ToProperty();
        foreach (Row row in s_rows.Where(row => row.Loss.Curvature.IsConvex))
        {
            (double gap, double scale) = Gap(row, Point(a, row, 0.3), Point(b, row, -0.8), weight / 255.0);
            all = all.And((!(gap > 1e-13 * scale)).Label($"{row.Loss.Name}: {gap} above the chord, of magnitudes {scale}"));
        }
        return all;

        // Some digits of what is drawn, within ±50 so that exp(50) squared is finite.
        static double[] Point(NormalFloat[] drawn, Row row, double other) =>
            [.. Enumerable.Range(0, Rows * Columns).Select(i => row.Inside(i < drawn.Length ? Math.IEEERemainder(drawn[i].Get, 100) : other * (i + 1)))];
    }

    // f(λx + (1 − λ)y) less the chord, and the magnitudes whose rounding is in it.
    private static (double Gap, double Scale) Gap(Row row, double[] x, double[] y, double lambda)
    {
        double fx = At(x), fy = At(y), inner = At([.. x.Zip(y, (p, q) => lambda * p + (1 - lambda) * q)]);
        return (inner - (lambda * fx + (1 - lambda) * fy), 1 + Math.Abs(fx) + Math.Abs(fy) + Math.Abs(inner) + x.Sum(Math.Abs) + y.Sum(Math.Abs));

        double At(double[] point) => row.Of(Wide(point)).Item();
    }

    private static Row Compared(Loss<double> loss, Target<double> target, Func<double, double>? inside = null) => new(loss, p => loss.Forward(p, target), inside ?? (v => v));

    private static double Fraction(double v) => 0.5 + Math.Atan(v) / Math.PI * 0.999;

    private static Tensor<double> Wide(double[] values) => Tensor.From<double>(values, [Rows, Columns]);
}
