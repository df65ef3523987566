using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn.functional;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch.Networks;

/// <summary>3x3 convolution 64 to 64 on 32x32, batch norm in training mode, ReLU; forward, and backward to input and parameters. Loss = Σ out·u.</summary>
internal sealed class ConvolutionBlock : Network
{
    private const int Channels = 64, Size = 32;

    private readonly torch.Tensor _inputs, _weights, _mean = torch.zeros(Channels), _variance = torch.ones(Channels);
    private readonly Parameter _filters, _scale, _shift;

    public ConvolutionBlock(int batch)
    {
        _inputs = new Parameter(TorchLibrary.Uniform(3, -1, 1, batch, Channels, Size, Size));
        _weights = TorchLibrary.Uniform(4, -1, 1, batch, Channels, Size, Size);
        (_filters, _scale, _shift) = (Weight(Channels, Channels, 3, 3), Scale(Channels), Bias(Channels));
    }

    protected override void ZeroGradients()
    {
        foreach (torch.Tensor tensor in (ReadOnlySpan<torch.Tensor>)[_inputs, _filters, _scale, _shift])
            tensor.grad = null;
    }

    protected override torch.Tensor Loss()
    {
        torch.Tensor x = conv2d(_inputs, _filters, padding: [1, 1]);
        x = relu(batch_norm(x, _mean, _variance, _scale, _shift, training: true));
        return (x * _weights).sum();
    }
}
