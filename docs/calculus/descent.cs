#:project ../../src/FastGrad.Analysis/FastGrad.Analysis.csproj
#:project ../../src/FastGrad.Workloads/FastGrad.Workloads.csproj

// Gradient descent in its kinds: run it with 'dotnet run -c Release docs/calculus/descent.cs'.

using FastGrad.Analysis.Certificates;
using FastGrad.Analysis.Landscapes;
using FastGrad.Analysis.Pictures;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Initialization;
using FastGrad.Kernels.Functions;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Workloads.DataSets;

string pictures = args is [string folder] ? folder : Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? ".", "descent");
Directory.CreateDirectory(pictures);

Console.WriteLine("1. The step: 50 steps on f(x, y) = ½(x² + 10y²) from (10, 1). The greatest curvature L is 10");
#region steps
List<PlanePoint> Way(Func<Tensor<double>, Tensor<double>> f, double x, double y, string name, OptionValues options, int steps)
{
    Linear<double> point = new(2, 1, false, Initializers.Zeros<double>()); // a weight of two numbers
    point.Initialize(0);
    Tensor<double> at = point.NamedParameters()[0].Tensor;
    (at.AsSpan()[0], at.AsSpan()[1]) = (x, y);
    Optimizer<double> optimizer = OptimizerRegistry.Standard[name].Create<double>(point.NamedParameters(), options);
    List<PlanePoint> way = [new(x, y)];
    for (int step = 0; step < steps; step++)
    {
        point.ZeroGrad();
        f(at).Backward();
        optimizer.Step();
        way.Add(new(at[0, 0], at[0, 1]));
    }
    return way;
}

static Tensor<double> Bowl(Tensor<double> p) => (p.Slice(1, 0, 1).Square() + 10 * p.Slice(1, 1, 1).Square()).Sum() / 2;

foreach (double rate in (double[])[0.02, 0.1, 0.19, 0.2, 0.21])
{
    PlanePoint end = Way(Bowl, 10, 1, "sgd", new() { { "lr", rate } }, 50)[^1];
    Console.WriteLine($"   η = {10 * rate:F1}/L: x = {end.X:0.00e0}, y = {end.Y:0.00e0}; by hand (1 − η)⁵⁰·10 = {10 * Pow<double>.At(1 - rate, 50):0.00e0}, |1 − 10η|⁵⁰ = {Pow<double>.At(Math.Abs(1 - 10 * rate), 50):0.00e0}");
}
#endregion
LossSurface bowl = Landscape.Slice((x, y) => (x * x + 10 * y * y) / 2, new GridAxis(-3, 10.5, 55, "x"), new GridAxis(-2.5, 2.5, 41, "y"));
File.WriteAllText(Path.Combine(pictures, "steps.svg"), new LandscapePicture(bowl) { Title = "Small steps, large steps, and momentum" }
    .Add("η = 0.5/L", Way(Bowl, 10, 1, "sgd", new() { { "lr", 0.05 } }, 50)).Add("η = 1.9/L", Way(Bowl, 10, 1, "sgd", new() { { "lr", 0.19 } }, 50))
    .Add("η = 0.5/L, momentum 0.7", Way(Bowl, 10, 1, "sgd", new() { { "lr", 0.05 }, { "momentum", 0.7 } }, 50)).ToSvg());

// Logistic regression on 569 tumours and 30 measurements, with a ridge that makes the loss strongly convex.
const double Ridge = 0.01;
DataSet<double> raw = BuiltInData.Load<double>("breast-cancer"), data = raw.Standardize(Standardizer<double>.Fit(raw.Features, raw.Columns));
int n = data.Rows, columns = data.Columns;
Tensor<double> Loss(Tensor<double> w, Tensor<double> x, Tensor<double> y) => (x.Linear(w) is var z ? z.Softplus() - y * z : z).Mean() + Ridge * w.Square().Sum();
Tensor<double> everything = Tensor.From(data.Features, [n, columns]), truth = Labels([.. Enumerable.Range(0, n)]);

// The minimum, by Newton's method.
Tensor<double> minimizer = Tensor.Zeros<double>([columns]);
Func<Tensor<double>, Tensor<double>> whole = w => Loss(w.Reshape([1, columns]), everything, truth);
for (int step = 0; step < 12; step++)
    minimizer -= Transforms.Hessian(whole, minimizer).Solve(Transforms.Grad(whole)(minimizer));
double least = whole(minimizer).Item(), safe = SmoothnessBounds.OfLinearModel(everything, new BinaryCrossEntropy<double>(), hasBias: false, ridge: Ridge).LargestStep;

Console.WriteLine();
Console.WriteLine("2. Batch, mini-batch, stochastic: logistic regression on 569 tumours, what is missing to the least loss by epochs");
#region batches
List<double> Train(int batch, string optimizer, OptionValues options, int epochs, (string Name, OptionValues Options)? schedule = null)
{
    Linear<double> model = new(columns, 1, false, Initializers.Zeros<double>());
    model.Initialize(0);
    Tensor<double> w = model.NamedParameters()[0].Tensor;
    OptimizerSettings settings = new() { Schedules = schedule is { } s ? [ScheduleRegistry.Standard[s.Name].Bind("lr", s.Options)] : [] };
    Optimizer<double> rule = OptimizerRegistry.Standard[optimizer].Create<double>(model.NamedParameters(), options, settings);
    DataLoader<double> loader = new(data, new() { BatchSize = batch, Seed = 1 });
    List<double> missing = [whole(w.Detach()).Item() - least];
    for (int epoch = 0; epoch < epochs; epoch++)
    {
        for (int i = 0; i < loader.BatchesPerEpoch; i++)
        {
            using TensorScope scope = new();
            ReadOnlySpan<int> rows = loader.NextBatch();
            double[] x = new double[rows.Length * columns];
            data.CopyFeatures(rows, x);
            model.ZeroGrad();
            Loss(w, Tensor.From<double>(x, [rows.Length, columns]), Labels(rows)).Backward();
            rule.Step();
        }
        missing.Add(whole(w.Detach()).Item() - least);
    }
    return missing;
}
#endregion
double[] epochs = [.. Enumerable.Range(0, 31).Select(i => (double)i)];
Chart kinds = new("What is missing to the least loss", "epoch", "f − least") { LogY = true };
foreach ((string name, int batch, double rate) in new[] { ("batch, 1 step an epoch", n, safe), ("mini-batch of 32", 32, 0.1), ("stochastic, 1 row", 1, 0.005) })
{
    List<double> missing = Train(batch, "sgd", new() { { "lr", rate } }, 30);
    Console.WriteLine($"   {name,-22} η = {rate,-5:G3}: after 1 epoch {missing[1]:0.0e0}, 5 {missing[5]:0.0e0}, 30 {missing[30]:0.0e0}");
    kinds.Line(name.Split(',')[0], epochs, missing);
}
kinds.Save(Path.Combine(pictures, "batches.svg"));

Console.WriteLine();
Console.WriteLine("3. Noise and schedules: mini-batches of 8, 30 epochs of 72 steps, the mean of the last 10 epochs, and the end");
#region schedules
long steps = 30 * 72;
(string Name, double Rate, (string, OptionValues)? Schedule)[] schedules =
[
    ("η = 0.2", 0.2, null), ("η = 0.1", 0.1, null), ("η = 0.05", 0.05, null),
    ("0.2, cosine", 0.2, ("cosine", new() { { "steps", steps } })),
    ("0.2, 1/√t", 0.2, ("inverse-sqrt", new() { { "warmup", 72 } })),
];
#endregion
Chart curves = new("Constant steps keep a noise, schedules calm it", "epoch", "f − least") { LogY = true };
foreach ((string name, double rate, (string, OptionValues)? schedule) in schedules)
{
    List<double> missing = Train(8, "sgd", new() { { "lr", rate } }, 30, schedule);
    Console.WriteLine($"   {name,-12} {missing.TakeLast(10).Average():0.0e0}, {missing[^1]:0.0e0}");
    curves.Line(name.Split(", ")[^1], epochs, missing);
}
curves.Save(Path.Combine(pictures, "schedules.svg"));

Console.WriteLine();
Console.WriteLine("4. A valley: 1000 steps on f(x, y) = (1 − x)² + 100(y − x²)², whose minimum is 0 at (1, 1), from (−1.2, 1)");
#region valley
static Tensor<double> Valley(Tensor<double> p) => (p.Slice(1, 0, 1) is var x ? (1 - x).Square() + 100 * (p.Slice(1, 1, 1) - x.Square()).Square() : p).Sum();

(string Name, string Optimizer, OptionValues Options)[] rules =
[
    ("SGD", "sgd", new() { { "lr", 0.0015 } }),
    ("SGD, momentum 0.9", "sgd", new() { { "lr", 0.0005 }, { "momentum", 0.9 } }),
    ("Adam", "adam", new() { { "lr", 0.05 } }),
];
#endregion
LossSurface valley = Landscape.Slice((x, y) => (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x), new GridAxis(-2, 2, 81, "x"), new GridAxis(-1, 3, 81, "y"));
LandscapePicture ways = new(valley) { Title = "Three ways through Rosenbrock's valley" };
foreach ((string name, string optimizer, OptionValues options) in rules)
{
    List<PlanePoint> way = Way(Valley, -1.2, 1, optimizer, options, 1000);
    Console.WriteLine($"   {name,-17}: ({way[^1].X,7:F4}, {way[^1].Y,7:F4}), f = {Valley(Tensor.From<double>([way[^1].X, way[^1].Y], [1, 2])).Item():0.0e0}");
    ways.Add(name, way);
}
File.WriteAllText(Path.Combine(pictures, "valley.svg"), ways.ToSvg());

Console.WriteLine();
Console.WriteLine("5. Scale: the same with 100·f in place of f");
#region scale
foreach ((string name, string optimizer, OptionValues options) in rules)
{
    PlanePoint once = Way(Valley, -1.2, 1, optimizer, options, 1000)[^1], scaled = Way(p => 100 * Valley(p), -1.2, 1, optimizer, options, 1000)[^1];
    Console.WriteLine($"   {name,-17}: {(double.IsFinite(scaled.X) ? $"({scaled.X,7:F4}, {scaled.Y,7:F4})" : "diverges")}{(double.IsFinite(scaled.X) ? $", x as before but for {Math.Abs(scaled.X - once.X):0e0}" : "")}");
}
#endregion

// 1 for malignant, 0 for benign.
Tensor<double> Labels(ReadOnlySpan<int> rows)
{
    double[] labels = new double[rows.Length];
    for (int i = 0; i < labels.Length; i++)
        labels[i] = 1 - data.Labels[rows[i]];
    return Tensor.From<double>(labels, [labels.Length, 1]);
}
