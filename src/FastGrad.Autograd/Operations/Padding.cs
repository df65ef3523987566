namespace FastGrad.Autograd;

/// <summary>Where the elements of a padded axis come from, and how many windows it holds.</summary>
internal static class Padding
{
    /// <summary>The windows of an axis; 0 where not one fits.</summary>
    public static long Windows(long length, int kernel, int dilation, int stride)
    {
        long spare = length - (kernel - 1L) * dilation - 1;
        return spare < 0 ? 0 : spare / stride + 1;
    }

    public static Tensor<int> Indices(int length, int before, int after, PadMode mode)
    {
        int most = mode == PadMode.Reflect ? length - 1 : mode == PadMode.Circular ? length : length == 0 ? 0 : int.MaxValue;
        if (before < 0 || after < 0 || before > most || after > most)
            throw new ArgumentException($"Padding {before} and {after} elements around {length} in mode {mode}; expected 0 to {most} on each side.", nameof(before));
        if ((long)before + length + after > Array.MaxLength)
            throw new ArgumentException($"Padding {before} and {after} elements around {length} in mode {mode}; expected at most {Array.MaxLength} in all.", nameof(before));
        int[] indices = new int[before + length + after];
        for (int i = 0; i < indices.Length; i++)
        {
            int at = i - before;
            indices[i] = mode switch
            {
                PadMode.Reflect => at < 0 ? -at : at >= length ? 2 * (length - 1) - at : at,
                PadMode.Replicate => Math.Clamp(at, 0, length - 1),
                _ => (at + length) % length,
            };
        }
        return Tensor.Wrap(indices.AsMemory(), [indices.Length]);
    }
}
