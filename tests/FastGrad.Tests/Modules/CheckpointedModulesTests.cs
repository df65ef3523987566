using FastGrad.Autograd;
using FastGrad.Modules;
using Xunit;

namespace FastGrad.Tests.Modules;

/// <summary>Two hundred layers with batch norm and dropout in checkpointed segments: the same bits, one second run a layer, less memory.</summary>
public sealed class CheckpointedModulesTests
{
    private const int Layers = 200, Segments = 14, Rows = 32, Width = 8;

    private static readonly Tensor<double> s_x = Tensor.From<double>([.. Enumerable.Range(0, Rows * Width).Select(i => Math.Sin(i))], [Rows, Width]);

    [Fact]
    public void BitsStatisticsAndMasksAreTheSame()
    {
        Module<double>[] plain = Stack(), checkpointed = Stack();
        int[] calls = new int[Layers];
        for (int i = 0; i < Layers; i++)
        {
            int layer = i;
            checkpointed[i].RegisterForwardPreHook((_, _) => { calls[layer]++; return null; });
        }
        for (int step = 0; step < 2; step++)
        {
            Tensor<double> expected = Loss(plain, 0), actual = Loss(checkpointed, Segments);
            Assert.Equal(expected.Item(), actual.Item());
            expected.Backward();
            actual.Backward();
        }
        Assert.All(calls, count => Assert.Equal(4, count)); // two steps, each once and once again
        for (int i = 0; i < Layers; i++)
        {
            Assert.All(plain[i].NamedParameters().Zip(checkpointed[i].NamedParameters()), pair => Assert.Equal(pair.First.Tensor.Grad!.ToArray(), pair.Second.Tensor.Grad!.ToArray()));
            Assert.All(plain[i].NamedBuffers().Zip(checkpointed[i].NamedBuffers()), pair => Assert.Equal(pair.First.Buffer.ToArray(), pair.Second.Buffer.ToArray()));
        }
    }

    [Fact]
    public void ActivationsTakeLessThanAFifth()
    {
        long full = Peak(0), less = Peak(Segments);
        Assert.True(less * 5 < full, $"{less} of {full} bytes");

        static long Peak(int segments)
        {
            Module<double>[] stack = Stack();
            return Capture.Prepare<double>(() =>
            {
                Tensor<double> loss = Loss(stack, segments);
                loss.Backward();
                return [loss];
            }).PeakBytes;
        }
    }

    private static Tensor<double> Loss(Module<double>[] stack, int segments)
    {
        Func<Tensor<double>, Tensor<double>>[] chain = [.. stack.Select(module => (Func<Tensor<double>, Tensor<double>>)module.Invoke)];
        return (segments == 0 ? chain.Aggregate(s_x, (x, layer) => layer(x)) : Transforms.Checkpoint(chain, segments)(s_x)).Square().Mean();
    }

    private static Module<double>[] Stack() => [.. Enumerable.Range(0, Layers).Select(i => new Residual<double>(new Sequential<double>(
        new Linear<double>(Width, Width), new BatchNorm1d<double>(Width), new Tanh<double>(), new Dropout<double>(0.125, (ulong)i))).Initialize((ulong)i))];
}
