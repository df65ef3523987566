#:project ../src/FastGrad/FastGrad.csproj

// From the chain rule up: run it with 'dotnet run docs/chain.cs'.

using System.Globalization;
using FastGrad.Autograd;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

Console.WriteLine("1. The chain rule by hand. y = sin(u), u = x², at x = 1.5: dy/dx = cos(u)·2x");
double x = 1.5, u = x * x;
double byHand = Math.Cos(u) * (2 * x);
Console.WriteLine($"   by hand    {byHand:F12}");

Console.WriteLine();
Console.WriteLine("2. The same by the library: backward from y (reverse), along with x (forward)");
Tensor<double> Y(Tensor<double> t) => t.Square().Sin();
(Tensor<double> value, Func<Tensor<double>, Tensor<double>> pullback) = Transforms.Vjp<double>(Y, Tensor.Scalar(x));
Console.WriteLine($"   reverse    {pullback(Tensor.Scalar(1.0)).Item():F12}   y = {value.Item():F12}");
Console.WriteLine($"   forward    {Transforms.Jvp<double>(Y, Tensor.Scalar(x), Tensor.Scalar(1.0)).Tangent.Item():F12}");

Console.WriteLine();
Console.WriteLine("3. A derivative is a function like any other. Derivatives of tanh at 0.5, one after the other");
Func<Tensor<double>, Tensor<double>> f = t => t.Tanh();
for (int order = 1; order <= 4; order++)
{
    f = Transforms.Grad(f);
    Console.WriteLine($"   order {order}    {f(Tensor.Scalar(0.5)).Item():F12}");
}

Console.WriteLine();
Console.WriteLine("4. Along a chain of matrices the chain rule is their product: J = W₂·diag(1 − h²)·W₁");
Tensor<double> w1 = Tensor.From(new double[,] { { 0.5, -1 }, { 2, 0.25 }, { -0.75, 1 } }), w2 = Tensor.From(new double[,] { { 1, 0.5, -2 } });
Tensor<double> at = Tensor.From(0.3, -0.2);
Tensor<double> jacobian = Transforms.Jacobian<double>(t => t.Linear(w1).Tanh().Linear(w2), at);
double[] h = at.Linear(w1).Tanh().ToArray();
double[] product = [.. Enumerable.Range(0, 2).Select(j => Enumerable.Range(0, 3).Sum(i => w2[0, i] * (1 - h[i] * h[i]) * w1[i, j]))];
Console.WriteLine($"   Jacobian   {Row(jacobian.ToArray())}");
Console.WriteLine($"   product    {Row(product)}");

Console.WriteLine();
Console.WriteLine("5. A gradient can be watched, and changed, on its way");
Tensor<double> leaf = Tensor.Scalar(x);
leaf.RequiresGrad = true;
Tensor<double> middle = leaf.Square();
middle.RegisterHook(gradient =>
{
    Console.WriteLine($"   at u       {gradient.Item():F12} = cos(u)");
    return null;
});
middle.Sin().Backward();
Console.WriteLine($"   at x       {leaf.Grad!.Item():F12}");

Console.WriteLine();
Console.WriteLine("6. A derivative of one's own: the step function, with a slope that lets learning through");
CustomOperator<double> step = new("step", t => t[0] - t[0] + (t[0].Item() > 0 ? 1.0 : 0.0), (t, y, dy, input) => dy);
leaf.ZeroGrad();
step.Apply(leaf).Backward();
Console.WriteLine($"   value {step.Apply(leaf).Item()}, slope {leaf.Grad!.Item()}");

Console.WriteLine();
Console.WriteLine("7. Less memory: a checkpoint computes its inside again on the way back, with the same bits");
leaf.ZeroGrad();
Transforms.Checkpoint<double>(Y)(leaf).Backward();
Console.WriteLine($"   again      {leaf.Grad!.Item():F12}");

Console.WriteLine();
Console.WriteLine("8. Where NaN comes from");
try
{
    using AnomalyDetection watch = new();
    _ = (leaf - 2.0).Log();
}
catch (NotFiniteNumberException anomaly)
{
    Console.WriteLine($"   {anomaly.Message}");
}

static string Row(double[] values) => string.Join("  ", values.Select(v => v.ToString("F12", CultureInfo.InvariantCulture)));
