#:project ../src/FastGrad/FastGrad.csproj

// A training loop of one's own, a Hessian-vector product, and an activation from its body alone.
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using Functions = FastGrad.Kernels.Functions;

// y = sin x on 64 points.
Tensor<float> x = Tensor.From<float>([.. Enumerable.Range(0, 64).Select(i => i / 10f - 3.2f)], [64, 1]);
Tensor<float> y = x.Sin();

Sequential<float> network = new(new Linear<float>(1, 32), new Gelu<float>(), new Linear<float>(32, 1));
network.Initialize(seed: 1);
Optimizer<float> adam = OptimizerRegistry.Standard["adamw"].Create<float>(network.NamedParameters(), new() { { "lr", 0.01 }, { "weight_decay", 0.0 } });
float loss = 0;
for (int step = 0; step < 1000; step++)
{
    using TensorScope scope = new();                // optional: temporaries take pooled memory, given back here
    network.ZeroGrad();
    Tensor<float> error = (network.Forward(x) - y).Square().Mean();
    error.Backward();
    adam.Step();
    loss = error.Item();
}
Console.WriteLine($"mean squared error after 1000 steps: {(loss < 1e-3f ? "below 0.001" : loss)}");

// H·v for f(x) = Σ x⁴: 12 x² · v, without forming H.
Tensor<double> at = Tensor.From(1.0, 2.0), v = Tensor.From(1.0, 10.0);
Tensor<double> hv = Transforms.Hvp<double>(a => (a * a * a * a).Sum(), at, v);
Console.WriteLine($"H·v = [{string.Join(", ", hv.ToArray())}]");

// x·tanh(ln(1 + eˣ)) (Mish): its body alone gives vectors of every width, and derivatives to any order.
Tensor<double> point = Tensor.From(0.0, 1.0);
Console.WriteLine($"mish′ = [{string.Join(", ", Transforms.Grad<double>(a => a.Map(default(Mish<double>)).Sum())(point).ToArray().Select(d => d.ToString("F4")))}]");

internal readonly struct Mish<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Residual Residual => Residual.Input;

    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => x * Functions.Tanh<T>.Of(Functions.Log1p<T>.Of(Functions.Exp<T>.Of(x)));

    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => Dual.Derivative<Mish<T>, V, T>(this, x);
}
