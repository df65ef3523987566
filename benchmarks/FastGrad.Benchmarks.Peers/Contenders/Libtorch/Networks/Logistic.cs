using FastGrad.Workloads.Measuring;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn.functional;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch.Networks;

/// <summary>Logistic regression on 30 features: binary cross entropy with logits, SGD.</summary>
internal sealed class Logistic : Network
{
    private readonly torch.Tensor _inputs, _targets;
    private readonly Parameter _w, _b;

    public Logistic(int batch)
    {
        _inputs = TorchLibrary.Uniform(3, -1, 1, batch, 30);
        _targets = torch.tensor(Array.ConvertAll(Inputs.Labels(batch, 5, 2), label => (float)label), [batch, 1]);
        (_w, _b) = (Weight(1, 30), Bias(1));
        UseSgd();
    }

    protected override torch.Tensor Loss() => binary_cross_entropy_with_logits(linear(_inputs, _w, _b), _targets);
}
