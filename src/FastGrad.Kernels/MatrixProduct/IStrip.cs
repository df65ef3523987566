namespace FastGrad.Kernels.MatrixProduct;

/// <summary>Some neighbouring elements of one row: what a tile keeps per row in registers.</summary>
/// <remarks>
/// A struct of at most three vectors stays in registers; that is why tiles are built from these. The number of lanes matters to
/// <see cref="StripPart{V,T}"/> alone.
/// </remarks>
internal unsafe interface IStrip<TStrip, T>
    where TStrip : struct, IStrip<TStrip, T>
    where T : unmanaged
{
    static abstract TStrip Zero { get; }

    static abstract TStrip Load(T* p, int lanes);

    static abstract void Store(TStrip x, T* p, int lanes);

    /// <summary>a·b + c, rounded once, in every lane.</summary>
    static abstract TStrip FusedMultiplyAdd(T a, TStrip b, TStrip c);

    static abstract TStrip Add(TStrip a, TStrip b);
}
