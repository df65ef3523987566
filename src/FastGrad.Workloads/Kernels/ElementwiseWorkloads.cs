using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Reductions;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Kernels;

/// <summary><c>elem.*.{1K,64K,16M}</c>: one pass over floats in [−3, 3), for log in [0.1, 4), on one thread, into memory that exists.</summary>
public static class ElementwiseWorkloads
{
    /// <summary>Functions, activations, arithmetic and reductions.</summary>
    public static IEnumerable<Workload> All => Sizes.Elements.SelectMany(size => Of(size.Name, size.Length));

    private static IEnumerable<Workload> Of(string size, int n) =>
    [
        Map(default(Exp<float>), "exp", size, n),
        Map(default(Log<float>), "log", size, n, 0.1f, 4),
        Map(default(Tanh<float>), "tanh", size, n),
        Map(default(Sigmoid<float>), "sigmoid", size, n),
        Map(default(Erf<float>), "erf", size, n),
        Map(default(Sin<float>), "sin", size, n),
        Map(default(Gelu<float>), "gelu", size, n),
        Map(default(GeluTanh<float>), "gelu_tanh", size, n),
        Map(default(Silu<float>), "silu", size, n),
        Map(default(Softplus<float>), "softplus", size, n),
        Map(default(Relu<float>), "relu", size, n),
        Zip(default(Add<float>), "add", size, n),
        Zip(default(Multiply<float>), "mul", size, n),
        Reduction("sum", size, n, 1, (x, _) => Sum.Of<float>(x)),
        Reduction("dot", size, n, 2, (x, y) => Dot.Of<float>(x, y)),
        Reduction("norm", size, n, 1, (x, _) => Norm.Of<float>(x)),
    ];

    private static Workload Map<TOperator>(TOperator op, string name, string size, int n, float low = -3, float high = 3)
        where TOperator : struct, IUnaryOperator<float> =>
        new($"elem.{name}.{size}", 8.0 * n, WorkUnit.Bytes, _ =>
        {
            Floats x = Inputs.Uniform(n, 1, low, high), y = new(n);
            return new WorkloadRun(() => Unary.Apply<TOperator, float>(op, x, y), () => Checks.Sum(y));
        });

    private static Workload Zip<TOperator>(TOperator op, string name, string size, int n)
        where TOperator : struct, IBinaryOperator<float> =>
        new($"elem.{name}.{size}", 12.0 * n, WorkUnit.Bytes, _ =>
        {
            Floats x = Inputs.Uniform(n, 1, -3, 3), y = Inputs.Uniform(n, 2, -3, 3), z = new(n);
            return new WorkloadRun(() => Binary.Apply<TOperator, float>(op, x, y, z), () => Checks.Sum(z));
        });

    private static Workload Reduction(string name, string size, int n, int operands, Func<Floats, Floats, float> reduce) =>
        new($"elem.{name}.{size}", 4.0 * operands * n, WorkUnit.Bytes, _ =>
        {
            Floats x = Inputs.Uniform(n, 1, -3, 3), y = operands == 2 ? Inputs.Uniform(n, 2, -3, 3) : x;
            float result = 0;
            return new WorkloadRun(() => result = reduce(x, y), () => result);
        });
}
