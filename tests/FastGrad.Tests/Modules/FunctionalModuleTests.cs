using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using Xunit;

namespace FastGrad.Tests.Modules;

/// <summary>A module as a function of its parameters.</summary>
public sealed class FunctionalModuleTests
{
    private static readonly Tensor<double> s_x = Tensor.From([0.5, -1, 2, 0.25, 1, -0.75], [2, 3]);

    [Fact]
    public void TransformsGiveTheGradientsOfTraining()
    {
        Module<double> model = Model().Initialize(3);
        Tensor<double>[] parameters = [.. model.NamedParameters().Select(p => p.Tensor.Detach())];
        Tensor<double> Loss(Tensor<double>[] theta) => model.WithParameters(theta, () => new CrossEntropy<double>().Forward(model.Invoke(s_x), Tensor.From(1, 0)));
        (Tensor<double> value, Tensor<double>[] gradients) = Transforms.ValueAndGrad<double>(Loss)(parameters);
        Tensor<double> loss = new CrossEntropy<double>().Forward(model.Invoke(s_x), Tensor.From(1, 0));
        loss.Backward();
        Assert.Equal(loss.Item(), value.Item());
        foreach ((NamedParameter<double> parameter, Tensor<double> gradient) in model.NamedParameters().Zip(gradients))
            AssertClose(parameter.Tensor.Grad!.ToArray(), gradient.ToArray());
    }

    [Fact]
    public void OwnParametersComeBackWhateverHappens()
    {
        Module<double> model = Model().Initialize(3), bare = Model();
        Tensor<double>[] own = [.. model.NamedParameters().Select(p => p.Tensor)], zeros = [.. own.Select(p => Tensor.Zeros<double>(p.Shape))];
        Assert.Equal(new double[4], model.WithParameters(zeros, () => model.Invoke(s_x)).ToArray());
        Assert.Throws<InvalidOperationException>(() => model.WithParameters<int>(zeros, () => throw new InvalidOperationException()));
        Assert.All(own.Zip(model.NamedParameters()), pair => Assert.Same(pair.First, pair.Second.Tensor));
        // A model without values needs none.
        Assert.Equal(model.Invoke(s_x).ToArray(), bare.WithParameters(own, () => bare.Invoke(s_x)).ToArray());
        Assert.False(bare.NamedParameters()[0].Parameter.HasValues);
    }

    [Fact]
    public void TensorsThatDoNotFitAreNamed()
    {
        Module<double> model = Model();
        Assert.Contains("0.weight", Assert.Throws<ArgumentException>(() => model.WithParameters([s_x], () => 0)).Message, StringComparison.Ordinal);
        Tensor<double>[] wrong = [.. model.NamedParameters().Select(p => Tensor.Zeros<double>(p.Parameter.Shape))];
        wrong[1] = s_x;
        Assert.Contains("'0.bias' got a tensor of shape [2, 3]; expected [4]", Assert.Throws<ArgumentException>(() => model.WithParameters(wrong, () => 0)).Message, StringComparison.Ordinal);
    }

    private static Sequential<double> Model() => new(new Linear<double>(3, 4), new Tanh<double>(), new Linear<double>(4, 2));

    private static void AssertClose(double[] expected, double[] actual)
    {
        double scale = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-14 * scale));
    }
}
