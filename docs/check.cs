#:project ../src/FastGrad.Analysis/FastGrad.Analysis.csproj

// Checking a derivative of one's own: run it with 'dotnet run docs/check.cs'.

using System.Globalization;
using FastGrad.Analysis.Checks;
using FastGrad.Autograd;
using FastGrad.Modules;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

Console.WriteLine("1. An operator with a derivative of one's own: x·tanh x");
Tensor<double> x = Tensor.From(0.3, -1.2, 2.5);
CustomOperator<double> mine = new(
    "x·tanh x",
    t => t[0] * t[0].Tanh(),
    (t, y, dy, input) => dy * (t[0].Tanh() + t[0] * (1.0 - t[0].Tanh().Square())),
    (t, y, tangents) => tangents[0]! * (t[0].Tanh() + t[0] * (1.0 - t[0].Tanh().Square())));
DerivativeReport report = DerivativeCheck.Run("x·tanh x", t => mine.Apply(t), x);
Console.WriteLine($"   passed: {report.Passed}, each error below 1e-6: {Math.Max(report.GradientError, report.SecondOrderError) < 1e-6}");

Console.WriteLine();
Console.WriteLine("2. The same with a term of the product rule forgotten: operator, argument, element, both values, step");
CustomOperator<double> wrong = new("x·tanh x", t => t[0] * t[0].Tanh(), (t, y, dy, input) => dy * t[0].Tanh());
report = DerivativeCheck.Run("x·tanh x", t => wrong.Apply(t), x, new CheckOptions { ForwardMode = false, Order = 1 });
Console.WriteLine($"   {report.Failures.First(failure => failure.Check == "gradient")}");

Console.WriteLine();
Console.WriteLine("3. A layer, in its input and in every parameter");
report = DerivativeCheck.Run("layer", () => new Sequential<double>(new Linear<double>(3, 4), new Gelu<double>(), new LayerNorm<double>([4])), x.Reshape([1, 3]));
Console.WriteLine($"   passed: {report.Passed}");

Console.WriteLine();
Console.WriteLine("4. A derivative from values alone, and how far it may be off");
NumericEstimate slope = NumericDerivative.Estimate(t => Math.Exp(Math.Sin(t)), x: 1, h: 0.5);
double truth = Math.Exp(Math.Sin(1)) * Math.Cos(1);
Console.WriteLine($"   {slope.Value:F10} by differences, {truth:F10} by the chain rule; off by less than estimated: {Math.Abs(slope.Value - truth) <= slope.Error}");
