using FastGrad.Workloads.Measuring;
using TorchSharp;
using TorchSharp.Modules;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch;

/// <summary><c>opt.*</c> by torch.optim as TorchSharp has it.</summary>
internal sealed class TorchOptimizers() : Peer("torch.optim")
{
    public static TorchOptimizers Instance { get; } = new();

    public override string Version => TorchLibrary.Version;

    public override WorkloadRun? Prepare(string id, int threads)
    {
        TorchLibrary.Prepare(threads);
        string[] parts = id.Split('.');
        if (Sizes.Parameters.FirstOrDefault(size => size.Name == parts[2]) is not { Length: > 0 and int n })
            return null;
        var parameter = new Parameter(TorchLibrary.Uniform(1, -1, 1, n));
        parameter.grad = TorchLibrary.Uniform(2, -1, 1, n);
        torch.optim.Optimizer? optimizer = parts[1] switch
        {
            "sgd" => torch.optim.SGD([parameter], 1e-3),
            "sgdm" => torch.optim.SGD([parameter], 1e-3, momentum: 0.9),
            "adam" => torch.optim.Adam([parameter], 1e-3),
            "adamw" => torch.optim.AdamW([parameter], 1e-3),
            _ => null,
        };
        return optimizer is null ? null : new WorkloadRun(() => optimizer.step(), () => TorchLibrary.Sum(parameter), threads, Release);

        void Release()
        {
            optimizer.Dispose();
            parameter.Dispose();
        }
    }
}
