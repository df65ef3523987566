using FastGrad.Workloads.Measuring;
using TorchSharp;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch;

/// <summary><c>opt.*</c> by libtorch's fused kernels, which TorchSharp does not export: one pass over memory.</summary>
internal sealed unsafe class TorchFusedOptimizers() : Peer("libtorch fused")
{
    private const double Rate = 1e-3, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8, Momentum = 0.9;

    public static TorchFusedOptimizers Instance { get; } = new();

    public override string Version => TorchLibrary.Version;

    public override WorkloadRun? Prepare(string id, int threads)
    {
        TorchLibrary.Prepare(threads);
        string[] parts = id.Split('.');
        if (Sizes.Parameters.FirstOrDefault(size => size.Name == parts[2]) is not { Length: > 0 and int n })
            return null;
        torch.Tensor parameter = TorchLibrary.Uniform(1, -1, 1, n), gradient = TorchLibrary.Uniform(2, -1, 1, n);
        torch.Tensor first = torch.zeros(n), second = torch.zeros(n), steps = torch.zeros(1).squeeze();
        Action? step = parts[1] switch
        {
            "sgdm" => Sgd(parameter, gradient, first),
            "adam" => Adam("12_fused_adam_", 0, parameter, gradient, first, second, steps),
            "adamw" => Adam("13_fused_adamw_", 0.01, parameter, gradient, first, second, steps),
            _ => null,
        };
        return step is null ? null : new WorkloadRun(step, () => TorchLibrary.Sum(parameter), threads, Release);

        void Release()
        {
            foreach (torch.Tensor tensor in (ReadOnlySpan<torch.Tensor>)[parameter, gradient, first, second, steps])
                tensor.Dispose();
        }
    }

    // A list of one tensor is the address of the tensor, which is what a handle is.
    private static ArrayRef List(torch.Tensor tensor) => new((void*)tensor.Handle, 1);

    private static Action Adam(string name, double decay, torch.Tensor parameter, torch.Tensor gradient, torch.Tensor first, torch.Tensor second, torch.Tensor steps)
    {
        var kernel = (delegate* unmanaged<ArrayRef, ArrayRef, ArrayRef, ArrayRef, ArrayRef, ArrayRef, double, double, double, double, double, byte, byte, OptionalTensor*, OptionalTensor*, void>)
            TorchLibrary.Export($"_ZN2at4_ops{name}4callEN3c108ArrayRefINS_6TensorEEES5_S5_S5_S5_S5_dddddbbRKSt8optionalIS4_ES9_");
        float* count = (float*)TorchLibrary.Data(steps);
        return () =>
        {
            OptionalTensor none = default;
            ++*count; // the caller counts
            kernel(List(parameter), List(gradient), List(first), List(second), default, List(steps), Rate, Beta1, Beta2, decay, Epsilon, 0, 0, &none, &none);
        };
    }

    private static Action Sgd(torch.Tensor parameter, torch.Tensor gradient, torch.Tensor velocity)
    {
        var kernel = (delegate* unmanaged<ArrayRef, ArrayRef, ArrayRef, double, double, double, double, byte, byte, byte, OptionalTensor*, OptionalTensor*, void>)
            TorchLibrary.Export("_ZN2at4_ops11_fused_sgd_4callEN3c108ArrayRefINS_6TensorEEES5_S5_ddddbbbRKSt8optionalIS4_ES9_");
        byte isFirst = 1;
        return () =>
        {
            OptionalTensor none = default;
            kernel(List(parameter), List(gradient), List(velocity), 0, Momentum, Rate, 0, 0, 0, isFirst, &none, &none);
            isFirst = 0;
        };
    }
}
