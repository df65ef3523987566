namespace FastGrad.Autograd.Tests;

/// <summary>A program's memory: known before it runs, and within a budget.</summary>
public sealed class MemoryPlanTests
{
    [Fact]
    public void ADeepNetworkTrainsInAFifthOfItsMemory()
    {
        const int Layers = 40;
        Tensor<float>[] weights = [.. Enumerable.Range(0, Layers).Select(i => Values(i, 32, 32) * 0.2f)];
        foreach (Tensor<float> weight in weights)
            weight.RequiresGrad = true;
        Tensor<float> x = Values(99, 64, 32);
        Tensor<float> loss()
        {
            Tensor<float> h = x;
            foreach (Tensor<float> weight in weights)
                h = h.Linear(weight).Tanh();
            return h.Square().Mean();
        }
        loss().Backward();
        float[][] expected = [.. weights.Select(w => w.Grad!.ToArray())];
        Program whole = Prepare(CaptureOptions.Default);
        Program small = Prepare(CaptureOptions.Default with { MemoryBudget = whole.UnplannedBytes / 5, KeepDumps = true });
        Assert.True(small.PeakBytes <= whole.UnplannedBytes / 5, $"{small.PeakBytes} of {whole.UnplannedBytes}");
        Assert.True(small.PeakBytes < whole.PeakBytes);
        Assert.True(small.Count > whole.Count); // some are computed again
        small.Run();
        small.Run();
        Assert.Equal(expected, weights.Select(w => w.Grad!.ToArray()));
        Assert.Contains(" and from ", small.ToString()); // two lives

        Assert.Contains("at least", Assert.Throws<InvalidOperationException>(() => Prepare(CaptureOptions.Default with { MemoryBudget = 1000 })).Message);

        Program Prepare(CaptureOptions options) => Capture.Prepare<float>(
            () =>
            {
                foreach (Tensor<float> weight in weights)
                    weight.ZeroGrad();
                Tensor<float> value = loss();
                value.Backward();
                return [value];
            },
            options);
    }

    [Fact]
    public void MemoryIsKnownBeforeAnythingRuns()
    {
        Tensor<float> x = Values(3, 2000);
        bool ran = false;
        Program program = Capture.Prepare<float>(() =>
        {
            Capture.Opaque<float>("run", () => ran = true);
            return [x.Tanh().Exp()];
        });
        Assert.False(ran);
        Assert.InRange(program.PeakBytes, 8000, 8192);
        program.Run();
        Assert.True(ran);
    }

    private static Tensor<float> Values(int seed, params int[] axes)
    {
        Shape shape = Shape.Create(axes);
        return Tensor.From<float>([.. Enumerable.Range(0, shape.Length).Select(i => MathF.Sin(1.7f * i + seed))], shape);
    }
}
