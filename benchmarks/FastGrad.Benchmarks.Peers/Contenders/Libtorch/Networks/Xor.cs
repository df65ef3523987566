using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn.functional;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch.Networks;

/// <summary>2-16-1 with tanh, mean squared error, SGD, the four points.</summary>
internal sealed class Xor : Network
{
    private readonly torch.Tensor _inputs = torch.tensor([0f, 0, 0, 1, 1, 0, 1, 1], [4, 2]), _targets = torch.tensor([0f, 1, 1, 0], [4, 1]);
    private readonly Parameter _w0, _b0, _w1, _b1;

    public Xor()
    {
        (_w0, _b0, _w1, _b1) = (Weight(16, 2), Bias(16), Weight(1, 16), Bias(1));
        UseSgd();
    }

    protected override torch.Tensor Loss() => mse_loss(linear(linear(_inputs, _w0, _b0).tanh(), _w1, _b1), _targets);
}
