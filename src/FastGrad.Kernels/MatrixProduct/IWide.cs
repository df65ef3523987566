namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The few operations a matrix product needs of a vector.</summary>
internal unsafe interface IWide<V, T>
    where V : struct, IWide<V, T>
    where T : unmanaged
{
    static abstract int Count { get; }

    static abstract V Create(T x);

    static abstract V Load(T* p);

    static abstract void Store(V x, T* p);

    static abstract V Add(V a, V b);

    static abstract V FusedMultiplyAdd(V a, V b, V c);
}
