using FastGrad.Workloads.Kernels;
using FastGrad.Workloads.Measuring;
using Xunit;

namespace FastGrad.Workloads.Tests;

/// <summary>The catalogue has every workload that comparisons are made with, and kernels of each family compute what their id says.</summary>
public class CatalogueTests
{
    private static readonly string[] s_sizes = ["1K", "64K", "16M"];

    public static IEnumerable<string> Published =>
    [
        .. from form in (string[])["nn", "tn", "nt"]
           from size in (string[])
           [
               "64x64x64", "128x128x128", "256x256x256", "512x512x512", "1024x1024x1024", "2048x2048x2048",
               "4x2x16", "32x128x10", "1x784x512", "64x784x512", "64x512x256", "64x256x10",
           ]
           select $"sgemm.{form}.{size}",
        .. from name in (string[])["exp", "log", "tanh", "sigmoid", "gelu", "gelu_tanh", "silu", "softplus", "relu", "add", "mul", "sum", "dot", "norm"]
           from size in s_sizes
           select $"elem.{name}.{size}",
        "rows.softmax.256x1024", "rows.layernorm.256x1024",
        .. from name in (string[])["sgdm", "adam", "adamw"] from size in (string[])["1K", "1M", "25M"] select $"opt.{name}.{size}",
        .. from pass in (string[])["forward", "input", "weight"] select $"conv.{pass}.16x64x32x32.64x3x3.p1",
        "train.xor.b4", "train.logreg30.b64", "train.mnist_mlp.b64", "train.mnist_mlp.b256", "train.lenet.b64", "train.gpt4x128.b16", "train.convbnrelu64.b16",
    ];

    [Fact]
    public void Every_published_id_is_there_once()
    {
        ILookup<string, Workload> all = WorkloadCatalogue.All.ToLookup(workload => workload.Id);
        Assert.All(Published, id => Assert.Single(all[id]));
    }

    /// <summary>Each of the families of kernels computes on one thread and on two, with the same check.</summary>
    [Theory]
    [InlineData("axis.")]
    [InlineData("pool.")]
    [InlineData("epilogue.")]
    public void One_thread_and_two_have_one_check(string family)
    {
        Workload[] workloads = [.. WorkloadCatalogue.All.Where(workload => workload.Id.StartsWith(family, StringComparison.Ordinal))];
        Assert.NotEmpty(workloads);
        foreach (Workload workload in workloads)
            Assert.Equal(Check(workload, 1), Check(workload, 2));
    }

    /// <summary>A softmax sums to one a line, a maximum pools what a mean cannot exceed, and an epilogue of nothing is the product with its bias.</summary>
    [Fact]
    public void Checks_are_what_the_names_say()
    {
        Assert.Equal(16 * 1024, Check("axis.softmax.16x64x1024"), 0.1);
        Assert.Equal(Inputs.Uniform(16 * 64 * 1024, 1).Sum(v => (double)v), Check("axis.sum.16x64x1024"), 0.01);
        Assert.True(Check("pool.max.4096x24x24.k2.s2") > Check("pool.avg.4096x24x24.k2.s2"));
        Assert.Equal(Inputs.Uniform(4096 * 576, 1).Sum(v => (double)v) / 4, Check("pool.avg.4096x24x24.k2.s2"), 0.05);
        Assert.Equal(Inputs.Uniform(8192 * 49, 1).Sum(v => (double)v) / 49, Check("pool.adaptive.8192x7x7.k1"), 0.01);
        Assert.True(Check("epilogue.relu.256x512x10") > Check("epilogue.none.256x512x10"));
    }

    private static double Check(string id) => Check(Assert.Single(WorkloadCatalogue.All, workload => workload.Id == id), 1);

    private static double Check(Workload workload, int threads)
    {
        using WorkloadRun run = workload.Prepare(threads);
        run.Step();
        return run.Check();
    }
}
