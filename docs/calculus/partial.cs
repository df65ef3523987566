#:project ../../src/FastGrad.Analysis/FastGrad.Analysis.csproj
#:project ../../src/FastGrad.Workloads/FastGrad.Workloads.csproj

// Partial derivatives, and a line through data: run it with 'dotnet run -c Release docs/calculus/partial.cs'.

using FastGrad.Analysis.Certificates;
using FastGrad.Analysis.Pictures;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Kernels.Functions;
using FastGrad.Losses;
using FastGrad.Workloads.DataSets;

string pictures = args is [string folder] ? folder : Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? ".", "partial");

// 442 patients: ten measurements, and the progression of their diabetes a year later. Each column less its mean, by its deviation.
DataSet<double> data = BuiltInData.Load<double>("diabetes");
data = data.Standardize(Standardizer<double>.Fit(data.Features, data.Columns));
int n = data.Rows;
Tensor<double> x = Tensor.From(data.Features, [n, data.Columns]), y = Tensor.From(data.Targets, [n, 1]);
Tensor<double> bmi = x.Slice(1, 2, 1);

Console.WriteLine("1. One number moves, the other stays: f(w, b) = mean (w·bmi + b − y)² at w = 0, b = 100");
#region partial
Tensor<double> F(Tensor<double> w, Tensor<double> b) => (w * bmi + b - y).Square().Mean();
double At(double w, double b) => F(Tensor.Scalar(w), Tensor.Scalar(b)).Item();

Tensor<double> w = Tensor.Scalar(0.0), b = Tensor.Scalar(100.0);
Tensor<double>[] slopes = Transforms.ValueAndGrad<double>(p => F(p[0], p[1]))([w, b]).Gradients;
#endregion
const double H = 1e-3;
Console.WriteLine($"   ∂f/∂w: {slopes[0].Item(),10:F5} by the library, {(At(H, 100) - At(-H, 100)) / (2 * H),10:F5} from f(±h, 100)");
Console.WriteLine($"   ∂f/∂b: {slopes[1].Item(),10:F5} by the library, {(At(0, 100 + H) - At(0, 100 - H)) / (2 * H),10:F5} from f(0, 100 ± h)");
double[] moves = [.. Enumerable.Range(0, 71).Select(i => 2.5 * i - 50)];
new Chart("f along w, and along b, from (0, 100), with tangents", "how far w or b moves", "f") { RangeY = (2000, 14000) }
    .Line("f(t, 100)", moves, moves.Select(t => At(t, 100))).Line("f(0, 100 + t)", moves, moves.Select(t => At(0, 100 + t)))
    .Line("", moves, moves.Select(t => At(0, 100) + slopes[0].Item() * t), dashed: true).Line("", moves, moves.Select(t => At(0, 100) + slopes[1].Item() * t), dashed: true)
    .Save(Path.Combine(pictures, "slices.svg"));

Console.WriteLine();
Console.WriteLine("2. Where both are zero: the line of least squares");
#region line
double meanX = bmi.Mean().Item(), meanY = y.Mean().Item();
double best = ((bmi - meanX) * (y - meanY)).Sum().Item() / (bmi - meanX).Square().Sum().Item(), start = meanY - best * meanX;
(w, b) = (Tensor.Scalar(best), Tensor.Scalar(start));
slopes = Transforms.ValueAndGrad<double>(p => F(p[0], p[1]))([w, b]).Gradients;
#endregion
Console.WriteLine($"   w = {best:F4}, b = {start:F4}: f = {At(best, start):F4}");
Console.WriteLine($"   ∂f/∂w and ∂f/∂b below 1e-10: {slopes.All(slope => Math.Abs(slope.Item()) < 1e-10)}");
double[] across = bmi.ToArray();
new Chart("Progression of diabetes by body mass", "body mass index, standardized", "progression").Points("patients", across, y.ToArray())
    .Line("least squares", [across.Min(), across.Max()], [best * across.Min() + start, best * across.Max() + start]).Save(Path.Combine(pictures, "line.svg"));

Console.WriteLine();
Console.WriteLine("3. Eleven numbers: the gradient has all partial derivatives. At weights 0 and b = 0:");
#region gradient
Tensor<double> design = TensorShapes.Concatenate(1, x, Tensor.Ones<double>([n, 1])); // a column of ones, whose weight is b
Tensor<double> Loss(Tensor<double> theta) => (design.MatMul(theta) - y).Square().Mean();
Func<Tensor<double>, Tensor<double>> gradient = Transforms.Grad<double>(Loss);

Tensor<double> theta = Tensor.Zeros<double>([data.Columns + 1, 1]);
Tensor<double> byHand = design.Transpose().MatMul(design.MatMul(theta) - y) * (2.0 / n); // 2/n·Xᵀ(Xθ − y)
#endregion
double[] g = gradient(theta).ToArray();
Console.WriteLine($"   {string.Join("  ", data.FeatureNames.Append("b").Select((name, i) => $"{name} {g[i]:F2}"))}");
Console.WriteLine($"   by hand the same, to 1e-10: {g.Zip(byHand.ToArray()).All(pair => Math.Abs(pair.First - pair.Second) < 1e-10)}");

Console.WriteLine();
Console.WriteLine("4. Downhill with the step 1/L that is proven safe, and the solution of the normal equations");
#region descent
Tensor<double> gram = design.Transpose().MatMul(design);
Tensor<double> solution = gram.Solve(design.Transpose().MatMul(y)); // XᵀXθ = Xᵀy

SmoothnessBounds bounds = SmoothnessBounds.OfLinearModel(x, new MeanSquaredError<double>());
List<double> away = [], values = [];
double first = Norm(theta - solution);
for (int step = 0; step <= 10_000; step++)
{
    using TensorScope scope = new();
    away.Add(Norm(theta - solution));
    values.Add(Loss(theta).Item());
    theta = scope.Keep(theta - bounds.LargestStep * gradient(theta));
}
#endregion
Console.WriteLine($"   L = {bounds.Smoothness:F3}, μ = {bounds.StrongConvexity:F5}: condition number {bounds.ConditionNumber:F1}");
double rate = 1 - bounds.StrongConvexity / bounds.Smoothness;
foreach (int step in (int[])[0, 10, 100, 1000, 10_000])
    Console.WriteLine($"   step {step,5}: loss {values[step],10:F4}, away from the solution by {away[step]:0.00e0}; the bound (1 − μ/L)ᵏ says {first * Pow<double>.At(rate, step):0.00e0}");
Console.WriteLine($"   the loss never rose: {values.Zip(values.Skip(1)).All(pair => pair.Second <= pair.First * (1 + 1e-14))}");
double[] steps = [.. Enumerable.Range(0, 201).Select(i => 50.0 * i)];
new Chart("Gradient descent on least squares", "step", "distance from the solution") { LogY = true }
    .Line("descent", steps, steps.Select(k => away[(int)k])).Line("(1 − μ/L)ᵏ", steps, steps.Select(k => first * Pow<double>.At(rate, k)), dashed: true)
    .Save(Path.Combine(pictures, "descent.svg"));

Console.WriteLine();
Console.WriteLine("5. A quadratic has one Hessian, 2/n·XᵀX, and one step with its inverse goes all the way");
#region newton
Tensor<double> zero = Tensor.Zeros<double>([data.Columns + 1, 1]);
Tensor<double> hessian = Transforms.Hessian<double>(t => Loss(t.Reshape([data.Columns + 1, 1])), zero.Reshape([data.Columns + 1]));
Tensor<double> newton = zero - hessian.Solve(gradient(zero));
#endregion
Console.WriteLine($"   away from the solution by less than 1e-9: {Norm(newton - solution) < 1e-9}");
Console.WriteLine($"   {string.Join("  ", data.FeatureNames.Append("b").Select((name, i) => $"{name} {newton[i, 0]:F2}"))}");
Console.WriteLine($"   R² = {1 - Loss(newton).Item() / (y - meanY).Square().Mean().Item():F4}");

static double Norm(Tensor<double> t) => Math.Sqrt(t.Square().Sum().Item());
