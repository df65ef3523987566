using System.Runtime.InteropServices;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch;

/// <summary><c>c10::ArrayRef</c>: an address and a length, passed by value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct ArrayRef(void* data, long length)
{
    public readonly void* Data = data;
    public readonly long Length = length;
}

/// <summary><c>std::optional&lt;at::Tensor&gt;</c>: a tensor, which is one pointer, and whether there is one. Passed by reference.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct OptionalTensor(nint tensor, bool hasValue)
{
    public readonly nint Tensor = tensor;
    public readonly byte HasValue = hasValue ? (byte)1 : (byte)0;
}
