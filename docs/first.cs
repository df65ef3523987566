#:project ../src/FastGrad/FastGrad.csproj

// The first page: run it with 'dotnet run docs/first.cs'.

using System.Globalization;
using FastGrad.Autograd;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

Console.WriteLine("1. A secant closes on the derivative. f(x) = x·sin x at x = 2");
Tensor<double> F(Tensor<double> x) => x * x.Sin();
Tensor<double> two = Tensor.Scalar(2.0);
double slope = Transforms.Grad<double>(F)(two).Item();
for (double h = 1; h > 1e-5; h /= 10)
{
    double secant = (F(two + h).Item() - F(two).Item()) / h;
    Console.WriteLine($"   h = {h,-7:G1} secant {secant,9:F6}   away from the derivative by {secant - slope,9:F6}");
}
Console.WriteLine($"   derivative        {slope,9:F6}");

Console.WriteLine();
Console.WriteLine("2. Two partial derivatives. loss(w, b) = mean (w·x + b − y)²");
Tensor<double> x = Tensor.From(1.0, 2, 3, 4), y = Tensor.From(3.0, 5, 7, 9); // y = 2x + 1
Tensor<double> w = Tensor.Scalar(0.0), b = Tensor.Scalar(0.0);
(w.RequiresGrad, b.RequiresGrad) = (true, true);
Tensor<double> Loss() => (w * x + b - y).Square().Mean();
Loss().Backward();
Console.WriteLine($"   at w = 0, b = 0: ∂loss/∂w = {w.Grad!.Item()}, by hand mean 2·(w·x + b − y)·x = -35");
Console.WriteLine($"                    ∂loss/∂b = {b.Grad!.Item()}, by hand mean 2·(w·x + b − y) = -12");

Console.WriteLine();
Console.WriteLine("3. The gradient of cross entropy is p − y: what the softmax says, less the truth");
Tensor<double> logits = Tensor.From([2.0, 1, -1], [1, 3]);
logits.RequiresGrad = true;
logits.SoftmaxCrossEntropy(Tensor.From(0)).Sum().Backward();
Console.WriteLine($"   p        = {Row(logits.Detach().Softmax())}");
Console.WriteLine($"   y        = {Row(Tensor.From(1.0, 0, 0))}");
Console.WriteLine($"   gradient = {Row(logits.Grad!)}");

Console.WriteLine();
Console.WriteLine("4. A forgotten ZeroGrad(): gradients add up, and descent goes by the sum of all that came before");
double kept = Descend(zero: true), summed = Descend(zero: false);
Console.WriteLine($"   20 steps of descent with ZeroGrad():    loss {kept:F4}");
Console.WriteLine($"   20 steps of descent without ZeroGrad(): loss {summed:F4}");

double Descend(bool zero)
{
    (w.AsSpan()[0], b.AsSpan()[0]) = (0, 0);
    w.ZeroGrad();
    b.ZeroGrad();
    for (int step = 0; step < 20; step++)
    {
        if (zero)
        {
            w.ZeroGrad();
            b.ZeroGrad();
        }
        Loss().Backward();
        w.AsSpan()[0] -= 0.05 * w.Grad!.Item();
        b.AsSpan()[0] -= 0.05 * b.Grad!.Item();
    }
    return Loss().Item();
}

static string Row(Tensor<double> values) => string.Join("  ", values.ToArray().Select(value => $"{value,7:F4}"));
