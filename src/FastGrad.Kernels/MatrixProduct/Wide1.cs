using System.Numerics;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>One lane: the reference.</summary>
internal readonly unsafe struct Wide1<T>(T value) : IWide<Wide1<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _value = value;

    public static int Count => 1;

    public static Wide1<T> Create(T x) => new(x);

    public static Wide1<T> Load(T* p) => new(*p);

    public static void Store(Wide1<T> x, T* p) => *p = x._value;

    public static Wide1<T> Add(Wide1<T> a, Wide1<T> b) => new(a._value + b._value);

    public static Wide1<T> FusedMultiplyAdd(Wide1<T> a, Wide1<T> b, Wide1<T> c) =>
        new(T.FusedMultiplyAdd(a._value, b._value, c._value));
}
