namespace FastGrad.Kernels.MatrixProduct;

/// <summary>The 16 lanes of float, or 8 of double, of a dot product: one vector of 512 bits, two of 256 or four of 128.</summary>
internal unsafe interface ILaneStrip<TStrip, T>
    where TStrip : struct, ILaneStrip<TStrip, T>
    where T : unmanaged
{
    static abstract TStrip Zero { get; }

    static abstract TStrip Load(T* p);

    static abstract void Store(TStrip x, T* p);

    /// <summary>a·b + c, rounded once, lane by lane.</summary>
    static abstract TStrip FusedMultiplyAdd(TStrip a, TStrip b, TStrip c);
}
