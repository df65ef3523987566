using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Modules;

/// <summary>Dropout keeps the mean, is a function of seed and draw, and draws anew in each run of a captured step.</summary>
public sealed class DropoutTests
{
    [Fact]
    public void KeepsTheMeanAndTheShare()
    {
        Dropout<float> dropout = new(0.25, seed: 3);
        float[] y = dropout.Forward(Tensor.Ones<float>([200, 500])).ToArray();
        Assert.All(y, v => Assert.True(v is 0 or (float)(1 / 0.75)));
        Assert.Equal(1, y.Average(), 0.01); // the deviation of the mean is √(p/(1 − p)/n) = 0.0018
        Assert.Same(y, y);
        Tensor<float> x = Tensor.Ones<float>([3]);
        Assert.Same(x, dropout.Eval().Forward(x));
        Assert.Same(x, new Dropout<float>(0, 1).Forward(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout<float>(1, 1));
    }

    [Fact]
    public void DrawsDifferAndRepeatFromTheSameState()
    {
        Dropout<double> first = new(0.5, seed: 3), again = new(0.5, seed: 3), other = new(0.5, seed: 4);
        Tensor<double> x = Tensor.Ones<double>([64]);
        double[] a = first.Forward(x).ToArray(), b = first.Forward(x).ToArray();
        Assert.NotEqual(a, b);
        Assert.Equal(a, again.Forward(x).ToArray());
        Assert.NotEqual(a, other.Forward(x).ToArray());
        again.NamedBuffers()[0].Buffer.AsSpan()[0] = 1; // a resumed training goes on with the second draw
        Assert.Equal(b, again.Forward(x).ToArray());
    }

    [Fact]
    public void BackwardUsesTheMaskOfItsForward()
    {
        Dropout<double> dropout = new(0.5, seed: 3);
        Tensor<double> x = Tensor.Ones<double>([50]), z = Tensor.Ones<double>([50]);
        x.RequiresGrad = z.RequiresGrad = true;
        Tensor<double> first = dropout.Forward(x), second = dropout.Forward(z);
        (first.Sum() + second.Sum()).Backward();
        Assert.Equal(first.ToArray(), x.Grad!.ToArray());
        Assert.Equal(second.ToArray(), z.Grad!.ToArray());

        // A checkpointed segment is run twice, and draws once.
        Tensor<double> c = Tensor.Ones<double>([50]);
        c.RequiresGrad = true;
        Tensor<double> kept = Transforms.Checkpoint<double>(dropout.Forward)(c);
        kept.Sum().Backward();
        Assert.Equal(kept.ToArray(), c.Grad!.ToArray());
        Assert.Equal(3, dropout.NamedBuffers()[0].Buffer[0]);
    }

    [Fact]
    public void CapturedAndEagerTrainingsAreTheSame()
    {
        double[] Train(bool capture)
        {
            Sequential<double> model = new(new Linear<double>(4, 16), new Dropout<double>(0.5, seed: 8), new Tanh<double>(), new Linear<double>(16, 3));
            model.Initialize(1);
            TrainingStep<double> step = new(model, new CrossEntropy<double>(), new Sgd().Create<double>(model.NamedParameters()), new() { Capture = capture });
            Tensor<double> x = Tensor.From<double>([.. Enumerable.Range(0, 32).Select(i => i * 7 % 11 / 5.0 - 1)], [8, 4]);
            for (int i = 0; i < 5; i++)
                step.Run(x, Tensor.From(0, 1, 2, 0, 1, 2, 0, 1));
            Assert.Equal(5, model.NamedBuffers()[0].Buffer[0]);
            return [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];
        }
        Assert.Equal(Train(capture: false), Train(capture: true));
    }
}
