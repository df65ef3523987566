namespace FastGrad.Kernels.Philox;

/// <summary>One image of the Philox 4×32 bijection: four independent 32-bit words.</summary>
/// <param name="W0">Word 0.</param>
/// <param name="W1">Word 1.</param>
/// <param name="W2">Word 2.</param>
/// <param name="W3">Word 3.</param>
public readonly record struct PhiloxBlock(uint W0, uint W1, uint W2, uint W3)
{
    /// <summary>Word <paramref name="index"/> modulo 4.</summary>
    public uint this[int index] => (index & 3) switch { 0 => W0, 1 => W1, 2 => W2, _ => W3 };

    /// <summary>Words 0 and 1 as one number, word 0 the less significant.</summary>
    public ulong Low => W0 | (ulong)W1 << 32;

    /// <summary>Words 2 and 3 as one number, word 2 the less significant.</summary>
    public ulong High => W2 | (ulong)W3 << 32;
}
