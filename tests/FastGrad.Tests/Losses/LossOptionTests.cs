using FastGrad.Autograd;
using FastGrad.Losses;
using Xunit;

namespace FastGrad.Tests.Losses;

/// <summary>Weights, ignored labels, reductions and refusals, with answers worked out by hand.</summary>
public sealed class LossOptionTests
{
    private static readonly Tensor<double> s_logits = Tensor.From(new double[,] { { 0, Math.Log(3) }, { 0, 0 }, { Math.Log(7), 0 } });

    [Fact]
    public void SampleWeightsMakeAWeightedMean()
    {
        Tensor<double> p = Tensor.From(1.0, 2, 3), y = Tensor.From(0.0, 0, 0), w = Tensor.From(1.0, 0, 3);
        Assert.Equal((1 + 3 * 9) / 4.0, new MeanSquaredError<double>().Forward(p, y, w).Item());
        Assert.Equal(28, new MeanSquaredError<double>(Reduction.Sum).Forward(p, y, w).Item());
        Assert.Equal([1.0, 0, 27], new MeanSquaredError<double>(Reduction.None).Forward(p, y, w).ToArray());

        // One weight a row of two terms.
        Tensor<double> wide = Tensor.From(new double[,] { { 1, 2 }, { 3, 4 } });
        Assert.Equal((1.0 * (1 + 4) + 3 * (9 + 16)) / (2 * (1 + 3)), new MeanSquaredError<double>().Forward(wide, Tensor.Zeros<double>([2, 2]), Tensor.From(1.0, 3)).Item());
        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => new MeanSquaredError<double>().Forward(p, y, Tensor.From(1.0, 2))).Message);
    }

    [Fact]
    public void ClassWeightsCountInTheMeanAndIgnoredLabelsDoNot()
    {
        // −log p of the labels: log(4/3) for 1, log 2 for 0, log 8 for 1.
        double first = Math.Log(4.0 / 3), second = Math.Log(2), third = Math.Log(8);
        CrossEntropy<double> weighted = new(0, [1, 5], null);
        Assert.Equal((5 * first + second + 5 * third) / 11, weighted.Forward(s_logits, Tensor.From(1, 0, 1)).Item(), 1e-15);
        CrossEntropy<double> padded = new(0, default, -100);
        Assert.Equal((first + third) / 2, padded.Forward(s_logits, Tensor.From(1, -100, 1)).Item(), 1e-15);
        Assert.True(double.IsNaN(padded.Forward(s_logits, Tensor.From(-100, -100, -100)).Item()));
        double[] terms = new CrossEntropy<double>(0, default, -100, Reduction.None).Forward(s_logits, Tensor.From(1, -100, 1)).ToArray();
        Assert.Equal(first, terms[0], 1e-15);
        Assert.Equal(0, terms[1]);
        Assert.Equal(third, terms[2], 1e-15);
        Assert.Equal((first + third) / 2, new NegativeLogLikelihood<double>(default, -100).Forward(s_logits.LogSoftmax(), Tensor.From(1, -100, 1)).Item(), 1e-15);
    }

    [Fact]
    public void IgnoredRowsHaveNoGradient()
    {
        Tensor<double> x = s_logits.Clone();
        x.RequiresGrad = true;
        new CrossEntropy<double>(0.1, [1, 2], -1).Forward(x, Tensor.From(1, -1, 0)).Backward();
        Assert.Equal([0.0, 0], x.Grad!.ToArray()[2..4]);
        Assert.NotEqual(0, x.Grad[0, 0]);
    }

    [Fact]
    public void SmoothingMixesWithTheUniformDistribution()
    {
        double smoothed = new CrossEntropy<double>(0.2).Forward(s_logits, Tensor.From(1, 0, 1)).Item();
        double mixed = new CrossEntropy<double>().Forward(s_logits, Tensor.From(new double[,] { { 0.1, 0.9 }, { 0.9, 0.1 }, { 0.1, 0.9 } })).Item();
        Assert.Equal(mixed, smoothed, 1e-15);
    }

    [Fact]
    public void ACapturedLossReadsItsLabelsAgain()
    {
        Tensor<int> labels = Tensor.From(1, 0, -1);
        CrossEntropy<double> loss = new(0.1, [1, 3], -1);
        Tensor<double> value = null!;
        Program program = Capture.Record<double>(() => [value = loss.Forward(s_logits, labels)]);
        labels.AsSpan()[0] = -1;
        labels.AsSpan()[2] = 0;
        program.Run();
        Assert.Equal(loss.Forward(s_logits, Tensor.From(-1, 0, 0)).Item(), value.Item());
    }

    [Fact]
    public void PositiveExamplesWeighMore()
    {
        BinaryCrossEntropy<double> loss = new(3, Reduction.None);
        double[] terms = loss.Forward(Tensor.From(0.0, 0.0), Tensor.From(1.0, 0)).ToArray();
        Assert.Equal(3 * Math.Log(2), terms[0], 1e-15);
        Assert.Equal(Math.Log(2), terms[1], 1e-15);
    }

    [Fact]
    public void TheQuantileLossIsLeastAtTheQuantile()
    {
        Tensor<double> y = Tensor.From<double>([.. Enumerable.Range(0, 101).Select(i => (double)(i * i))]);
        Quantile<double> loss = new(0.9);
        double at = Loss(90 * 90);
        Assert.True(at < Loss(90 * 90 - 20) && at < Loss(90 * 90 + 20));

        double Loss(double q) => loss.Forward(Tensor.Full(y.Shape, q), y).Item();
    }

    [Fact]
    public void CertainAndWrongIsFinite()
    {
        Tensor<double> p = Tensor.From(0.0, 1.0, 1.0);
        Assert.Equal([100.0, 100, 0], new BinaryCrossEntropyOfProbabilities<double>(Reduction.None).Forward(p, Tensor.From(1.0, 0, 1)).ToArray());
    }

    [Fact]
    public void MatchingRowsAreToldApart()
    {
        Tensor<double> a = Tensor.From(new double[,] { { 1, 0 }, { 0, 2 } });
        // Cosines are 1 on the diagonal and 0 beside it.
        Assert.Equal(Math.Log(1 + Math.Exp(-2)), new InfoNce<double>(0.5).Forward(a, a * 3.0).Item(), 1e-11);
        Assert.Equal([0.0, 1], new CosineEmbedding<double>(0, Reduction.None).Forward(a, a, Tensor.From(1.0, -1)).ToArray().Select(t => Math.Round(t, 9)));
    }

    [Fact]
    public void RefusalsNameTheArgumentAndTheValue()
    {
        Assert.Contains("delta is 0", Assert.Throws<ArgumentOutOfRangeException>(() => new Huber<float>(0)).Message);
        Assert.Contains("alpha is 2", Assert.Throws<ArgumentOutOfRangeException>(() => new Focal<float>(2, 2)).Message);
        Assert.Contains("smoothing is NaN", Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropy<float>(double.NaN)).Message);
        Assert.Contains("class 1 is -3", Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropy<float>(0, [1, -3])).Message);
        Assert.Contains("3 class weights for 2 classes", Assert.Throws<ArgumentException>(() => new CrossEntropy<double>(0, [1, 2, 3]).Forward(s_logits, Tensor.From(0, 0, 0))).Message);
        Assert.Contains("or -5 for a row to ignore", Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropy<double>(0, default, -5).Forward(s_logits, Tensor.From(0, 7, 0))).Message);
        Assert.Contains("[3, 1]", Assert.Throws<ArgumentException>(() => new Huber<double>().Forward(Tensor.Zeros<double>([3, 1]), Tensor.Zeros<double>([3]))).Message);
        Assert.Contains("positive", Assert.Throws<ArgumentException>(() => new TripletMargin<double>().Forward(s_logits, s_logits.Transpose(), s_logits)).Message);
        Assert.Contains("twice as many", Assert.Throws<ArgumentException>(() => new GaussianNll<double>().Forward(s_logits, s_logits)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiMargin<double>(3));
    }

    [Fact]
    public void PairsAtTheHingeMove()
    {
        // Equal scores under margin 0: the hinge's end has the active side's slope, so that training leaves the tie.
        Tensor<double> a = Tensor.From(1.0, 1), b = Tensor.From(1.0, 1);
        a.RequiresGrad = b.RequiresGrad = true;
        new MarginRanking<double>(0, Reduction.Sum).Forward(a, b, Tensor.From(1.0, -1)).Backward();
        Assert.Equal([-1.0, 1], a.Grad!.ToArray());
        Assert.Equal([1.0, -1], b.Grad!.ToArray());
    }
}
