#:project ../../src/FastGrad.Analysis/FastGrad.Analysis.csproj

// The derivative as the limit of secants: run it with 'dotnet run -c Release docs/calculus/derivative.cs'.

using FastGrad.Analysis.Checks;
using FastGrad.Analysis.Pictures;
using FastGrad.Autograd;
using FastGrad.Kernels.Functions;

string pictures = args is [string folder] ? folder : Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? ".", "derivative");

Console.WriteLine("1. Secants of f(x) = eˣ·sin x through x = ½ and ½ + h");
#region secants
double F(double x) => Exp<double>.At(x) * Sin<double>.At(x);
double Forward(double x, double h) => (F(x + h) - F(x)) / h;

double at = 0.5, slope = Exp<double>.At(at) * (Sin<double>.At(at) + Cos<double>.At(at)); // f′ = eˣ(sin x + cos x), by hand
for (double h = 1; h > 1e-5; h /= 10)
    Console.WriteLine($"   h = {h,-7:G1} secant {Forward(at, h),9:F6}   away by {Forward(at, h) - slope,9:F6}   away/h = {(Forward(at, h) - slope) / h,8:F5}");
#endregion
double second = 2 * Exp<double>.At(at) * Cos<double>.At(at), third = second - 2 * Exp<double>.At(at) * Sin<double>.At(at);
Console.WriteLine($"   derivative        {slope,9:F6}            f″(½)/2 = {second / 2,8:F5}");

double[] xs = [.. Enumerable.Range(0, 121).Select(i => i / 40.0 - 0.5)];
Chart secants = new Chart("Secants of eˣ·sin x turn into the tangent at ½", "x", "y") { RangeX = (-0.5, 2.5), RangeY = (-2, 9) }.Line("f", xs, xs.Select(F));
foreach (double h in (double[])[1, 0.5, 0.1])
    secants.Line($"h = {h}", xs, xs.Select(x => F(at) + Forward(at, h) * (x - at)), dashed: true);
secants.Line("tangent", xs, xs.Select(x => F(at) + slope * (x - at))).Save(Path.Combine(pictures, "secants.svg"));

Console.WriteLine();
Console.WriteLine("2. From both sides: (f(x + h) − f(x − h))/2h");
#region central
double Central(double x, double h) => (F(x + h) - F(x - h)) / (2 * h);
#endregion
for (double h = 1; h > 1e-3; h /= 10)
    Console.WriteLine($"   h = {h,-7:G1} slope  {Central(at, h),9:F6}   away by {Central(at, h) - slope,9:F6}   away/h² = {(Central(at, h) - slope) / (h * h),8:F5}");
Console.WriteLine($"   derivative        {slope,9:F6}            f‴(½)/6 = {third / 6,8:F5}");

Console.WriteLine();
Console.WriteLine("3. The order: slopes of log(error) over log(h), and the steps with the least error");
double[] steps = [.. Enumerable.Range(0, 57).Select(i => Pow<double>.At(10, -i / 4.0))];
double[] forward = [.. steps.Select(h => Math.Abs(Forward(at, h) - slope))], central = [.. steps.Select(h => Math.Abs(Central(at, h) - slope))];
Console.WriteLine($"   forward: order {Order(steps, forward, 1e-6, 1e-2):F3}, least error {forward.Min():0.0e0} at h = {steps[forward.IndexOf(forward.Min())]:0.0e0}");
Console.WriteLine($"   central: order {Order(steps, central, 1e-4, 1e-1):F3}, least error {central.Min():0.0e0} at h = {steps[central.IndexOf(central.Min())]:0.0e0}");
new Chart("Error of a slope from values", "h", "error") { LogX = true, LogY = true }
    .Points("forward", steps, forward).Points("central", steps, central)
    .Line("f″h/2", steps[..33], steps[..33].Select(h => second / 2 * h), dashed: true)
    .Line("f‴h²/6", steps[..24], steps[..24].Select(h => third / 6 * h * h), dashed: true)
    .Line("ε|f|/h", steps[18..], steps[18..].Select(h => double.ScaleB(F(at), -53) / h), dashed: true)
    .Save(Path.Combine(pictures, "error.svg"));

Console.WriteLine();
Console.WriteLine("4. Without h: the derivative itself");
#region exact
Tensor<double> G(Tensor<double> x) => x.Exp() * x.Sin();
double derivative = Transforms.Grad<double>(G)(Tensor.Scalar(at)).Item();
#endregion
NumericEstimate estimate = NumericDerivative.Estimate(F, at, 0.5);
Console.WriteLine($"   by the library    {derivative:F15}");
Console.WriteLine($"   by hand           {slope:F15}");
Console.WriteLine($"   from values alone {estimate.Value:F15}, off by {estimate.Error:0e0} at most as it estimates, by {Math.Abs(estimate.Value - slope):0e0} in truth");

Console.WriteLine();
Console.WriteLine("5. Where secants do not agree there is no derivative: |x| at 0");
#region kink
foreach (double h in (double[])[0.1, 0.001, -0.001, -0.1])
    Console.WriteLine($"   h = {h,6} secant {(Math.Abs(0 + h) - Math.Abs(0)) / h,2}");
double stated = Transforms.Grad<double>(x => x.Abs())(Tensor.Scalar(0.0)).Item();
#endregion
Console.WriteLine($"   the library says {stated}, the middle of all slopes from −1 to 1, by convention");

// The slope of the least-squares line through (log h, log error), for steps within a range.
static double Order(double[] steps, double[] errors, double from, double to)
{
    (double X, double Y)[] points = [.. steps.Zip(errors).Where(p => p.First >= from && p.First <= to).Select(p => (Log<double>.At(p.First), Log<double>.At(p.Second)))];
    double x = points.Average(p => p.X), y = points.Average(p => p.Y);
    return points.Sum(p => (p.X - x) * (p.Y - y)) / points.Sum(p => (p.X - x) * (p.X - x));
}
