using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>128 bits.</summary>
internal readonly unsafe struct Wide128<T>(Vector128<T> value) : IWide<Wide128<T>, T>
    where T : unmanaged
{
    private readonly Vector128<T> _value = value;

    public static int Count => Vector128<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T> Create(T x) => new(Vector128.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T> Load(T* p) => new(Vector128.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Wide128<T> x, T* p) => Vector128.Store(x._value, p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T> Add(Wide128<T> a, Wide128<T> b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128<T> FusedMultiplyAdd(Wide128<T> a, Wide128<T> b, Wide128<T> c) => typeof(T) == typeof(float)
        ? new(Vector128.FusedMultiplyAdd(a._value.AsSingle(), b._value.AsSingle(), c._value.AsSingle()).As<float, T>())
        : new(Vector128.FusedMultiplyAdd(a._value.AsDouble(), b._value.AsDouble(), c._value.AsDouble()).As<double, T>());
}
