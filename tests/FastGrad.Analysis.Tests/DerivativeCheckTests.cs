using FastGrad.Modules;

namespace FastGrad.Analysis.Tests;

/// <summary>The check as its users meet it: their operator, their layer, a large input, a message that says where.</summary>
public sealed class DerivativeCheckTests
{
    [Fact]
    public void AFailureNamesEverything()
    {
        CustomOperator<double> wrong = new("cube", t => t[0] * t[0] * t[0], (t, _, dy, _) => dy * t[0] * t[0] * 2.0);
        DerivativeReport report = DerivativeCheck.Run("cube", x => wrong.Apply(x), Tensor.From(0.5, 2.0), CheckOptions.Default with { ForwardMode = false });
        CheckFailure failure = report.Failures.Single(f => f is { Check: "gradient", Element: 1 });
        Assert.Equal(("cube", 0), (failure.Operator, failure.Argument));
        Assert.Equal(3.0 / 2, failure.Numeric / failure.Analytic, 1e-9); // 3x² against 2x²
        Assert.Equal(2.0 / 256, failure.Step); // 2⁻⁸·|x|
        string message = Assert.Throws<DerivativeException>(report.ThrowIfFailed).Message;
        foreach (string part in (string[])["cube", "gradient", "argument 0", "element 1", "numeric, step 0.0078125"])
            Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.Equal(message, report.ToString());
    }

    [Fact]
    public void AnOperatorWithoutForwardModeIsCheckedWithoutIt()
    {
        CustomOperator<double> cube = new("cube", t => t[0] * t[0] * t[0], (t, _, dy, _) => dy * t[0] * t[0] * 3.0);
        Assert.Throws<NotSupportedException>(() => DerivativeCheck.Run("cube", x => cube.Apply(x), Tensor.From(0.5, 2.0)));
        DerivativeReport report = DerivativeCheck.Run("cube", x => cube.Apply(x), Tensor.From(0.5, 2.0), CheckOptions.Default with { ForwardMode = false });
        report.ThrowIfFailed();
        Assert.InRange(report.SecondOrderError, 1e-17, DerivativeCheck.NumericBound);
        // Of the first order only: what a derivative that is a constant passes.
        CustomOperator<double> once = new("cube", t => t[0] * t[0] * t[0], (t, _, dy, _) => dy * (t[0] * t[0] * 3.0).Detach());
        Assert.False(DerivativeCheck.Run("cube", x => once.Apply(x), Tensor.From(0.5), CheckOptions.Default with { ForwardMode = false }).Passed);
        Assert.True(DerivativeCheck.Run("cube", x => once.Apply(x), Tensor.From(0.5), CheckOptions.Default with { ForwardMode = false, Order = 1 }).Passed);
    }

    [Fact]
    public void ALayerIsCheckedInItsParametersByName()
    {
        Tensor<double> x = Tensor.From([0.3, -0.7, 1.1, 0.4, -1.5, 0.2, 0.9, 1.3], [4, 2]);
        DerivativeCheck.Run("network", () => new Sequential<double>(new Linear<double>(2, 3), new BatchNorm1d<double>(3), new Tanh<double>(), new Dropout<double>(0.25, 3)), x).ThrowIfFailed();
        DerivativeReport report = DerivativeCheck.Run("network", () => new Sequential<double>(new Linear<double>(2, 3), new Forgetful()), x);
        Assert.Contains(report.Failures, f => f is { Argument: 1, ArgumentName: "0.weight" });
        Assert.Contains(report.Failures, f => f is { Argument: 3, ArgumentName: "1.scale" } && f.ToString().Contains("argument 3 (1.scale)", StringComparison.Ordinal));
    }

    [Fact]
    public void ALargeInputIsMovedAlongDirections()
    {
        // 10 000 elements, of which one has a wrong derivative: every direction sees it.
        const int Wrong = 4321;
        Tensor<double> x = Tensor.From<double>([.. Enumerable.Range(0, 10_000).Select(i => Math.Sin(i))]), mask = Tensor.Ones<double>([10_000]);
        mask.AsSpan()[Wrong] = 0.5;
        int calls = 0;
        CustomOperator<double> sum = new("sum of squares", t => { calls++; return t[0].Square().Sum(); }, (t, _, dy, _) => dy * t[0] * mask * 2.0);
        CheckOptions options = CheckOptions.Default with { ForwardMode = false, Order = 1 };
        CheckFailure[] failures = [.. DerivativeCheck.Run("sum", v => sum.Apply(v), x, options).Failures];
        Assert.Contains(failures, f => f.Check == "gradient along a direction");
        Assert.True(calls < 120, $"{calls} calls");
        mask.AsSpan()[Wrong] = 1;
        Assert.True(DerivativeCheck.Run("sum", v => sum.Apply(v), x, options).Passed);
    }

    private sealed class Forgetful : Module<double>
    {
        private readonly Parameter<double> _scale;

        public Forgetful() => _scale = Declare("scale", [], Optimization.Parameters.ParameterRole.Other, Initialization.Initializers.Constant(1.0));

        // The second factor's share is lost.
        public override Tensor<double> Forward(Tensor<double> x) => x * (x * _scale.Tensor).Detach();
    }
}
