using System.Numerics;
using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>An epilogue by its address, for callers of products that do not know its type. The default is none.</summary>
/// <remarks>It points to the caller's local variable, so it lives no longer than that; being a <c>ref struct</c>, it cannot be stored.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly unsafe ref struct BoundEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private BoundEpilogue(void* address, delegate*<void*, int, int, int, int, T*, nint, void> finish)
    {
        Address = address;
        Finish = finish;
    }

    internal void* Address { get; }

    internal delegate*<void*, int, int, int, int, T*, nint, void> Finish { get; }

    /// <summary>Binds an epilogue.</summary>
    /// <param name="epilogue">A local variable of the caller, which stays until the product is done.</param>
    public static BoundEpilogue<T> Of<TEpilogue>(ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<T> => new(Unsafe.AsPointer(ref epilogue), &Finish<TEpilogue, T>.Run);
}
