#:project ../../src/FastGrad.Analysis/FastGrad.Analysis.csproj

// Backpropagation, its price and its memory: run it with 'dotnet run -c Release docs/calculus/backpropagation.cs'.

using FastGrad.Analysis.Pictures;
using FastGrad.Autograd;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Philox;
using Tape = FastGrad.Autograd.Program;

string pictures = args is [string folder] ? folder : Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? ".", "backpropagation");

Console.WriteLine("1. By hand: loss = ½(v·tanh(w·x) − y)², with x = 2, y = 1, w = 0.5, v = −1");
#region hand
double x = 2, y = 1, w = 0.5, v = -1;
double u = w * x, h = Tanh<double>.At(u), p = v * h, loss = (p - y) * (p - y) / 2; // forward, all of it kept

double dp = p - y;            // backward, the last first: ∂loss/∂p
double dv = dp * h;           // p = v·h
double dh = dp * v;
double du = dh * (1 - h * h); // tanh′ = 1 − tanh²
double dw = du * x;           // u = w·x
#endregion
(Tensor<double> W, Tensor<double> V) = (Tensor.Scalar(w), Tensor.Scalar(v));
(W.RequiresGrad, V.RequiresGrad) = (true, true);
((V * (W * x).Tanh() - y).Square() / 2).Backward();
Console.WriteLine($"   loss = {loss:F6}, ∂loss/∂v = {dv:F12}, ∂loss/∂w = {dw:F12}");
Console.WriteLine($"   by the library:  ∂loss/∂v = {V.Grad!.Item():F12}, ∂loss/∂w = {W.Grad!.Item():F12}");

Console.WriteLine();
Console.WriteLine("2. The tape of two layers, recorded: forward, then a derivative for each line, the last first");
#region tape
const int Width = 32, Rows = 64;
Tensor<double> inputs = Normal(0, Rows, Width);

Tape Record(int depth, bool backward, int segments = 0, CaptureOptions? options = null)
{
    Tensor<double>[] weights = [.. Enumerable.Range(1, depth).Select(i => Normal((ulong)i, Width, Width))];
    Func<Tensor<double>, Tensor<double>>[] layers = [.. weights.Select(weight => (Func<Tensor<double>, Tensor<double>>)(t => t.MatMul(weight).Tanh()))];
    foreach (Tensor<double> weight in weights)
        weight.RequiresGrad = backward;
    return Capture.Prepare<double>(
        () =>
        {
            Tensor<double> value = (segments == 0 ? layers.Aggregate(inputs, (t, layer) => layer(t)) : Transforms.Checkpoint<double>(layers, segments)(inputs)).Square().Mean();
            if (backward)
                value.Backward();
            return [value];
        },
        options ?? CaptureOptions.None);
}
#endregion
foreach (string line in Lines(Record(2, backward: true)).Where(line => line.Contains(" = ")))
    Console.WriteLine($"   {line}");

Console.WriteLine();
Console.WriteLine("3. The price of a gradient: matrix products for the loss of n layers, and for its gradient in all weights");
foreach (int depth in (int[])[2, 8, 32])
    Console.WriteLine($"   n = {depth,2}: {depth * Width * Width,5} weights, {Products(Record(depth, backward: false)),2} products for the loss, {Products(Record(depth, backward: true)),2} with the gradient");

Console.WriteLine();
Console.WriteLine("4. Its memory, in KiB, and in √n checkpointed segments: less of it, for more products");
int[] depths = [4, 8, 16, 32, 64];
List<double> forward = [], kept = [], sparse = [];
foreach (int depth in depths)
{
    int root = (int)Math.Round(Math.Sqrt(depth));
    Tape alone = Record(depth, backward: false), all = Record(depth, backward: true), some = Record(depth, backward: true, root);
    forward.Add(alone.PeakBytes / 1024.0);
    kept.Add(all.PeakBytes / 1024.0);
    sparse.Add(some.PeakBytes / 1024.0);
    Console.WriteLine($"   n = {depth,2}: loss alone {forward[^1],3:F0}, gradient {kept[^1],5:F0} ({Products(all),3} products), {root} segments {sparse[^1],4:F0} ({Products(some),3})");
}
new Chart("Memory of a gradient by depth", "layers", "KiB") { LogX = true, LogY = true }
    .Line("loss alone", depths.Select(d => (double)d), forward).Line("gradient", depths.Select(d => (double)d), kept).Line("√n segments", depths.Select(d => (double)d), sparse)
    .Save(Path.Combine(pictures, "memory.svg"));

Console.WriteLine();
Console.WriteLine("5. The same from a budget: the library finds what to compute again. 32 layers");
#region budget
foreach (int kib in (int[])[1100, 800, 500, 400])
{
    Tape within = Record(32, backward: true, options: new CaptureOptions { MemoryBudget = kib * 1024 });
    Console.WriteLine($"   at most {kib,4} KiB: {within.PeakBytes / 1024,4} KiB, {Products(within),3} products");
}
#endregion
Console.WriteLine($"   the same bits with checkpoints as without: {Gradient(0).SequenceEqual(Gradient(4))}");

double[] Gradient(int segments)
{
    Tensor<double> weight = Normal(1, Width, Width);
    weight.RequiresGrad = true;
    Func<Tensor<double>, Tensor<double>>[] layers = [.. Enumerable.Repeat<Func<Tensor<double>, Tensor<double>>>(t => t.MatMul(weight).Tanh(), 16)];
    (segments == 0 ? layers.Aggregate(inputs, (t, layer) => layer(t)) : Transforms.Checkpoint<double>(layers, segments)(inputs)).Square().Mean().Backward();
    return weight.Grad!.ToArray();
}

static IEnumerable<string> Lines(Tape tape) => tape.ToString().Split('\n').Select(line => line.TrimEnd());

static int Products(Tape tape) => Lines(tape).Count(line => line.Contains("= matmul"));

static Tensor<double> Normal(ulong stream, int rows, int columns)
{
    double[] values = new double[rows * columns];
    new PhiloxStream(1, stream).FillNormal<double>(values, 0, 0.2);
    return Tensor.From<double>(values, [rows, columns]);
}
