using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn.functional;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch.Networks;

/// <summary>784-512-256-10 with ReLU, cross entropy, AdamW.</summary>
internal sealed class MnistMlp : Network
{
    private readonly torch.Tensor _inputs, _labels;
    private readonly Parameter _w0, _b0, _w1, _b1, _w2, _b2;

    public MnistMlp(int batch)
    {
        _inputs = TorchLibrary.Uniform(3, 0, 1, batch, 784);
        _labels = Labels(batch, 5, 10);
        (_w0, _b0, _w1, _b1, _w2, _b2) = (Weight(512, 784), Bias(512), Weight(256, 512), Bias(256), Weight(10, 256), Bias(10));
        UseAdamW();
    }

    protected override torch.Tensor Loss() =>
        cross_entropy(linear(relu(linear(relu(linear(_inputs, _w0, _b0)), _w1, _b1)), _w2, _b2), _labels);
}
