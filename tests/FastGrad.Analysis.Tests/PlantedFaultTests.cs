using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Losses;

namespace FastGrad.Analysis.Tests;

/// <summary>The checks can fail: each of many operators is given wrong derivatives of every kind, and each fault is found.</summary>
public sealed class PlantedFaultTests
{
    public enum Fault
    {
        None,
        Sign,
        Factor,
        ForgottenElement,
        Detached,
    }

    [Flags]
    public enum Place
    {
        Vjp = 1,
        Jvp = 2,
        Fused = 4,
        Everywhere = 7,
    }

    private static readonly Tensor<int> s_labels = Tensor.From(2, 0);

    private static readonly (string Name, Primitive<double> Primitive, Shape[] Arguments)[] s_primitives =
    [
        ("add", BinaryPrimitive<Add<double>, double>.Instance, [[2, 3], [3]]),
        ("subtract", BinaryPrimitive<Subtract<double>, double>.Instance, [[2, 3], [2, 1]]),
        ("multiply", BinaryPrimitive<Multiply<double>, double>.Instance, [[2, 3], [2, 3]]),
        ("divide", BinaryPrimitive<Divide<double>, double>.Instance, [[2, 3], [2, 3]]),
        ("maximum", BinaryPrimitive<Maximum<double>, double>.Instance, [[2, 3], [2, 3]]),
        ("squared-error", BinaryPrimitive<SquaredError<double>, double>.Instance, [[2, 3], [2, 3]]),
        ("bce-with-logits", BinaryPrimitive<BceWithLogits<double>, double>.Instance, [[2, 3], [2, 3]]),
        ("fused-multiply-add", TernaryPrimitive<FusedMultiplyAdd<double>, double>.Instance, [[2, 3], [3], [2, 1]]),
        ("exp", UnaryPrimitive<Exp<double>, double>.Instance, [[2, 3]]),
        ("log", UnaryPrimitive<Log<double>, double>.Instance, [[2, 3]]),
        ("tanh", UnaryPrimitive<Tanh<double>, double>.Instance, [[2, 3]]),
        ("erf", UnaryPrimitive<Erf<double>, double>.Instance, [[2, 3]]),
        ("sin", UnaryPrimitive<Sin<double>, double>.Instance, [[2, 3]]),
        ("gelu", UnaryPrimitive<Gelu<double>, double>.Instance, [[2, 3]]),
        ("silu", UnaryPrimitive<Silu<double>, double>.Instance, [[2, 3]]),
        ("softplus", UnaryPrimitive<Softplus<double>, double>.Instance, [[2, 3]]),
        ("reciprocal", UnaryPrimitive<Reciprocal<double>, double>.Instance, [[2, 3]]),
        ("sum", new Sum<double>(0, 2), [[2, 3]]),
        ("max", new Max<double>(1), [[2, 3]]),
        ("matmul", MatMul<double>.Instance, [[3, 3], [3, 3]]),
        ("linear", Linear<double>.Instance, [[2, 3], [3, 3], [3]]),
        ("softmax", Softmax<double>.Instance, [[2, 3]]),
        ("log-softmax", LogSoftmax<double>.Instance, [[2, 3]]),
        ("logsumexp", LogSumExp<double>.Instance, [[2, 3]]),
        ("softmax-cross-entropy", new SoftmaxCrossEntropy<double>(s_labels), [[2, 3]]),
        ("pick-labels", new PickLabels<double>(s_labels), [[2, 3]]),
        ("permute", new Permute<double>(1, 0), [[3, 3]]),
        ("slice", new Slice<double>(1, 0, 2, 2), [[2, 3]]),
        ("embed", new Embed<double>(1, 1, 7, 2), [[2, 3]]),
        ("broadcast", new Broadcast<double>([2, 3]), [[3]]),
        ("concatenate", new Concatenate<double>(0), [[2, 3], [1, 3]]),
        ("reshape", new Reshape<double>([3, 2]), [[2, 3]]),
        ("kl-term", BinaryPrimitive<KlTerm<double>, double>.Instance, [[2, 3], [2, 3]]),
        ("log-add-exp", BinaryPrimitive<LogAddExp<double>, double>.Instance, [[2, 3], [3]]),
        ("conv", new Conv<double>(ConvOptions.Default), [[1, 2, 3, 3], [2, 2, 2, 2]]),
        ("layer-norm", new LayerNorm<double>(1, 1e-5), [[3, 4], [4], [4]]),
        ("rms-norm", new RmsNorm<double>(1, 1e-5), [[3, 4], [4]]),
        ("attention", new Attention<double>(0.75), [[2, 2], [3, 2], [3, 2]]),
        ("variance", new Variance<double>(1, 1), [[2, 4]]),
        ("solve", new Solve<double>(), [[3, 3], [3, 2]]),
    ];

    public static TheoryData<string> Names => [.. s_primitives.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryFaultIsFound(string name)
    {
        Assert.True(Check(name, Fault.None, Place.Everywhere, 0).Passed, "the wrapper itself is right");
        int arguments = s_primitives.Single(p => p.Name == name).Arguments.Length;
        foreach (Fault fault in (Fault[])[Fault.Sign, Fault.Factor, Fault.ForgottenElement])
        {
            foreach (Place place in (Place[])[Place.Vjp, Place.Jvp, Place.Fused, Place.Everywhere])
            {
                for (int argument = 0; argument < arguments; argument++)
                {
                    DerivativeReport report = Check(name, fault, place, argument);
                    Assert.False(report.Passed, $"{fault} in {place} of argument {argument} went unnoticed");
                    CheckFailure first = report.Failures[0];
                    Assert.Equal(name, first.Operator);
                    Assert.Contains(name, first.ToString());
                }
            }
        }
    }

    [Theory]
    [InlineData("multiply")]
    [InlineData("tanh")]
    [InlineData("matmul")]
    [InlineData("softmax")]
    [InlineData("gelu")]
    public void ADerivativeThatCannotBeDifferentiatedIsFound(string name)
    {
        // Right to first order, constant to the second.
        DerivativeReport report = Check(name, Fault.Detached, Place.Vjp, 0);
        Assert.InRange(report.GradientError, 0, DerivativeCheck.NumericBound);
        Assert.False(report.SecondOrderError <= DerivativeCheck.NumericBound);
        Assert.Contains(report.Failures, f => f.Check.StartsWith("second order", StringComparison.Ordinal));
    }

    [Fact]
    public void ATransposedOperandIsFound()
    {
        DerivativeReport report = DerivativeCheck.Run("matmul", x => new TransposedMatMul().Apply(x), Point([[3, 3], [3, 3]]));
        Assert.Contains(report.Failures, f => f is { Check: "gradient", Argument: 0 });
        Assert.DoesNotContain(report.Failures, f => f is { Check: "gradient", Argument: 1 });
    }

    [Fact]
    public void AWrongValueIsFound()
    {
        OperatorRow row = OperatorCatalogue.Find("exp")!;
        Assert.Contains(OperatorCheck.Run(row with { Double = x => x[0].Exp() * (1 + 1e-15) }).Failures, f => f.Contains("ulp of values in double"));
        Assert.Contains(OperatorCheck.Run(row with { Single = x => x[0].Exp() * (1 + 3e-7f) }).Failures, f => f.Contains("ulp of values in float"));
        Assert.Contains(OperatorCheck.Run(row with { RecordedDouble = x => (x[0] * 0.5).Exp().Square() }).Failures, f => f.Contains("other bits"));
        Assert.Contains(OperatorCheck.Run(row with { Reference = x => PreciseFunctions.Exp(x[0]) + x[0] * 1e-14 }).Failures, f => f.Contains("ulp of derivatives"));
        OperatorRow sum = OperatorCatalogue.Find("sum-axes")!;
        Assert.Contains(OperatorCheck.Run(sum with { Double = x => x[0].Sum([0, 2]) * (1 + 1e-13) }).Failures, f => f.Contains("loops"));
    }

    [Fact]
    public void AWrongClaimIsFound()
    {
        foreach ((string name, Convexity claim) in (ReadOnlySpan<(string, Convexity)>)[("gelu", Convexity.Convex), ("tanh", Convexity.Concave), ("log", Convexity.Convex), ("logsumexp", Convexity.Concave), ("square", Convexity.Affine), ("elu-steep", Convexity.Convex)])
            Assert.Contains(OperatorCheck.Run(OperatorCatalogue.Find(name)! with { Convexity = claim }).Failures, f => f.Contains("convexity"));
        // Counterexamples that show nothing.
        Assert.Contains(OperatorCheck.Run(OperatorCatalogue.Find("tanh")! with { Counterexample = new((-2, 0), (0, 2)) }).Failures, f => f.Contains("convexity"));
    }

    [Fact]
    public void AnotherConventionIsFound()
    {
        OperatorRow row = OperatorCatalogue.Find("relu")!;
        Assert.Contains(OperatorCheck.Run(row with { Stated = [StatedPoint.At(0, 0, 1)] }).Failures, f => f.Contains("eager") && f.Contains("stated 1"));
        Assert.Contains(OperatorCheck.Run(row with { Double = x => x[0].Maximum(Tensor.Scalar(0.0)), RecordedDouble = null }).Failures, f => f.Contains("stated 0"));
    }

    private static DerivativeReport Check(string name, Fault fault, Place place, int argument)
    {
        (_, Primitive<double> primitive, Shape[] arguments) = s_primitives.Single(p => p.Name == name);
        Faulty faulty = new(primitive, fault, place, argument);
        return DerivativeCheck.Run(name, x => faulty.Apply(x), Point(arguments));
    }

    // Positive and apart from each other: within every domain, away from ties.
    private static Tensor<double>[] Point(Shape[] shapes)
    {
        int count = 0;
        return [.. shapes.Select(shape => Tensor.From<double>([.. Enumerable.Range(0, shape.Length).Select(_ => 0.5 + count++ * 0.618 % 1)], shape))];
    }

    /// <summary>A primitive with a fault planted in one of its derivatives.</summary>
    private sealed class Faulty(Primitive<double> inner, Fault fault, Place place, int argument) : Primitive<double>
    {
        public override string Name => inner.Name;

        public override Residual Residual => inner.Residual;

        public override Shape Infer(ReadOnlySpan<Tensor<double>> inputs) => inner.Infer(inputs);

        public override bool AcceptsLayout(int input, Tensor<double> tensor) => inner.AcceptsLayout(input, tensor);

        public override bool Keeps(int input) => inner.Keeps(input);

        public override void Forward(ReadOnlySpan<Tensor<double>> inputs, Tensor<double> output) => inner.Forward(inputs, output);

        public override Tensor<double>? View(ReadOnlySpan<Tensor<double>> inputs) => inner.View(inputs);

        public override Tensor<double> Vjp(int input, in Linearization<double> at, Tensor<double> dy)
        {
            Tensor<double> gradient = inner.Vjp(input, at, dy);
            return place.HasFlag(Place.Vjp) && input == argument ? Spoil(gradient) : gradient;
        }

        public override Tensor<double> Jvp(in Linearization<double> at, ReadOnlySpan<Tensor<double>?> tangents)
        {
            if (!place.HasFlag(Place.Jvp) || tangents[argument] is null)
                return inner.Jvp(at, tangents);
            if (fault == Fault.ForgottenElement)
                return Spoil(inner.Jvp(at, tangents)); // of the tangent: an element of the input may be one that nobody reads
            Tensor<double>?[] spoilt = [.. tangents];
            spoilt[argument] = Spoil(tangents[argument]!);
            return inner.Jvp(at, spoilt);
        }

        public override bool FusesBackward(int input, in Linearization<double> at) => place.HasFlag(Place.Fused);

        public override void Backward(int input, in Linearization<double> at, Tensor<double> dy, Tensor<double> dx, bool accumulate)
        {
            Tensor<double> gradient = inner.Vjp(input, at, dy);
            double[] values = (input == argument ? Spoil(gradient) : gradient).ToArray();
            Span<double> target = dx.AsSpan();
            for (int i = 0; i < values.Length; i++)
                target[i] = accumulate ? target[i] + values[i] : values[i];
        }

        private Tensor<double> Spoil(Tensor<double> d) => fault switch
        {
            Fault.Sign => -d,
            Fault.Factor => d * 1.00001,
            Fault.ForgottenElement => d * WithoutLargest(d),
            Fault.Detached => d.Detach(),
            _ => d,
        };

        private static Tensor<double> WithoutLargest(Tensor<double> d)
        {
            double[] values = d.ToArray();
            int largest = Array.IndexOf(values, values.MaxBy(Math.Abs));
            return Tensor.From<double>([.. values.Select((_, i) => i == largest ? 0.0 : 1)], d.Shape);
        }
    }

    private sealed class TransposedMatMul : Primitive<double>
    {
        public override string Name => "matmul";

        public override Residual Residual => Residual.Input | Residual.Second;

        public override Shape Infer(ReadOnlySpan<Tensor<double>> inputs) => MatMul<double>.Instance.Infer(inputs);

        public override void Forward(ReadOnlySpan<Tensor<double>> inputs, Tensor<double> output) => MatMul<double>.Instance.Forward(inputs, output);

        public override Tensor<double> Vjp(int input, in Linearization<double> at, Tensor<double> dy) =>
            input == 0 ? dy.MatMul(at.Input(1)) : MatMul<double>.Instance.Vjp(input, at, dy);

        public override Tensor<double> Jvp(in Linearization<double> at, ReadOnlySpan<Tensor<double>?> tangents) => MatMul<double>.Instance.Jvp(at, tangents);
    }
}
