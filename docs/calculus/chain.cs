#:project ../../src/FastGrad.Analysis/FastGrad.Analysis.csproj

// The chain rule, and what long chains do to a gradient: run it with 'dotnet run -c Release docs/calculus/chain.cs'.

using FastGrad.Analysis.GradientFlow;
using FastGrad.Analysis.Pictures;
using FastGrad.Autograd;
using FastGrad.Kernels.Functions;

string pictures = args is [string folder] ? folder : Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? ".", "chain");

Console.WriteLine("1. A chain of three: y = e^(−u), u = v², v = sin x, at x = 0.8");
#region links
double x = 0.8, v = Sin<double>.At(x), u = v * v, y = Exp<double>.At(-u);
double[] links = [-y, 2 * v, Cos<double>.At(x)]; // dy/du, du/dv, dv/dx
Tensor<double> Y(Tensor<double> t) => (-t.Sin().Square()).Exp();
double slope = Transforms.Grad<double>(Y)(Tensor.Scalar(x)).Item();
#endregion
Console.WriteLine($"   dy/du = {links[0]:F6}, du/dv = {links[1]:F6}, dv/dx = {links[2]:F6}");
Console.WriteLine($"   their product    {links[0] * links[1] * links[2]:F12}");
Console.WriteLine($"   by the library   {slope:F12}");

Console.WriteLine();
Console.WriteLine("2. A chain of n sigmoids, from x = 0: each link multiplies by σ′ = σ(1 − σ) ≤ ¼");
#region sigmoids
static Tensor<double> Sigmoids(Tensor<double> t, int n)
{
    for (int i = 0; i < n; i++)
        t = t.Sigmoid();
    return t;
}

int[] lengths = [1, 2, 5, 10, 20, 30];
double[] slopes = [.. lengths.Select(n => Transforms.Grad<double>(t => Sigmoids(t, n))(Tensor.Scalar(0.0)).Item())];
#endregion
for (int i = 0; i < lengths.Length; i++)
    Console.WriteLine($"   n = {lengths[i],2}: derivative {slopes[i]:0.000e0}, ¼ⁿ = {Pow<double>.At(0.25, lengths[i]):0.000e0}, a link on average {Pow<double>.At(slopes[i], 1.0 / lengths[i]):F4}");
double end = Sigmoids(Tensor.Scalar(0.0), 100).Item();
Console.WriteLine($"   the values go to {end:F6} = σ({end:F6}); the slope there is {end * (1 - end):F4}");

Console.WriteLine();
Console.WriteLine("3. A chain of n maps x → 4x(1 − x), from x = sin²(1): it explodes, and the derivative is known");
#region map
static Tensor<double> Maps(Tensor<double> t, int n)
{
    for (int i = 0; i < n; i++)
        t = 4 * t * (1 - t);
    return t;
}

// x = sin²θ goes to sin²(2ⁿθ), so the derivative is 2ⁿ·sin(2ⁿ⁺¹θ)/sin(2θ).
double Known(int n) => double.ScaleB(Sin<double>.At(double.ScaleB(1, n + 1)), n) / Sin<double>.At(2);
#endregion
double from = Sin<double>.At(1) * Sin<double>.At(1);
foreach (int n in lengths)
    Console.WriteLine($"   n = {n,2}: derivative {Transforms.Grad<double>(t => Maps(t, n))(Tensor.Scalar(from)).Item(),11:0.000e0}, by the formula {Known(n),11:0.000e0}");

Console.WriteLine();
Console.WriteLine("4. A network is a chain of layers: 30 of them, 64 units each, random weights, random data");
#region network
FlowNetwork sigmoid = new(); // 30 layers of sigmoids, Xavier initialization
FlowNetwork relu = sigmoid with { Activation = "relu", Initialization = "he" };
FlowNetwork batch = sigmoid with { Normalization = "batch" };
FlowNetwork linear = sigmoid with { Activation = "none", Initialization = "he" }; // variance doubles, and no ReLU halves it
foreach ((string name, FlowNetwork network) in new[] { ("sigmoid, Xavier", sigmoid), ("ReLU, He", relu), ("sigmoid, batch normalization", batch), ("no activation, He", linear) })
    Console.WriteLine($"   {name,-28} {network.Measure()}");
#endregion
Chart chart = new("Norm of the gradient at each layer's output", "layer", "‖∂loss/∂output‖") { LogY = true };
foreach ((string name, FlowNetwork network) in new[] { ("sigmoid", sigmoid), ("ReLU, He", relu), ("batch norm", batch), ("linear, He", linear) })
{
    double[] norms = [.. network.Measure().Layers.Select(layer => layer.Gradient)];
    chart.Line(name, norms.Select((_, i) => i + 1.0), norms);
}
chart.Save(Path.Combine(pictures, "gradients.svg"));

Console.WriteLine();
Console.WriteLine("5. What mends it, and what does not");
foreach (FlowTrial trial in sigmoid.Mends())
    Console.WriteLine($"   {trial.Change,-35} {trial.Report.Verdict,-9} factor a layer {trial.Report.Factor:F3}, first weight's share of a step {trial.Report.Layers[0].Ratio:0.0e0}");

Console.WriteLine();
Console.WriteLine("6. Clipping: 20 steps of gradient descent, plain, and with the gradient clipped to norm 1");
#region clipping
foreach ((string name, FlowNetwork network) in new[] { ("no activation, He", linear), ("sigmoid, Xavier", sigmoid), ("ReLU, He", relu) })
{
    FlowTraining plain = network.Train(steps: 20, rate: 0.01), clipped = (network with { ClipNorm = 1 }).Train(steps: 20, rate: 0.01);
    Console.WriteLine($"   {name,-17} {plain}; clipped: {clipped}");
}
#endregion
