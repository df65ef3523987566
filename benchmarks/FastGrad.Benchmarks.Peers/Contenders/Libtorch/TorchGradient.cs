using FastGrad.Workloads.Measuring;
using TorchSharp;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch;

/// <summary>The backward kernel of a function alone: the graph is made once and kept.</summary>
internal static class TorchGradient
{
    /// <summary>A run that computes the result anew in every step.</summary>
    public static WorkloadRun Forward(int threads, Func<torch.Tensor> function)
    {
        torch.Tensor result = torch.zeros(1);
        return new WorkloadRun(
            () =>
            {
                result.Dispose();
                result = function();
            },
            () => TorchLibrary.Sum(result), threads, () => result.Dispose());
    }

    /// <summary>A run that computes the gradients of the inputs from one of the output.</summary>
    public static WorkloadRun Backward(int threads, torch.Tensor[] inputs, Func<torch.Tensor> function, Func<torch.Tensor, torch.Tensor> gradient)
    {
        foreach (torch.Tensor input in inputs)
            input.requires_grad_();
        torch.Tensor output;
        using (torch.enable_grad())
            output = function();
        torch.Tensor dy = gradient(output);
        IList<torch.Tensor> results = [];
        return new WorkloadRun(
            () =>
            {
                Release();
                results = torch.autograd.grad([output], inputs, [dy], retain_graph: true);
            },
            () => results.Sum(TorchLibrary.Sum), threads, Release);

        void Release()
        {
            foreach (torch.Tensor result in results)
                result.Dispose();
        }
    }
}
