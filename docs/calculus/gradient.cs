#:project ../../src/FastGrad.Analysis/FastGrad.Analysis.csproj
#:project ../../src/FastGrad.Workloads/FastGrad.Workloads.csproj

// The gradient, its contours, and logistic regression: run it with 'dotnet run -c Release docs/calculus/gradient.cs'.

using FastGrad.Analysis.Certificates;
using FastGrad.Analysis.Landscapes;
using FastGrad.Analysis.Pictures;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Kernels.Functions;
using FastGrad.Losses;
using FastGrad.Workloads.DataSets;

string pictures = args is [string folder] ? folder : Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? ".", "gradient");

// 569 tumours: two of their measurements, each less its mean and by its deviation, and whether they were malignant.
DataSet<double> data = BuiltInData.Load<double>("breast-cancer");
data = data.Standardize(Standardizer<double>.Fit(data.Features, data.Columns));
int n = data.Rows;
Tensor<double> all = Tensor.From(data.Features, [n, data.Columns]);
Tensor<double> x = TensorShapes.Concatenate(1, Column("mean_radius"), Column("mean_texture"));
Tensor<double> y = Tensor.From<double>([.. data.Labels.ToArray().Select(label => 1.0 - label)], [n, 1]); // 1: malignant

Console.WriteLine("1. The gradient of f(w) = mean [log(1 + e^z) − y·z], z = w₁·radius + w₂·texture, at w = (0, 0)");
#region gradient
Tensor<double> F(Tensor<double> w) => (x.MatMul(w) is var z ? z.Softplus() - y * z : z).Mean();
Func<Tensor<double>, Tensor<double>> gradient = Transforms.Grad<double>(F);

Tensor<double> zero = Tensor.Zeros<double>([2, 1]);
Tensor<double> g = gradient(zero);
Tensor<double> byHand = x.Transpose().MatMul(x.MatMul(zero).Sigmoid() - y) / n; // 1/n·Xᵀ(σ(Xw) − y)
#endregion
Console.WriteLine($"   by the library ({g[0, 0]:F10}, {g[1, 0]:F10})");
Console.WriteLine($"   by hand        ({byHand[0, 0]:F10}, {byHand[1, 0]:F10})");

Console.WriteLine();
Console.WriteLine("2. Slopes in all directions: by values, (f(t·d) − f(−t·d))/2t, and as ∇f·d = ‖∇f‖·cos of the angle to it");
#region directions
double norm = Math.Sqrt(g.Square().Sum().Item());
(double X, double Y) up = (g[0, 0] / norm, g[1, 0] / norm);
foreach (int angle in (int[])[0, 30, 60, 90, 120, 150, 180])
{
    double c = Cos<double>.At(angle * double.Pi / 180), s = Sin<double>.At(angle * double.Pi / 180), t = 1e-4;
    (double X, double Y) d = (c * up.X - s * up.Y, s * up.X + c * up.Y); // the gradient's direction, turned
    double slope = (At(t * d.X, t * d.Y) - At(-t * d.X, -t * d.Y)) / (2 * t);
    Console.WriteLine($"   {angle,3}°: {slope,10:F7} by values, {norm * c,10:F7}");
}
#endregion

Console.WriteLine();
Console.WriteLine("3. Along a contour f does not change: steps of length t along the gradient, and across it");
foreach (double t in (double[])[0.1, 0.01, 0.001])
    Console.WriteLine($"   t = {t,-5}: along, change/t = {(At(t * up.X, t * up.Y) - At(0, 0)) / t:F5}; across, change/t = {(At(-t * up.Y, t * up.X) - At(0, 0)) / t:F5}");
Console.WriteLine($"   ‖∇f‖ = {norm:F5}");

Console.WriteLine();
Console.WriteLine("4. Against the gradient with the step 1/L that is proven safe");
#region descent
SmoothnessBounds bounds = SmoothnessBounds.OfLinearModel(x, new BinaryCrossEntropy<double>(), hasBias: false);
List<PlanePoint> path = [];
List<double> losses = [], norms = [];
Tensor<double> w = Tensor.From<double>([-2, 3], [2, 1]);
for (int step = 0; step <= 1000; step++)
{
    using TensorScope scope = new();
    Tensor<double> slope = gradient(w);
    path.Add(new(w[0, 0], w[1, 0]));
    losses.Add(F(w).Item());
    norms.Add(Math.Sqrt(slope.Square().Sum().Item()));
    w = scope.Keep(w - bounds.LargestStep * slope);
}
#endregion
Console.WriteLine($"   L = {bounds.Smoothness:F5}, step {bounds.LargestStep:F5}");
foreach (int step in (int[])[0, 1, 10, 100, 1000])
    Console.WriteLine($"   step {step,4}: w = ({path[step].X:F6}, {path[step].Y:F6}), f = {losses[step]:F6}, ‖∇f‖ = {norms[step]:0.0e0}");
Console.WriteLine($"   f never rose: {losses.Zip(losses.Skip(1)).All(pair => pair.Second <= pair.First * (1 + 1e-14))}; each step won at least ‖∇f‖²/2L: {Enumerable.Range(0, 1000).All(i => losses[i] - losses[i + 1] >= norms[i] * norms[i] / (2 * bounds.Smoothness) - 1e-14)}");

LossSurface surface = Landscape.Slice(At, new GridAxis(-2.5, 5.5, 65, "w₁ (radius)"), new GridAxis(-2.5, 4, 53, "w₂ (texture)"));
File.WriteAllText(Path.Combine(Directory.CreateDirectory(pictures).FullName, "contours.svg"), new LandscapePicture(surface) { Title = "Descent crosses contours at right angles" }.Add("descent from (−2, 3)", path).ToSvg());

Console.WriteLine();
Console.WriteLine("5. What was learned");
double right = x.MatMul(w).ToArray().Zip(y.ToArray()).Average(pair => pair.First > 0 == pair.Second > 0.5 ? 1.0 : 0);
Console.WriteLine($"   {right:P1} of the tumours lie on their side of the line w₁·radius + w₂·texture = 0");
double[] radius = Column("mean_radius").ToArray(), texture = Column("mean_texture").ToArray();
int[] malignant = [.. Enumerable.Range(0, n).Where(i => data.Labels[i] == 0)], benign = [.. Enumerable.Range(0, n).Where(i => data.Labels[i] == 1)];
new Chart("Tumours, and the line between", "radius, standardized", "texture, standardized") { RangeX = (-2.5, 4.2), RangeY = (-2.5, 4.8) }
    .Points("benign", benign.Select(i => radius[i]), benign.Select(i => texture[i])).Points("malignant", malignant.Select(i => radius[i]), malignant.Select(i => texture[i]))
    .Line("z = 0", [-2.5, 4.2], [2.5 * w[0, 0] / w[1, 0], -4.2 * w[0, 0] / w[1, 0]]).Save(Path.Combine(pictures, "line.svg"));

double At(double first, double second)
{
    using TensorScope scope = new();
    return F(Tensor.From<double>([first, second], [2, 1])).Item();
}

Tensor<double> Column(string name) => all.Slice(1, Enumerable.Range(0, data.Columns).First(i => data.FeatureNames[i] == name), 1);
