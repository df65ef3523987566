using System.Globalization;
using FastGrad.Analysis.Landscapes;
using FastGrad.Data;
using FastGrad.Losses;
using FastGrad.Minimization;
using FastGrad.Modules;
using FastGrad.Optimization.Minimization;
using FastGrad.Optimization.Parameters;
using FastGrad.Training;

namespace FastGrad.Analysis.Tests;

/// <summary>Slices, directions and trajectories against closed forms and sums by hand.</summary>
public sealed class LandscapeTests
{
    // f(p) = Σ cₖ·pₖ².
    private static double Bowl(ReadOnlySpan<double> p)
    {
        double sum = 0;
        for (int k = 0; k < p.Length; k++)
            sum += (k + 1) * p[k] * p[k];
        return sum;
    }

    [Fact]
    public void ASliceOfAQuadraticIsItsClosedForm()
    {
        double[] center = [1, -2, 0.5], u = [1, 0.5, 0], v = [0, -1, 2];
        LossSurface plane = Landscape.Slice(Bowl, center, u, v, new(-1, 3, 9), new(-2, 1, 7));
        for (int j = 0; j < 7; j++)
        {
            for (int i = 0; i < 9; i++)
            {
                double x = -1 + 0.5 * i, y = -2 + 0.5 * j;
                double expected = (1 + x) * (1 + x) + 2 * (-2 + 0.5 * x - y) * (-2 + 0.5 * x - y) + 3 * (0.5 + 2 * y) * (0.5 + 2 * y);
                Assert.Equal(expected, plane[i, j], 1e-12);
                Assert.Equal(expected, plane.At(x, y), 1e-12);
            }
        }
        Assert.Equal((plane[4, 2] + plane[5, 2] + plane[4, 3] + plane[5, 3]) / 4, plane.At(1.25, -0.75), 1e-12);
        Assert.Equal(double.NaN, plane.At(3.1, 0));
        LossLine line = Landscape.Slice(Bowl, center, u, new(-1, 3, 9));
        for (int i = 0; i < 9; i++)
            Assert.Equal(plane.At(line.X[i], 0), line[i], 1e-12);
        // ∂/∂x = 2·(1 + x) + 2·(x/2 − 2) = 0 at x = 2/3: the nearest place is 0.5
        Assert.Equal(0.5, line.Lowest.X);
    }

    [Fact]
    public void NodesLieWhereTheyAreSaidToLie()
    {
        GridAxis axis = GridAxis.Around(0.3, 51);
        Assert.Equal(-0.3, axis[0]);
        Assert.Equal(0.3, axis[50]);
        Assert.Equal(0, axis[25]); // exactly: the center's own value stands in the grid
        for (int i = 0; i < 51; i++)
            Assert.Equal(-axis[50 - i], axis[i]);
        Assert.Contains("at least 2", Assert.Throws<ArgumentOutOfRangeException>(() => new GridAxis(0, 1, 1)).Message);
        Assert.Equal("to", Assert.Throws<ArgumentOutOfRangeException>(() => new GridAxis(0, double.NaN, 3)).ParamName);
        Assert.Equal("to", Assert.Throws<ArgumentOutOfRangeException>(() => new GridAxis(1, 1, 3)).ParamName);
        Assert.Equal("to", Assert.Throws<ArgumentOutOfRangeException>(() => new GridAxis(-1e308, 1e308, 3)).ParamName);
        Assert.Equal("from", Assert.Throws<ArgumentOutOfRangeException>(() => new GridAxis(double.NegativeInfinity, 0, 3)).ParamName);
        Assert.Equal("range", Assert.Throws<ArgumentOutOfRangeException>(() => GridAxis.Around(double.PositiveInfinity, 3)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => axis[51]);
    }

    [Fact]
    public void WhatIsNotFiniteStays()
    {
        LossSurface s = Landscape.Slice((x, y) => x < 0 ? double.NaN : y > 0 ? double.PositiveInfinity : x, new(-1, 1, 3), new(-1, 1, 3));
        Assert.Equal(double.NaN, s[0, 0]);
        Assert.Equal(double.PositiveInfinity, s[2, 2]);
        Assert.Equal((0.0, -1.0, 0.0), s.Lowest);
        Assert.Equal(double.NaN, s.At(-0.5, -0.5));
        Assert.Equal(0.5, s.At(0.5, -0.5));
        string[] lines = s.ToCsv().Split('\n');
        Assert.Equal("x,y,loss", lines[0]);
        Assert.Equal("-1,-1,NaN", lines[1]);
        Assert.Equal("1,1,Infinity", lines[9]);
        Assert.Equal((double.NaN, double.NaN, double.NaN), Landscape.Slice((_, _) => double.NaN, new(0, 1, 2), new(0, 1, 2)).Lowest);
    }

    [Fact]
    public void ATableReadsBackAsTheSurface()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            LossSurface s = Landscape.Slice((x, y) => x / 3 + y * y, new(-1, 1, 7), new(0, 0.1, 4));
            string[] lines = s.ToCsv().Split('\n');
            Assert.Equal(30, lines.Length);
            for (int k = 0; k < 28; k++)
            {
                double[] row = [.. lines[k + 1].Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
                Assert.Equal([s.X[k % 7], s.Y[k / 7], s[k % 7, k / 7]], row);
            }
            LossLine line = Landscape.Slice(Bowl, [0.0], [1.0 / 3], new(0, 1, 2));
            Assert.Equal($"x,loss\n0,0\n1,{(1.0 / 3 * (1.0 / 3)).ToString("R", CultureInfo.InvariantCulture)}\n", line.ToCsv());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void FiltersGetTheLengthOfTheWeights()
    {
        // A weight of two rows, a bias, a scale, a table of two embeddings of which one is zero.
        ParameterInfo[] parameters = [new("w", [2, 3]), new("b", [2], ParameterRole.Bias), new("g", [1, 2], ParameterRole.Norm), new("e", [2, 2], ParameterRole.Embedding)];
        double[] center = [3, 0, 4, 1, 2, 2, 5, 12, 1, 1, 0, 0, 0, 2];
        double[] d = [1, 2, 2, 0, -5, 0, 1, 1, 3, 4, 7, 7, 3, -4];
        double[] all = [.. d];
        Directions.NormalizeFilters(d, parameters, center);
        double[] expected = [5 / 3.0, 10 / 3.0, 10 / 3.0, 0, -3, 0, 0, 0, 0, 0, 0, 0, 1.2, -1.6];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], d[i], 1e-14);
        Directions.NormalizeFilters(all, parameters, center, VectorParameters.Normalize);
        double[] vectors = [13 / Math.Sqrt(2), 13 / Math.Sqrt(2), 0.6 * Math.Sqrt(2), 0.8 * Math.Sqrt(2)];
        for (int i = 0; i < 4; i++)
            Assert.Equal(vectors[i], all[6 + i], 1e-14);

        double[] drawn = Directions.FilterNormalized(parameters, center, seed: 3, index: 1), raw = Directions.Random(14, 3, 1);
        Assert.Equal(3 * raw[4] / Math.Sqrt(raw[3] * raw[3] + raw[4] * raw[4] + raw[5] * raw[5]), drawn[4], 1e-14);
        Assert.NotEqual(raw, Directions.Random(14, 3, 0));
        Assert.NotEqual(raw, Directions.Random(14, 4, 1));
        Assert.Equal("center", Assert.Throws<ArgumentException>(() => Directions.FilterNormalized(parameters, center.AsSpan(1), 0)).ParamName);
        Assert.Equal("direction", Assert.Throws<ArgumentException>(() => Directions.NormalizeFilters(new double[3], parameters, center)).ParamName);
    }

    [Fact]
    public void ALineBetweenTwoPointsHasThemAt0And1()
    {
        double[] from = [1, 2, 3], to = [-1, 0.5, 8];
        LossLine line = Landscape.Slice(Bowl, from, Directions.Between(from, to), new(0, 1, 3));
        Assert.Equal(Bowl(from), line[0], 1e-12);
        Assert.Equal(Bowl(to), line[2], 1e-12);
        Assert.Equal(Bowl([0, 1.25, 5.5]), line[1], 1e-12);
    }

    [Fact]
    public void WrongDirectionsAreNamed()
    {
        GridAxis x = new(0, 1, 2);
        double[] c = [0, 0, 0], u = [1, 2, 3];
        Assert.Equal("direction", Assert.Throws<ArgumentException>(() => Landscape.Slice(Bowl, c, [1, 2], x)).ParamName);
        Assert.Contains("zero", Assert.Throws<ArgumentException>(() => Landscape.Slice(Bowl, c, [0, 0, 0], x)).Message);
        Assert.Equal("first", Assert.Throws<ArgumentException>(() => Landscape.Slice(Bowl, c, [1, double.NaN, 0], u, x, x)).ParamName);
        ArgumentException parallel = Assert.Throws<ArgumentException>(() => Landscape.Slice(Bowl, c, u, [-0.1, -0.2, -0.3], x, x));
        Assert.Equal("second", parallel.ParamName);
        Assert.Contains("parallel", parallel.Message);
        Assert.Equal("center", Assert.Throws<ArgumentException>(() => Landscape.Slice(Bowl, [], [], x)).ParamName);
        Assert.Equal("center", Assert.Throws<ArgumentException>(() => Landscape.Slice(Bowl, [double.PositiveInfinity], [1], x)).ParamName);
        using CancellationTokenSource stop = new();
        int calls = 0;
        Assert.Throws<OperationCanceledException>(() => Landscape.Slice((_, _) => ++calls == 5 ? Cancel() : 0, new(0, 1, 10), new(0, 1, 10), stop.Token));
        Assert.Equal(5, calls);

        double Cancel()
        {
            stop.Cancel();
            return 0;
        }
    }

    [Fact]
    public void APathInAPlaneOfManyDimensionsIsFound()
    {
        // An ellipse's quarter in a plane of 1000 dimensions, spanned by orthonormal a and b.
        const int N = 1000;
        double[] a = Directions.Random(N, 1, 0), b = Directions.Random(N, 1, 1), at = Directions.Random(N, 1, 2);
        double length = Math.Sqrt(a.Sum(x => x * x));
        a = [.. a.Select(x => x / length)];
        double dot = a.Zip(b, (x, y) => x * y).Sum();
        b = [.. b.Zip(a, (x, y) => x - dot * y)];
        length = Math.Sqrt(b.Sum(x => x * x));
        b = [.. b.Select(x => x / length)];
        Trajectory path = new(N);
        List<(double A, double B)> planted = [];
        for (int i = 0; i <= 20; i++)
        {
            double t = Math.PI * i / 40;
            planted.Add((5 * Math.Cos(t), 2 * Math.Sin(t)));
            path.Add([.. Enumerable.Range(0, N).Select(k => at[k] + planted[i].A * a[k] + planted[i].B * b[k])]);
        }
        PrincipalDirections found = PrincipalDirections.Of(path);
        Assert.Equal(1, found.Explained.Sum(), 1e-12);
        Assert.True(found.Explained[0] > found.Explained[1]);

        // The shares are those of the 2×2 covariance of what was planted.
        double ma = planted.Average(p => p.A), mb = planted.Average(p => p.B);
        double aa = planted.Sum(p => (p.A - ma) * (p.A - ma)), bb = planted.Sum(p => (p.B - mb) * (p.B - mb)), ab = planted.Sum(p => (p.A - ma) * (p.B - mb));
        double largest = (aa + bb) / 2 + Math.Sqrt((aa - bb) * (aa - bb) / 4 + ab * ab);
        Assert.Equal(largest / (aa + bb), found.Explained[0], 1e-12);

        // Distances in the plane are those in the space, and nothing is off it.
        double[] center = path.Last.ToArray();
        IReadOnlyList<PlanePoint> feet = path.Project(center, found.Axes[0], found.Axes[1]);
        Assert.Equal(21, feet.Count);
        Assert.Equal(0, feet[20].X, 1e-12);
        Assert.Equal(0, feet[20].Y, 1e-12);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(0, feet[i].Distance, 1e-10);
            double da = planted[i].A - planted[20].A, db = planted[i].B - planted[20].B;
            Assert.Equal(da * da + db * db, feet[i].X * feet[i].X + feet[i].Y * feet[i].Y, 1e-10);
        }
        Assert.True(feet[0].X < 0); // the path leads to greater coordinates
        Assert.Contains("fewer than 3 dimensions", Assert.Throws<ArgumentException>(() => PrincipalDirections.Of(path, 3)).Message);
        Trajectory two = new(2);
        two.Add([1.0, 2.0]);
        two.Add([1.0, 2.0]); // not kept twice
        Assert.Contains("1 points", Assert.Throws<ArgumentException>(() => PrincipalDirections.Of(two)).Message);
    }

    [Fact]
    public void FeetOnObliqueDirectionsAreLeastSquares()
    {
        // first = (2, 0, 0), second = (3, 1, 0): (x, y, z) has the coordinates ((x − 3·y)/2, y), and z off the plane.
        Trajectory path = new(3);
        path.Add([1 + 7, 1 + 2, 1 - 3]);
        PlanePoint foot = Assert.Single(path.Project([1, 1, 1], [2, 0, 0], [3, 1, 0]));
        Assert.Equal((0.5, 2.0, 3.0), (foot.X, foot.Y, foot.Distance));
        foot = Assert.Single(path.Project([1, 1, 1], [0, 0, -1.5]));
        Assert.Equal((2.0, 0.0), (foot.X, foot.Y));
        Assert.Equal(Math.Sqrt(53), foot.Distance, 1e-12);
        // Nearly parallel ones too: (1, 1e-6).
        Trajectory near = new(2);
        near.Add([0.25, 3]);
        foot = Assert.Single(near.Project([0, 0], [1, 0], [1, 1e-6]));
        Assert.Equal(3e6, foot.Y, 1e-4);
        Assert.Equal(0.25 - 3e6, foot.X, 1e-4);
        Assert.Equal("center", Assert.Throws<ArgumentException>(() => near.Project([0], [1, 0], [0, 1])).ParamName);
        Assert.Equal("second", Assert.Throws<ArgumentException>(() => near.Project([0, 0], [1, 0], [1])).ParamName);
        Assert.Equal("point", Assert.Throws<ArgumentException>(() => near.Add([1.0])).ParamName);
        near.Add([double.NaN, 0]);
        Assert.Single(near.Points);
        Assert.Throws<InvalidOperationException>(() => new Trajectory(1).Last.Length);
    }

    [Fact]
    public void AMinimizersWayIsRecorded()
    {
        // Gradient descent on (x² + 4·y²)/2 with rate 0.1: (x·0.9ᵏ, y·0.6ᵏ).
        Trajectory path = new(2);
        int seen = 0;
        MinimizationResult result = MinimizationChain.Minimize(p => (p.Square() * Tensor.From([0.5, 2.0])).Sum())
            .With("sgd", 30, new() { { "lr", 0.1 } })
            .From([3.0, -1.0], path.Watch(new() { Progress = p => seen = p.Iteration, Visited = (_, value) => Assert.True(value >= 0) }));
        Assert.Equal(30, result.Iterations);
        Assert.Equal(30, seen);
        Assert.Equal(31, path.Points.Count);
        (double x, double y) = (3, -1);
        foreach (IReadOnlyList<double> point in path.Points)
        {
            Assert.Equal(x, point[0], 1e-12);
            Assert.Equal(y, point[1], 1e-12);
            (x, y) = (0.9 * x, 0.6 * y);
        }
        // Every minimizer that needs no more than derivatives shows its start and one point an iteration.
        foreach (string name in (string[])["l-bfgs", "bfgs", "newton-cg", "trust-ncg", "nelder-mead", "gradient-descent"])
        {
            Trajectory way = new(2);
            List<double> values = [];
            MinimizationResult end = MinimizationChain.Minimize(p => (p.Square() * Tensor.From([0.5, 2.0])).Sum()).With(name)
                .From([3.0, -1.0], way.Watch(new() { Visited = (_, value) => values.Add(value) }));
            Assert.Equal([3.0, -1.0], way.Points[0]);
            Assert.Equal(end.Iterations + 1, values.Count);
            Assert.Equal(6.5, values[0]);
            Assert.True(way.Points.Count > 1 && values[^1] < 1e-6, name);
        }
    }

    [Fact]
    public void ATrainingsWayIsRecorded()
    {
        DataSet<double> data = DataSet<double>.Regression([1, 2, 3, 4], 1, [2.0, 4, 6, 8]);
        Linear<double> model = new(1, 1);
        Trainer<double> trainer = new(model, new MeanSquaredError<double>(), data, new() { Epochs = 5, BatchSize = 2, Optimizer = "sgd", OptimizerOptions = new() { { "lr", 0.01 } } });
        double[] first = [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];
        List<double[]> all = [first];
        trainer.Add(new Watcher(() => all.Add([.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())])));
        Trajectory every = Trajectory.Record(trainer), third = Trajectory.Record(trainer, 3);
        trainer.Run();
        Assert.Equal(11, all.Count);
        Assert.Equal(all, every.Points);
        Assert.Equal([all[0], all[3], all[6], all[9], all[10]], third.Points);
        Trajectory own = new(2);
        own.Add(model);
        Assert.Equal(all[10], own.Last.ToArray());
        Assert.Equal("every", Assert.Throws<ArgumentOutOfRangeException>(() => Trajectory.Record(trainer, 0)).ParamName);
    }

    private sealed class Watcher(Action update) : TrainingCallback<double>
    {
        public override void OnUpdate(Trainer<double> trainer, in TrainingProgress progress) => update();
    }

    [Fact]
    public void AModulesLossIsThatOfEvaluationAndLeavesItAlone()
    {
        Sequential<double> model = new(new Linear<double>(3, 4), new BatchNorm1d<double>(4), new Relu<double>(), new Dropout<double>(0.5, seed: 1), new Linear<double>(4, 1));
        model.Initialize(5);
        Tensor<double> x = Tensor.From([1.0, 2, -1, 0.5, 1, 1, -2, 0, 3], [3, 3]), y = Tensor.From([1.0, 0, -1], [3, 1]);
        MeanSquaredError<double> squares = new();
        ModuleLoss<double> loss = new(model, () => squares.Forward(model.Invoke(x), y));
        double[] center = loss.Point.ToArray(), moved = [.. center.Select(v => v + 0.125)];
        Assert.Equal(model.ParameterCount, loss.Count);
        byte[] before = State(model);
        double here = loss.Value(center), there = loss.Value(moved);
        Assert.True(model.IsTraining);
        Assert.Equal(before, State(model)); // neither parameters nor running statistics
        Assert.Equal(here, loss.Value(center));

        // By hand in evaluation mode, the values put into the module itself.
        model.Eval();
        using (new NoGrad())
        {
            Assert.Equal(squares.Forward(model.Invoke(x), y).Item(), here);
            foreach (NamedParameter<double> parameter in model.NamedParameters())
            {
                foreach (ref double value in parameter.Tensor.AsSpan())
                    value += 0.125;
            }
            Assert.Equal(squares.Forward(model.Invoke(x), y).Item(), there);
        }
        Assert.NotEqual(here, there);
        Assert.Equal("parameters", Assert.Throws<ArgumentException>(() => loss.Value(new double[3])).ParamName);
        Assert.Equal("module", Assert.Throws<ArgumentException>(() => new ModuleLoss<double>(new Relu<double>(), () => x)).ParamName);
    }

    private static byte[] State(Module<double> module) =>
        [.. module.NamedParameters().SelectMany(p => p.Tensor.ToArray()).Concat(module.NamedBuffers().SelectMany(b => b.Buffer.ToArray())).SelectMany(BitConverter.GetBytes)];

    [Fact]
    public void OneThreadAndTwoGiveTheSameBits()
    {
        Sequential<float> model = new(new Linear<float>(40, 96), new Tanh<float>(), new Linear<float>(96, 10));
        model.Initialize(2);
        float[] features = new float[600 * 40];
        for (int i = 0; i < features.Length; i++)
            features[i] = (i * 37 % 101 - 50) / 25f;
        Tensor<float> x = Tensor.From<float>(features, [600, 40]);
        Tensor<int> labels = Tensor.From<int>([.. Enumerable.Range(0, 600).Select(i => i * 7 % 10)], [600]);
        CrossEntropy<float> entropy = new();
        ModuleLoss<float> loss = new(model, () => entropy.Forward(model.Invoke(x), labels));
        double[] u = Directions.FilterNormalized(loss.Parameters, loss.Point, 1), v = Directions.FilterNormalized(loss.Parameters, loss.Point, 1, 1);
        double[][] values = new double[2][];
        for (int threads = 1; threads <= 2; threads++)
        {
            using ComputeContext context = new(threads);
            using ComputeContext.Usage _ = context.Use();
            values[threads - 1] = Landscape.Slice(loss.Value, loss.Point, u, v, GridAxis.Around(1, 5), GridAxis.Around(1, 5)).Values.ToArray();
        }
        Assert.Equal(values[0], values[1]);
        Assert.Equal(25, values[0].Distinct().Count());
    }
}
