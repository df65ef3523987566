using FastGrad.Workloads.Measuring;
using TorchSharp;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch;

/// <summary><c>rows.*.256x1024</c> by libtorch's kernels with <c>out=</c>; the gradient of layer norm through autograd, which allocates it.</summary>
internal sealed unsafe class TorchRows() : Peer("libtorch")
{
    private const int FloatType = 6; // c10::ScalarType::Float

    public static TorchRows Instance { get; } = new();

    public override string Version => TorchLibrary.Version;

    public override WorkloadRun? Prepare(string id, int threads)
    {
        TorchLibrary.Prepare(threads);
        string[] parts = id.Split('.');
        long[] shape = [.. parts[2].Split('x').Select(long.Parse)];
        torch.Tensor x = TorchLibrary.Uniform(1, -1, 1, shape), dy = TorchLibrary.Uniform(2, -1, 1, shape), y = torch.zeros_like(x);
        if (parts[1] == "layernorm_backward")
        {
            torch.Tensor weight = torch.ones(shape[1]), bias = torch.zeros(shape[1]);
            return TorchGradient.Backward(threads, [x], () => torch.nn.functional.layer_norm(x, [shape[1]], weight, bias), _ => dy);
        }
        Action? step = parts[1] switch
        {
            "softmax" => Softmax("12_softmax_out", x, y),
            "logsoftmax" => Softmax("16_log_softmax_out", x, y),
            "softmax_backward" => SoftmaxBackward("26_softmax_backward_data_out", dy, x.softmax(-1), y),
            "logsoftmax_backward" => SoftmaxBackward("30_log_softmax_backward_data_out", dy, x.log_softmax(-1), y),
            "layernorm" => LayerNorm(x, y),
            _ => null,
        };
        return step is null ? null : new WorkloadRun(step, () => TorchLibrary.Sum(y), threads);
    }

    private static Action Softmax(string name, torch.Tensor x, torch.Tensor y)
    {
        var kernel = (delegate* unmanaged<nint, long, byte, nint, nint>)TorchLibrary.Export($"_ZN2at4_ops{name}4callERKNS_6TensorElbRS2_");
        return () => kernel(x.Handle, -1, 0, y.Handle);
    }

    private static Action SoftmaxBackward(string name, torch.Tensor dy, torch.Tensor y, torch.Tensor dx)
    {
        var kernel = (delegate* unmanaged<nint, nint, long, int, nint, nint>)TorchLibrary.Export($"_ZN2at4_ops{name}4callERKNS_6TensorES4_lN3c1010ScalarTypeERS2_");
        return () => kernel(dy.Handle, y.Handle, -1, FloatType, dx.Handle);
    }

    // The result is a tuple of three references, which the caller makes room for.
    private static Action LayerNorm(torch.Tensor x, torch.Tensor y)
    {
        var kernel = (delegate* unmanaged<nint*, nint, ArrayRef, OptionalTensor*, OptionalTensor*, double, nint, nint, nint, nint*>)TorchLibrary.Export(
            "_ZN2at4_ops21native_layer_norm_out4callERKNS_6TensorEN3c108ArrayRefINS5_6SymIntEEERKSt8optionalIS2_ESC_dRS2_SD_SD_");
        long rows = x.shape[0], columns = x.shape[1];
        torch.Tensor weight = torch.ones(columns), bias = torch.zeros(columns), mean = torch.zeros(rows, 1), scale = torch.zeros(rows, 1);
        return () =>
        {
            long normalized = columns;
            nint* result = stackalloc nint[3];
            var weightGiven = new OptionalTensor(*(nint*)weight.Handle, true);
            var biasGiven = new OptionalTensor(*(nint*)bias.Handle, true);
            kernel(result, x.Handle, new ArrayRef(&normalized, 1), &weightGiven, &biasGiven, 1e-5, y.Handle, mean.Handle, scale.Handle);
        };
    }
}
