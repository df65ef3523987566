using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn.functional;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch.Networks;

/// <summary>1x28x28: 32 filters 3x3, ReLU, 64 filters 3x3, ReLU, maximum over 2x2, 128, ReLU, 10; cross entropy, AdamW.</summary>
internal sealed class LeNet : Network
{
    private readonly torch.Tensor _inputs, _labels;
    private readonly Parameter _f0, _c0, _f1, _c1, _w0, _b0, _w1, _b1;

    public LeNet(int batch)
    {
        _inputs = TorchLibrary.Uniform(3, 0, 1, batch, 1, 28, 28);
        _labels = Labels(batch, 5, 10);
        (_f0, _c0, _f1, _c1) = (Weight(32, 1, 3, 3), Bias(32), Weight(64, 32, 3, 3), Bias(64));
        (_w0, _b0, _w1, _b1) = (Weight(128, 64 * 12 * 12), Bias(128), Weight(10, 128), Bias(10));
        UseAdamW();
    }

    protected override torch.Tensor Loss()
    {
        torch.Tensor x = relu(conv2d(_inputs, _f0, _c0));
        x = max_pool2d(relu(conv2d(x, _f1, _c1)), 2).flatten(1);
        return cross_entropy(linear(relu(linear(x, _w0, _b0)), _w1, _b1), _labels);
    }
}
