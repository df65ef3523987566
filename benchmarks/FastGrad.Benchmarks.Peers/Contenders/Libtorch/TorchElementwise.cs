using FastGrad.Workloads.Measuring;
using TorchSharp;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch;

/// <summary><c>elem.*</c> by libtorch's kernels with <c>out=</c>; reductions, which give one number, through TorchSharp.</summary>
internal sealed unsafe class TorchElementwise() : Peer("libtorch")
{
    private static readonly Dictionary<string, string> s_unary = new()
    {
        ["exp"] = "exp_out", ["log"] = "log_out", ["tanh"] = "tanh_out", ["sigmoid"] = "sigmoid_out", ["silu"] = "silu_out",
        ["erf"] = "erf_out", ["sin"] = "sin_out", ["cos"] = "cos_out",
    };

    public static TorchElementwise Instance { get; } = new();

    public override string Version => TorchLibrary.Version;

    public override WorkloadRun? Prepare(string id, int threads)
    {
        TorchLibrary.Prepare(threads);
        (string name, int n, float low, float high) = Elementwise.Parse(id);
        torch.Tensor x = TorchLibrary.Uniform(1, low, high, n);
        return name switch
        {
            _ when s_unary.TryGetValue(name, out string? kernel) => Map(x, threads, Unary(kernel)),
            "gelu" => Map(x, threads, Gelu("none")),
            "gelu_tanh" => Map(x, threads, Gelu("tanh")),
            "softplus" => Map(x, threads, Softplus()),
            "relu" => Map(x, threads, Relu()),
            "add" => Zip(x, threads, Add()),
            "mul" => Zip(x, threads, Multiply()),
            "sum" => Reduce(x, threads, (a, _) => a.sum()),
            "dot" => Reduce(x, threads, (a, b) => a.dot(b)),
            "norm" => Reduce(x, threads, (a, _) => a.norm()),
            _ => null,
        };
    }

    private static WorkloadRun Map(torch.Tensor x, int threads, Action<nint, nint> kernel)
    {
        torch.Tensor y = torch.zeros_like(x);
        (nint from, nint to) = (x.Handle, y.Handle);
        return new WorkloadRun(() => kernel(from, to), () => TorchLibrary.Sum(y), threads, () => Dispose(x, y));
    }

    private static WorkloadRun Zip(torch.Tensor x, int threads, Action<nint, nint, nint> kernel)
    {
        torch.Tensor y = TorchLibrary.Uniform(2, -3, 3, x.shape), z = torch.zeros_like(x);
        (nint first, nint second, nint to) = (x.Handle, y.Handle, z.Handle);
        return new WorkloadRun(() => kernel(first, second, to), () => TorchLibrary.Sum(z), threads, () => Dispose(x, y, z));
    }

    private static WorkloadRun Reduce(torch.Tensor x, int threads, Func<torch.Tensor, torch.Tensor, torch.Tensor> reduce)
    {
        torch.Tensor y = TorchLibrary.Uniform(2, -3, 3, x.shape), result = torch.zeros(1);
        return new WorkloadRun(
            () =>
            {
                result.Dispose();
                result = reduce(x, y);
            },
            () => result.item<float>(), threads, () => Dispose(x, y, result));
    }

    private static void Dispose(params ReadOnlySpan<torch.Tensor> tensors)
    {
        foreach (torch.Tensor tensor in tensors)
            tensor.Dispose();
    }

    private static Action<nint, nint> Unary(string name)
    {
        var kernel = (delegate* unmanaged<nint, nint, nint>)TorchLibrary.Export($"_ZN2at4_ops{name.Length}{name}4callERKNS_6TensorERS2_");
        return (x, y) => kernel(x, y);
    }

    // std::string_view is passed as length and address.
    private static Action<nint, nint> Gelu(string form)
    {
        var kernel = (delegate* unmanaged<nint, nint, byte*, nint, nint>)TorchLibrary.Export("_ZN2at4_ops8gelu_out4callERKNS_6TensorESt17basic_string_viewIcSt11char_traitsIcEERS2_");
        byte* text = (byte*)System.Runtime.InteropServices.NativeMemory.AllocZeroed((nuint)form.Length);
        System.Text.Encoding.ASCII.GetBytes(form, new Span<byte>(text, form.Length));
        int length = form.Length;
        return (x, y) => kernel(x, length, text, y);
    }

    private static Action<nint, nint> Softplus()
    {
        var kernel = (delegate* unmanaged<nint, nint, nint, nint, nint>)TorchLibrary.Export("_ZN2at4_ops12softplus_out4callERKNS_6TensorERKN3c106ScalarES8_RS2_");
        nint beta = TorchLibrary.Scalar(1), threshold = TorchLibrary.Scalar(20);
        return (x, y) => kernel(x, beta, threshold, y);
    }

    private static Action<nint, nint> Relu()
    {
        var kernel = (delegate* unmanaged<nint, nint, nint, nint>)TorchLibrary.Export("_ZN2at4_ops13clamp_min_out4callERKNS_6TensorERKN3c106ScalarERS2_");
        nint zero = TorchLibrary.Scalar(0);
        return (x, y) => kernel(x, zero, y);
    }

    private static Action<nint, nint, nint> Add()
    {
        var kernel = (delegate* unmanaged<nint, nint, nint, nint, nint>)TorchLibrary.Export("_ZN2at4_ops7add_out4callERKNS_6TensorES4_RKN3c106ScalarERS2_");
        nint one = TorchLibrary.Scalar(1);
        return (x, y, z) => kernel(x, y, one, z);
    }

    private static Action<nint, nint, nint> Multiply()
    {
        var kernel = (delegate* unmanaged<nint, nint, nint, nint>)TorchLibrary.Export("_ZN2at4_ops7mul_out4callERKNS_6TensorES4_RS2_");
        return (x, y, z) => kernel(x, y, z);
    }
}
