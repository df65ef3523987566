using FastGrad.Workloads.Measuring;
using TorchSharp;
using TorchSharp.Modules;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch.Networks;

/// <summary>A network with its data, its loss and, where it learns, its optimizer.</summary>
internal abstract class Network
{
    private const uint FirstSeed = 101;

    private readonly List<Parameter> _parameters = [];
    private torch.optim.Optimizer? _optimizer;

    /// <summary>One step of training.</summary>
    /// <returns>The loss, the caller's to dispose.</returns>
    public torch.Tensor Step()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ZeroGradients();
        torch.Tensor loss = Loss();
        loss.backward();
        _optimizer?.step();
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>Forward and loss.</summary>
    protected abstract torch.Tensor Loss();

    /// <summary>Gradients to nothing: PyTorch's default, by which backward writes instead of adding.</summary>
    protected virtual void ZeroGradients() => _optimizer?.zero_grad();

    /// <summary>The next parameter in order, Uniform/√fan_in.</summary>
    protected Parameter Weight(params long[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        float[] values = Inputs.Uniform((int)count, FirstSeed + (uint)_parameters.Count);
        float root = MathF.Sqrt(count / shape[0]);
        foreach (ref float value in values.AsSpan())
            value /= root;
        return Add(torch.tensor(values, shape));
    }

    /// <summary>The next parameter in order, zeros.</summary>
    protected Parameter Bias(long count) => Add(torch.zeros(count));

    /// <summary>The next parameter in order, ones: a normalization's scale.</summary>
    protected Parameter Scale(long count) => Add(torch.ones(count));

    /// <summary>Has the parameters learnt by SGD.</summary>
    protected void UseSgd() => _optimizer = torch.optim.SGD(_parameters, 0.1);

    /// <summary>Has the parameters learnt by AdamW, without decay.</summary>
    protected void UseAdamW() => _optimizer = torch.optim.AdamW(_parameters, 1e-3, weight_decay: 0);

    /// <summary>Labels as libtorch wants them.</summary>
    protected static torch.Tensor Labels(int count, uint seed, int classes, params long[] shape) =>
        torch.tensor(Array.ConvertAll(Inputs.Labels(count, seed, classes), label => (long)label), shape.Length == 0 ? [count] : shape);

    private Parameter Add(torch.Tensor tensor)
    {
        var parameter = new Parameter(tensor);
        _parameters.Add(parameter);
        return parameter;
    }
}
