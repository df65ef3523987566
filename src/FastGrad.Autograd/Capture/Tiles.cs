namespace FastGrad.Autograd;

/// <summary>Pieces of operands.</summary>
internal static class Tiles
{
    /// <summary>Elements of a tile; all of a single element, which every tile reads.</summary>
    public static ReadOnlySpan<T> Of<T>(Tensor<T> tensor, int start, int count)
        where T : unmanaged => tensor.Length == 1 ? tensor.Dense() : tensor.Dense().Slice(start, count);

    public static TileOperand TileOperand<T>(this Tensor<T> tensor, bool isWritten)
        where T : unmanaged => new(tensor.Storage, tensor.Offset, tensor.Length, isWritten);
}
