using FastGrad.Analysis.Curvature;
using FastGrad.Kernels.Philox;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Analysis.Tests;

/// <summary>Curvature without a Hessian against the Hessian itself, and points whose kind is known.</summary>
public sealed class CurvatureTests
{
    private static Objective Network(int hidden, ulong seed)
    {
        Sequential<double> model = new(new Linear<double>(3, hidden), new Tanh<double>(), new Linear<double>(hidden, 2));
        model.Initialize(seed);
        double[] x = new double[36], y = new double[24];
        new PhiloxStream(seed, 7).FillNormal<double>(x, 0, 1);
        new PhiloxStream(seed, 8).FillNormal<double>(y, 0, 1);
        Tensor<double> inputs = Tensor.From<double>(x, [12, 3]), targets = Tensor.From<double>(y, [12, 2]);
        MeanSquaredError<double> loss = new();
        return Objective.Of(model, () => loss.Forward(model.Invoke(inputs), targets));
    }

    private static Objective Quadratic(params double[] curvatures)
    {
        Tensor<double> c = Tensor.From(curvatures);
        return new(x => (x.Square() * c).Sum() * 0.5, Tensor.Zeros<double>([curvatures.Length]));
    }

    private static Func<Tensor<double>, Tensor<double>> OfThree(Func<Tensor<double>, Tensor<double>, Tensor<double>, Tensor<double>> f) =>
        x => f(x.Slice(0, 0, 1), x.Slice(0, 1, 1), x.Slice(0, 2, 1)).Sum();

    [Theory]
    [InlineData(4, 1)] // 26 parameters: the whole spectrum
    [InlineData(9, 2)] // 56
    public void LanczosAgreesWithADenseSolver(int hidden, ulong seed)
    {
        Objective objective = Network(hidden, seed);
        double[] dense = SymmetricEigenvalues.Of(Transforms.Hessian(objective.Function, objective.Point));
        foreach (int steps in (int[])[200, objective.Count - 1]) // one step short: not whole
        {
            HessianSpectrum spectrum = HessianSpectrum.Of(objective, new() { Count = 3, MostSteps = steps, Seed = seed });
            Assert.Equal(steps == 200, spectrum.IsWhole);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(dense[i], spectrum.Bottom[i].Value, 1e-8);
                Assert.Equal(dense[^(i + 1)], spectrum.Top[i].Value, 1e-8);
                Assert.InRange(spectrum.Top[i].Residual, 0, 1e-8);
            }
        }
        IReadOnlyList<double> all = HessianSpectrum.Of(objective).Values;
        Assert.Equal(dense.Length, all.Count);
        for (int i = 0; i < dense.Length; i++)
            Assert.Equal(dense[i], all[i], 1e-8);
    }

    /// <summary>Batch norm by its running statistics and dropout that drops nothing: with both losses the ends of the spectrum are those of the dense Hessian.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EvaluationModeIsAFunctionOfTheParameters(bool classifies)
    {
        Sequential<double> model = new(new Linear<double>(3, 5), new BatchNorm1d<double>(5), new Tanh<double>(), new Dropout<double>(0.5, seed: 3), new Linear<double>(5, 3));
        model.Initialize(6);
        double[] x = new double[60], y = new double[60];
        new PhiloxStream(6, 7).FillNormal<double>(x, 0, 1);
        new PhiloxStream(6, 8).FillNormal<double>(y, 0, 1);
        Tensor<double> inputs = Tensor.From<double>(x, [20, 3]), targets = Tensor.From<double>(y, [20, 3]);
        Tensor<int> labels = Tensor.From<int>([.. Enumerable.Range(0, 20).Select(i => i * 7 % 3)]);
        CrossEntropy<double> entropy = new();
        MeanSquaredError<double> squares = new();
        Func<Tensor<double>> loss = () => classifies ? entropy.Forward(model.Invoke(inputs), labels) : squares.Forward(model.Invoke(inputs), targets);
        for (int i = 0; i < 5; i++)
            model.Invoke(inputs); // training mode: running statistics move
        Assert.Contains("module.Eval()", Assert.Throws<ArgumentException>(() => Objective.Of(model, loss)).Message, StringComparison.Ordinal);
        model.Eval();
        Objective objective = Objective.Of(model, loss);
        Assert.Equal(loss().Item(), objective.Value(), 1e-15);
        double[] dense = SymmetricEigenvalues.Of(Transforms.Hessian(objective.Function, objective.Point));
        HessianSpectrum spectrum = HessianSpectrum.Of(objective, new() { Count = 4, MostSteps = objective.Count - 1 });
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(dense[i], spectrum.Bottom[i].Value, 1e-8);
            Assert.Equal(dense[^(i + 1)], spectrum.Top[i].Value, 1e-8);
        }
        // The Hessian itself, by differences of gradients.
        double[] v = new double[objective.Count];
        new PhiloxStream(6, 9).FillNormal<double>(v, 0, 1);
        const double H = 1e-5;
        double[] product = objective.HessianTimes(v), up = objective.At(objective.Moved(v, H).ToArray()).Gradient(), down = objective.At(objective.Moved(v, -H).ToArray()).Gradient();
        for (int i = 0; i < v.Length; i++)
            Assert.Equal((up[i] - down[i]) / (2 * H), product[i], 1e-7);
    }

    [Fact]
    public void AResidualBoundsTheDistanceToAnEigenvalue()
    {
        double[] curvatures = [.. Enumerable.Range(1, 300).Select(i => (double)i * i)];
        HessianSpectrum few = HessianSpectrum.Of(Quadratic(curvatures), new() { Count = 4, MostSteps = 40 });
        Assert.False(few.HasConverged);
        foreach (Eigenpair pair in few.Top.Concat(few.Bottom))
            Assert.InRange(curvatures.Min(c => Math.Abs(c - pair.Value)), 0, pair.Residual * (1 + 1e-9) + 1e-8);
        double[] apart = [-5, 10, .. Enumerable.Range(0, 298).Select(i => 1 + i / 297.0)];
        HessianSpectrum enough = HessianSpectrum.Of(Quadratic(apart), new() { Count = 1, MostSteps = 100 });
        Assert.True(enough.HasConverged);
        Assert.Equal(-5, enough.Bottom[0].Value, 1e-8);
        Assert.Equal(10, enough.Top[0].Value, 1e-8);
        Assert.True(enough.Values.Count < 60); // it ends as soon as residuals are small
    }

    [Fact]
    public void MultipleEigenvaluesAreCountedInAWholeSpectrum()
    {
        HessianSpectrum spectrum = HessianSpectrum.Of(Quadratic(2, 2, 2, -1, -1, 0));
        double[] expected = [-1, -1, 0, 2, 2, 2];
        for (int i = 0; i < 6; i++)
            Assert.Equal(expected[i], spectrum.Values[i], 1e-12);
        Assert.Throws<ArithmeticException>(() => HessianSpectrum.Of(new(x => x.Sqrt().Sum(), Tensor.Zeros<double>([2]))));
    }

    [Fact]
    public void TheTraceIsWithinItsError()
    {
        Objective objective = Network(6, 3);
        double[] dense = SymmetricEigenvalues.Of(Transforms.Hessian(objective.Function, objective.Point));
        HessianTrace trace = HessianTrace.Of(objective, 200, seed: 5);
        Assert.InRange(Math.Abs(trace.Value - dense.Sum()), 0, 4 * trace.StandardError);
        Assert.InRange(trace.StandardError, 1e-6, 0.2 * Math.Abs(dense.Sum()));
        Assert.Equal(5, HessianTrace.Of(Quadratic(1, -3, 7), 2).Value, 1e-12); // a diagonal Hessian: no variance
    }

    [Fact]
    public void TheDensityHasTheSpectrumsMoments()
    {
        double[] curvatures = [.. Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? 1.0 : -2 + i * 0.01)];
        SpectralDensity density = SpectralDensity.Of(Quadratic(curvatures), steps: 20, probes: 4);
        Assert.Equal(1, density.Weights.Sum(), 1e-12);
        for (int k = 1; k <= 4; k++) // every sign vector weighs a diagonal alike
            Assert.Equal(curvatures.Average(c => Math.Pow(c, k)), density.Moment(k), 1e-10);
        double step = 0.01, area = Enumerable.Range(-400, 800).Sum(i => density.At(i * step, 0.1) * step);
        Assert.Equal(1, area, 1e-6);
    }

    [Fact]
    public void BeyondSharpnessDescentGrows()
    {
        Objective objective = Quadratic(10, 1);
        foreach (double rate in (double[])[0.19, 0.21])
        {
            Sharpness sharpness = Sharpness.Of(objective, rate);
            Assert.Equal(10, sharpness.Largest, 1e-10);
            double x = 1;
            for (int i = 0; i < 100; i++)
                x -= rate * 10 * x;
            Assert.Equal(Math.Abs(x) < 1, sharpness.IsStable);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Sharpness.Of(objective, 0));
    }

    [Fact]
    public void PlantedPointsAreNamed()
    {
        Func<Tensor<double>, Tensor<double>> planted = OfThree((x, y, z) => x.Square() - y.Square() + z.Square().Square() * 0.1);
        CriticalPointReport saddle = Judge(planted);
        Assert.Equal((CriticalPointKind.Saddle, 1, 1, 1), (saddle.Kind, saddle.Index, saddle.Flat, saddle.Rising));
        Assert.True(saddle.IsExact);
        Assert.Equal(-2, saddle.DescentCurvature, 1e-12);
        Assert.Contains("saddle, index 1", saddle.ToString());

        CriticalPointReport monkey = Judge(OfThree((x, y, z) => x.Square() * x - x * y.Square() * 3 + z.Square()));
        Assert.Equal((CriticalPointKind.Saddle, 0, 2), (monkey.Kind, monkey.Index, monkey.Flat));

        Assert.Equal(CriticalPointKind.Minimum, Judge(OfThree((x, y, z) => x.Square() + y.Square() + z.Square().Square())).Kind);
        Assert.Equal(CriticalPointKind.Maximum, Judge(OfThree((x, y, z) => -(x.Square() + y.Square() + z.Square()))).Kind);
        Assert.Equal(CriticalPointKind.Plateau, Judge(x => (x - 1.0).Relu().Sum()).Kind);
        Assert.Equal(CriticalPointKind.NotCritical, CriticalPoint.Classify(new(planted, Tensor.From(0.1, 0, 0))).Kind);

        static CriticalPointReport Judge(Func<Tensor<double>, Tensor<double>> f) => CriticalPoint.Classify(new(f, Tensor.Zeros<double>([3])));
    }

    [Fact]
    public void SaddlesAreLeft()
    {
        Func<Tensor<double>, Tensor<double>>[] saddles =
        [
            OfThree((x, y, z) => x.Square() - y.Square() + y.Square().Square() + z.Square().Square() * 0.1),
            OfThree((x, y, z) => x.Square() * x - x * y.Square() * 3 + z.Square()),
        ];
        foreach (Func<Tensor<double>, Tensor<double>> f in saddles)
        {
            Objective at = new(f, Tensor.Zeros<double>([3]));
            Tensor<double> left = Assert.IsType<Tensor<double>>(CriticalPoint.Escape(at, CriticalPoint.Classify(at)));
            Assert.True(f(left).Item() < -1e-4);
        }
        Objective minimum = Quadratic(1, 2);
        Assert.Null(CriticalPoint.Escape(minimum, CriticalPoint.Classify(minimum)));
    }

    [Fact]
    public void ANetworksSymmetricPointIsASaddleThatIsLeft()
    {
        // y = a·tanh(w·x) at a = w = 0: the gradient vanishes, and the loss's only second derivative is ∂²/∂a∂w = −2·mean(x·y).
        Tensor<double> x = Tensor.From<double>([-2.0, -1, 1, 2], [4, 1]), y = (x * 0.7).Tanh() * 2.0;
        Sequential<double> model = new(new Linear<double>(1, 1, bias: false), new Tanh<double>(), new Linear<double>(1, 1, bias: false));
        model.Initialize(1);
        MeanSquaredError<double> loss = new();
        Objective objective = Objective.Of(model, () => loss.Forward(model.Invoke(x), y)).At([0.0, 0.0]);
        CriticalPointReport report = CriticalPoint.Classify(objective);
        Assert.Equal((CriticalPointKind.Saddle, 1, 1), (report.Kind, report.Index, report.Rising));
        double mixed = 2 * (x * y).Mean().Item();
        Assert.Equal(-mixed, report.Spectrum.Bottom[0].Value, 1e-12);
        Assert.Equal(mixed, report.Spectrum.Top[0].Value, 1e-12);
        double[] at = CriticalPoint.Escape(objective, report)!.ToArray();
        for (int i = 0; i < 3000; i++)
        {
            double[] gradient = objective.At(at).Gradient();
            at = [at[0] - 0.1 * gradient[0], at[1] - 0.1 * gradient[1]];
        }
        CriticalPointReport end = CriticalPoint.Classify(objective.At(at));
        Assert.Equal(CriticalPointKind.Minimum, end.Kind);
        Assert.InRange(end.Value, 0, 1e-9); // a = 2, w = 0.7, or both negative
    }
}
