using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Modules;
using FastGrad.Optimization.Parameters;
using Xunit;

namespace FastGrad.Tests.Modules;

public sealed class ModuleTests
{
    [Fact]
    public void NamesRolesAndShapesAreDeclared()
    {
        Sequential<float> model = new(new Linear<float>(3, 5), new Relu<float>(), new Sequential<float>(new Linear<float>(5, 2, bias: false)));
        Assert.Equal(
            ["0.weight [5, 3] Weight", "0.bias [5] Bias", "2.0.weight [2, 5] Weight"],
            model.NamedParameters().Select(p => p.ToString()));
        Assert.Equal(5 * 3 + 5 + 2 * 5, model.ParameterCount);
    }

    [Fact]
    public void LinearIsXTimesWTransposedPlusB()
    {
        Linear<double> linear = new(2, 3);
        linear.Initialize(1);
        ReadOnlySpan<double> w = [1, 2, 3, 4, 5, 6], b = [10, 20, 30];
        w.CopyTo(linear.Weight.Tensor.AsSpan());
        b.CopyTo(linear.Bias!.Tensor.AsSpan());
        Assert.Equal([10 + 1 + 2, 20 + 3 + 4, 30 + 5 + 6, 10 + 2 - 2, 20 + 6 - 4, 30 + 10 - 6.0], linear.Forward(Tensor.From(new double[,] { { 1, 1 }, { 2, -1 } })).ToArray());
    }

    [Fact]
    public void NoValuesNoForward()
    {
        Linear<float> linear = new(2, 3);
        string message = Assert.Throws<InvalidOperationException>(() => linear.Forward(Tensor.Zeros<float>([1, 2]))).Message;
        Assert.Contains("'weight' of shape [3, 2]", message, StringComparison.Ordinal);
        Assert.Contains("Initialize(seed)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ParametersMadeInAScopeOutliveIt()
    {
        Linear<float> linear = new(2, 3);
        using (TensorScope scope = new())
            linear.Initialize(1);
        Assert.Equal(6, linear.Weight.Tensor.ToArray().Length);
    }

    [Fact]
    public void ModesReachEveryChild()
    {
        Sequential<float> model = new(new Sequential<float>(new Relu<float>()), new Relu<float>());
        model.Eval();
        Assert.False(model.IsTraining || model[0].IsTraining || ((Sequential<float>)model[0])[0].IsTraining);
        model.Train();
        Assert.True(((Sequential<float>)model[0])[0].IsTraining);
    }

    [Fact]
    public void ASharedParameterIsListedOnceAndTrainsAsOne()
    {
        Tied tied = new();
        tied.Initialize(2);
        Assert.Equal(["out"], tied.NamedParameters().Select(p => p.Name));
        tied.Forward(Tensor.Ones<float>([1, 2])).Sum().Backward();
        // d/dw of Σ w(w·1): both uses contribute.
        float[] w = tied.NamedParameters()[0].Tensor.ToArray();
        float column0 = w[0] + w[2], column1 = w[1] + w[3], row0 = w[0] + w[1], row1 = w[2] + w[3];
        float[] expected = [column0 + row0, column0 + row1, column1 + row0, column1 + row1];
        float[] gradient = tied.NamedParameters()[0].Tensor.Grad!.ToArray();
        for (int i = 0; i < 4; i++)
            Assert.Equal(expected[i], gradient[i], 1e-5f);
    }

    [Fact]
    public void FrozenParametersGetNoGradient()
    {
        Linear<float> first = new(2, 2), second = new(2, 1);
        Sequential<float> model = new(first, second);
        model.Initialize(1);
        first.Freeze();
        model.Forward(Tensor.Ones<float>([3, 2])).Sum().Backward();
        Assert.Null(first.Weight.Tensor.Grad);
        Assert.NotNull(second.Weight.Tensor.Grad);
        model.ZeroGrad();
        Assert.Null(second.Weight.Tensor.Grad);
    }

    [Fact]
    public void NamesAreChecked()
    {
        Assert.Contains("dots", Assert.Throws<ArgumentException>(() => new Badly("a.b")).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => new Badly("b", "b")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Linear<float>(0, 1));
    }

    [Fact]
    public void ActivationsAreTheirOperators()
    {
        Tensor<double> x = Tensor.From<double>(-2, -0.5, 0, 0.5, 3);
        double[] at(Module<double> module) => module.Forward(x).ToArray();
        double[] map(Func<double, double> f) => [.. x.ToArray().Select(f)];
        Close(map(v => Math.Max(v, 0)), at(new Relu<double>()));
        Close(map(v => v > 0 ? v : 0.2 * v), at(new LeakyRelu<double>(0.2)));
        Close(map(v => v > 0 ? v : 1.5 * (Math.Exp(v) - 1)), at(new Elu<double>(1.5)));
        Close(map(Math.Tanh), at(new Tanh<double>()));
        Close(map(v => 1 / (1 + Math.Exp(-v))), at(new Sigmoid<double>()));
        Close(map(v => v / (1 + Math.Exp(-v))), at(new Silu<double>()));
        Close(map(v => v * 0.5 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)))), at(new GeluTanh<double>()));
        Close(map(v => Math.Log(1 + Math.Exp(v))), at(new Softplus<double>()));
        double total = map(Math.Exp).Sum();
        Close(map(v => Math.Exp(v) / total), at(new Softmax<double>()));
        Close(map(v => v - Math.Log(total)), at(new LogSoftmax<double>()));
        // Φ(1), Φ(−2) from tables.
        Close([0.8413447460685429, -2 * 0.022750131948179195], new Gelu<double>().Forward(Tensor.From<double>(1, -2)).ToArray());
    }

    private static void Close(double[] expected, double[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-14);
    }

    private sealed class Tied : Module<float>
    {
        private readonly Linear<float> _in;
        private readonly Parameter<float> _out;

        public Tied()
        {
            _in = Child("in", new Linear<float>(2, 2, bias: false));
            _out = Share("out", _in.Weight);
        }

        public override Tensor<float> Forward(Tensor<float> x) => _in.Forward(x).Linear(_out.Tensor);
    }

    private sealed class Badly : Module<float>
    {
        public Badly(params string[] names)
        {
            foreach (string name in names)
                Declare(name, [1], ParameterRole.Other, Initializers.Zeros<float>());
        }

        public override Tensor<float> Forward(Tensor<float> x) => x;
    }

    [Fact]
    public void ABufferOutlivesTheScopeItWasMadeIn()
    {
        WithBuffer module;
        using (TensorScope scope = new())
            module = new(Tensor.Full<float>([3], 2f));
        Assert.Equal([2f, 2f, 2f], module.NamedBuffers()[0].Buffer.ToArray());
    }

    private sealed class WithBuffer : Module<float>
    {
        public WithBuffer(Tensor<float> buffer) => Buffer("mean", buffer);

        public override Tensor<float> Forward(Tensor<float> x) => x;
    }
}
