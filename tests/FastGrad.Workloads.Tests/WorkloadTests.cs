using FastGrad.Workloads.Measuring;
using Xunit;

namespace FastGrad.Workloads.Tests;

/// <summary>Workloads compute what their ids say: checks against plain loops in double, and against libtorch's recorded losses.</summary>
public class WorkloadTests
{
    private static double Check(string id, int steps = 1, int threads = 1)
    {
        using WorkloadRun run = Assert.Single(WorkloadCatalogue.Find(id)).Prepare(threads);
        for (int step = 0; step < steps; step++)
            run.Step();
        return run.Check();
    }

    [Fact]
    public void Ids_differ() => Assert.Equal(WorkloadCatalogue.All.Count, WorkloadCatalogue.All.Select(workload => workload.Id).Distinct().Count());

    [Theory]
    [InlineData("sgemm.nn.512x512x512")]
    [InlineData("elem.exp.64K")]
    [InlineData("elem.gelu_tanh.16M")]
    [InlineData("rows.softmax.256x1024")]
    [InlineData("opt.adamw.25M")]
    [InlineData("opt.sgdm.1K")]
    [InlineData("train.mnist_mlp.b64")]
    [InlineData("conv.forward.16x64x32x32.64x3x3.p1")]
    [InlineData("conv.weight.16x64x32x32.64x3x3.p1.g64")]
    public void The_ids_that_scripts_use_exist(string id) => Assert.Single(WorkloadCatalogue.All, workload => workload.Id == id);

    [Theory]
    [InlineData("nn")]
    [InlineData("tn")]
    [InlineData("nt")]
    public void Matrix_products(string form)
    {
        const int M = 9, K = 11, N = 7;
        float[] a = Inputs.Uniform(M * K, 1), b = Inputs.Uniform(K * N, 2);
        double sum = 0;
        for (int i = 0; i < M; i++)
            for (int j = 0; j < N; j++)
                for (int k = 0; k < K; k++)
                    sum += (double)a[form == "tn" ? k * M + i : i * K + k] * b[form == "nt" ? j * K + k : k * N + j];
        Assert.Equal(sum, Check($"sgemm.{form}.{M}x{K}x{N}", threads: 2), 1e-4);
    }

    [Fact]
    public void Elementwise()
    {
        float[] x = Inputs.Uniform(1024, 1, -3, 3), y = Inputs.Uniform(1024, 2, -3, 3);
        Assert.Equal(x.Sum(v => Math.Exp(v)), Check("elem.exp.1K"), 1e-2);
        Assert.Equal(Inputs.Uniform(1024, 1, 0.1f, 4).Sum(v => Math.Log(v)), Check("elem.log.1K"), 1e-3);
        Assert.Equal(x.Sum(v => v / (1 + Math.Exp(-v))), Check("elem.silu.1K"), 1e-3);
        Assert.Equal(x.Sum(v => 0.5 * v * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)))), Check("elem.gelu_tanh.1K"), 1e-3);
        Assert.Equal(x.Zip(y, (v, w) => (double)v + w).Sum(), Check("elem.add.1K"), 1e-3);
        Assert.Equal(x.Zip(y, (v, w) => (double)v * w).Sum(), Check("elem.dot.1K"), 1e-2);
        Assert.Equal(Math.Sqrt(x.Sum(v => (double)v * v)), Check("elem.norm.1K"), 1e-3);
        Assert.Equal(256, Check("rows.softmax.256x1024"), 1e-2);
    }

    /// <summary>Two steps, since one cannot tell a momentum from none.</summary>
    [Fact]
    public void Optimizers()
    {
        float[] x = Inputs.Uniform(1000, 1), g = Inputs.Uniform(1000, 2);
        Assert.Equal(x.Zip(g, (p, d) => p - 1e-3 * d - 1e-3 * 1.9 * d).Sum(), Check("opt.sgdm.1K", steps: 2), 1e-4);
        // With a constant gradient both corrected moments are exact: each step of Adam is lr·g/(|g| + ε).
        Assert.Equal(x.Zip(g, (p, d) => p - 2e-3 * d / (Math.Abs(d) + 1e-8)).Sum(), Check("opt.adam.1K", steps: 2), 1e-3);
    }

    [Theory]
    [InlineData("train.xor.b4", 0.515304, 0.251396)]
    [InlineData("train.logreg30.b64", 0.691033, 0.627486)]
    [InlineData("train.mnist_mlp.b64", 2.30963, 0.0540137)]
    [InlineData("train.mnist_mlp.b256", 2.30356, 0.895218)]
    [InlineData("train.lenet.b64", 2.30052, 0.759331)]
    [InlineData("train.convbnrelu64.b16", -209.249, -209.249)]
    public void Training_follows_libtorch(string id, double first, double twentieth)
    {
        Assert.Equal(first, Check(id), 1e-4 * Math.Abs(first));
        Assert.Equal(twentieth, Check(id, steps: 20, threads: 2), (first == twentieth ? 1e-4 : 1e-3) * Math.Abs(twentieth));
        using WorkloadRun eager = WorkloadCatalogue.Find(id)[0].Eager!.Prepare(1);
        for (int step = 0; step < 20; step++)
            eager.Step();
        Assert.Equal(Check(id, steps: 20), eager.Check()); // captured or not: the same bits
    }

    /// <summary>A chain of x·w and −x: values by a plain loop, and the gradient, which is wⁿ with n's sign.</summary>
    [Fact]
    public void Dispatch()
    {
        double value = 1, slope = 1;
        for (int i = 0; i < 32; i += 2)
            (value, slope) = (-(float)(value * 0.99f), -(float)(slope * 0.99f));
        foreach (string id in new[] { "dispatch.kernels.32", "dispatch.forward.32" })
            Assert.Equal(value, Check(id, steps: 3), 1e-6);
        foreach (string id in new[] { "dispatch.backward_kernels.32", "dispatch.backward.32", "dispatch.replay.32" })
            Assert.Equal(slope, Check(id, steps: 3), 1e-6);
    }

    /// <summary>The softmax over plain loops, and finite differences of Σ dO·O, which every element of the gradients has to meet.</summary>
    [Fact]
    public void Attention()
    {
        const int Heads = 64, Length = 64, Width = 32;
        int n = Heads * Length * Width;
        float[] q = Inputs.Uniform(n, 1), k = Inputs.Uniform(n, 2), v = Inputs.Uniform(n, 3), g = Inputs.Uniform(n, 4);
        double Output(double dq, double dk, double dv, bool weighted)
        {
            double sum = 0;
            var weights = new double[Length];
            for (int row = 0; row < Heads * Length; row++)
            {
                int head = row / Length, last = row % Length;
                double total = 0;
                for (int key = 0; key <= last; key++)
                {
                    double score = 0;
                    for (int i = 0; i < Width; i++)
                        score += (q[row * Width + i] + dq) * (k[(head * Length + key) * Width + i] + dk);
                    total += weights[key] = Math.Exp(score / Math.Sqrt(Width));
                }
                for (int i = 0; i < Width; i++)
                {
                    double output = 0;
                    for (int key = 0; key <= last; key++)
                        output += weights[key] / total * (v[(head * Length + key) * Width + i] + dv);
                    sum += weighted ? output * g[row * Width + i] : output;
                }
            }
            return sum;
        }
        Assert.Equal(Output(0, 0, 0, weighted: false), Check("attention.forward.16x4x64x32.causal"), 1e-2);
        // The sum of all gradients is the slope along the direction of ones.
        const double H = 1e-4;
        double slope = (Output(H, H, H, weighted: true) - Output(-H, -H, -H, weighted: true)) / (2 * H);
        Assert.Equal(slope, Check("attention.backward.16x4x64x32.causal"), 2e-2);
    }

    /// <summary>Results of the passes over memory: a sum, the first element copied, the first element negated by each pass.</summary>
    [Fact]
    public void Limits()
    {
        float[] values = Inputs.Uniform((16 << 10) / sizeof(float), 0);
        Assert.True(Check("limits.fma", threads: 2) > 0);
        Assert.NotEqual(0, Check("limits.read.16K", threads: 2));
        int passes = (256 << 20) / (16 << 10);
        Assert.Equal(passes * (double)values[0], Check("limits.copy.16K"), 1e-2 * passes);
    }

    [Fact]
    public void Inputs_lie_on_cache_lines()
    {
        var floats = new Floats(3);
        floats.Span[2] = 1;
        unsafe
        {
            Assert.Equal(0, (nint)floats.Pointer % 64);
        }
        Assert.Equal([0, 0, 1], ((ReadOnlySpan<float>)floats).ToArray());
    }

    /// <summary>What a neighbour does ends when its input ends.</summary>
    [Fact]
    public void Spinning_ends_with_its_input()
    {
        TextReader before = Console.In;
        try
        {
            Console.SetIn(new StringReader("anything"));
            Contention.Spin();
        }
        finally
        {
            Console.SetIn(before);
        }
    }

    [Fact]
    public void A_measurement_has_at_least_nine_samples()
    {
        WorkloadResult result = Measurement.Measure(WorkloadCatalogue.Find("elem.add.1K")[0], threads: 1);
        Assert.True(result.Samples >= 9);
        Assert.InRange(result.MinMicroseconds, 0, result.MedianMicroseconds);
        Assert.True(result.Rate > 0);
    }

    [Fact]
    public void A_measurement_can_be_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => Measurement.Measure(WorkloadCatalogue.Find("elem.add.1K")[0], 1, new CancellationToken(canceled: true)));
}
