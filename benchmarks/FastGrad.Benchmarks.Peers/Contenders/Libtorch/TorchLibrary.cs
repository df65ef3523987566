using System.Runtime.InteropServices;
using FastGrad.Workloads.Measuring;
using TorchSharp;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch;

/// <summary>libtorch in this process: loaded once, with its own <c>out=</c> kernels by their exported names.</summary>
/// <remarks>
/// TorchSharp's functions allocate their results. The kernels behind <c>torch.exp(x, out=y)</c> are exported by libtorch_cpu.so;
/// a TorchSharp tensor's handle is the address of an <c>at::Tensor</c>, which is what they take by reference.
/// </remarks>
internal static partial class TorchLibrary
{
    private const string NewestRuntime = "GLIBCXX_3.4.32";

    private static readonly Lazy<nint> s_library = new(Load);

    /// <summary>The library's version.</summary>
    public static string Version => torch.__version__;

    /// <summary>Makes the library compute on the given number of threads.</summary>
    public static void Prepare(int threads)
    {
        _ = s_library.Value;
        torch.set_num_threads(threads);
    }

    /// <summary>The address of an exported function, by its C++ name.</summary>
    public static nint Export(string mangledName) => NativeLibrary.GetExport(s_library.Value, mangledName);

    /// <summary>The address of a tensor's elements.</summary>
    public static nint Data(torch.Tensor tensor) => Data(tensor.Handle);

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint Data(nint tensor);

    /// <summary>The address of a new <c>at::Scalar</c>.</summary>
    [LibraryImport("LibTorchSharp", EntryPoint = "THSTorch_float32_to_scalar")]
    public static partial nint Scalar(float value);

    /// <summary>A tensor of Uniform(count, seed, low, high).</summary>
    public static torch.Tensor Uniform(uint seed, float low, float high, params long[] shape) =>
        torch.tensor(Inputs.Uniform((int)shape.Aggregate(1L, (product, size) => product * size), seed, low, high), shape);

    /// <summary>The sum of the elements in double and in order, as FastGrad's checks have it.</summary>
    public static double Sum(torch.Tensor tensor)
    {
        double sum = 0;
        foreach (float value in tensor.cpu().data<float>())
            sum += value;
        return sum;
    }

    private static nint Load()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
        LibraryVersions.MakeWeak(Path.Combine(folder, "libLibTorchSharp.so"), NewestRuntime);
        torch.InitializeDeviceType(DeviceType.CPU);
        torch.set_grad_enabled(false); // training turns it on
        return NativeLibrary.Load(Path.Combine(folder, "libtorch_cpu.so"));
    }
}
