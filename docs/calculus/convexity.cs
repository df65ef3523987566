#:project ../../src/FastGrad.Analysis/FastGrad.Analysis.csproj

// Convexity, minima and saddles: run it with 'dotnet run -c Release docs/calculus/convexity.cs'.

using FastGrad.Analysis.Certificates;
using FastGrad.Analysis.Curvature;
using FastGrad.Analysis.Expressions;
using FastGrad.Analysis.Pictures;
using FastGrad.Autograd;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Philox;

string pictures = args is [string folder] ? folder : Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? ".", "convexity");

Console.WriteLine("1. Proven convex, or refuted by a segment whose inside lies above its chord");
#region certify
foreach (string formula in (string[])["log(1 + exp(-x))", "x^4 - x^2"])
    Console.WriteLine($"   {formula}\n      {ConvexityCertifier.Certify(Expression.Parse(formula)).ToString().ReplaceLineEndings("\n      ")}");
#endregion
double[] xs = [.. Enumerable.Range(0, 121).Select(i => i / 40.0 - 1.5)];
new Chart("Convex, and not", "x", "") { RangeX = (-1.5, 1.5), RangeY = (-0.5, 2) }
    .Line("log(1 + e⁻ˣ)", xs, xs.Select(x => Log1p<double>.At(Exp<double>.At(-x)))).Line("x⁴ − x²", xs, xs.Select(x => x * x * x * x - x * x))
    .Line("chords", [-1, 1], [Log1p<double>.At(Exp<double>.At(1)), Log1p<double>.At(Exp<double>.At(-1))], dashed: true).Line("", [-0.7, 0.7], [-0.2499, -0.2499], dashed: true)
    .Save(Path.Combine(pictures, "chords.svg"));

Console.WriteLine();
Console.WriteLine("2. Points of f(x, y) = x³ − 3x + y³ − 3y where the gradient is zero");
#region kinds
Tensor<double> F(Tensor<double> p) => (p.Square() * p - 3 * p).Sum();
foreach ((double x, double y) in new[] { (1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0) })
{
    CriticalPointReport report = CriticalPoint.Classify(new Objective(F, Tensor.From(x, y)));
    Console.WriteLine($"   ({x,2}, {y,2}): f = {report.Value,2}, eigenvalues {string.Join(" and ", report.Spectrum.Values.Select(v => $"{v:F2}"))}: {report.Kind}, index {report.Index}");
}
Objective saddle = new(F, Tensor.From(1.0, -1.0));
Tensor<double> lower = CriticalPoint.Escape(saddle, CriticalPoint.Classify(saddle))!;
#endregion
Console.WriteLine($"   from the saddle (1, −1) along its negative curvature to ({lower[0]:F1}, {lower[1]:F1}), where f = {F(lower).Item():F2}");

Console.WriteLine();
Console.WriteLine("3. Random symmetric matrices: the share whose eigenvalues are all positive");
#region random
const int Samples = 200_000;
double[] known = [0.5, (2 - Math.Sqrt(2)) / 4, (double.Pi - 2 * Math.Sqrt(2)) / (4 * double.Pi)];
List<double> shares = [];
for (int n = 1; n <= 5; n++)
{
    using TensorScope scope = new();
    double[] normal = new double[Samples * n * n];
    new PhiloxStream(2024, (ulong)n).FillNormal<double>(normal, 0, 1);
    Tensor<double> a = Tensor.From<double>(normal, [Samples, n, n]);
    double[] least = ((a + a.Transpose()) / 2).SymmetricEigenvalues().Slice(1, 0, 1).ToArray();
    shares.Add((double)least.Count(value => value > 0) / Samples);
    Console.WriteLine($"   n = {n}: {shares[^1]:0.00000} ± {Math.Sqrt(shares[^1] * (1 - shares[^1]) / Samples):0.00000}{(n <= known.Length ? $", exactly {known[n - 1]:0.00000}" : "")}");
}
#endregion
double[] sizes = [.. shares.Select((_, i) => i + 1.0)];
new Chart("Share of minima where Hessians are random", "n", "share") { LogY = true }
    .Points("sampled", sizes, shares).Line("3^(−n²/4)", sizes, sizes.Select(n => Pow<double>.At(3, -n * n / 4)), dashed: true).Line("2⁻ⁿ", sizes, sizes.Select(n => Pow<double>.At(2, -n)), dashed: true)
    .Save(Path.Combine(pictures, "share.svg"));

Console.WriteLine();
Console.WriteLine("4. A network with one hidden layer: Σⱼ vⱼ·tanh(wⱼ·x), fitted to sin x");
#region network
const int Hidden = 3;
Tensor<double> inputs = Tensor.From<double>([.. Enumerable.Range(0, 33).Select(i => (i - 16) / 8.0)], [33, 1]), targets = inputs.Sin();
Tensor<double> Loss(Tensor<double> theta) => // w₁ … w₃, v₁ … v₃
    (inputs.MatMul(theta.Slice(0, 0, Hidden).Reshape([1, Hidden])).Tanh().MatMul(theta.Slice(0, Hidden, Hidden).Reshape([Hidden, 1])) - targets).Square().Mean();

Tensor<double> start = Tensor.Zeros<double>([2 * Hidden]);
CriticalPointReport zero = CriticalPoint.Classify(new Objective(Loss, start));
#endregion
Console.WriteLine($"   all weights 0: {zero.Kind}, index {zero.Index}, eigenvalues {string.Join(" ", zero.Spectrum.Values.Select(v => $"{v:F4}"))}");
Console.WriteLine($"   by hand ±(2/n)·Σ x·y, each {Hidden} times: ±{2 * (inputs * targets).Mean().Item():F4}");

#region swap
Tensor<double> theta = CriticalPoint.Escape(new Objective(Loss, start), zero)!;
double[] jitter = new double[2 * Hidden];
new PhiloxStream(5, 0).FillNormal<double>(jitter, 0, 0.3);
theta += Tensor.From<double>(jitter);
Func<Tensor<double>, Tensor<double>> gradient = Transforms.Grad<double>(Loss);
for (int step = 0; step < 5000; step++)
{
    using TensorScope scope = new();
    theta = scope.Keep(theta - 0.2 * gradient(theta));
}
double[] t = theta.ToArray(), swapped = [t[1], t[0], t[2], t[4], t[3], t[5]]; // two hidden units change places
double At(double share) => Loss(Tensor.From<double>([.. t.Zip(swapped, (from, to) => from + share * (to - from))])).Item();
#endregion
Console.WriteLine($"   after 5000 steps of descent from beside it: loss {At(0):0.00e0}");
Console.WriteLine($"   two hidden units swapped: loss {At(1):0.00e0}, the same function; half way between: {At(0.5):0.00e0}");
double[] ways = [.. Enumerable.Range(0, 61).Select(i => i / 40.0 - 0.25)];
new Chart("From a minimum to the same with two units swapped", "share of the way", "loss") { LogY = true }.Line("loss", ways, ways.Select(At)).Save(Path.Combine(pictures, "swap.svg"));
ConvexityCertificate certificate = GraphCertifier.Certify(() => Loss(theta), [("theta", theta)]);
Console.WriteLine($"   the library's verdict: {certificate.Verdict.Name()}");
