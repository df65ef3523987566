namespace FastGrad.Autograd;

/// <summary>An instruction that computes element i of its result from elements i of its operands, and from single ones.</summary>
internal interface ITiled
{
    /// <summary>The number of elements; 0 where these operands cannot be computed in tiles.</summary>
    int TileLength { get; }

    /// <summary>What it reads and writes.</summary>
    IEnumerable<TileOperand> Operands { get; }

    /// <summary>Computes elements <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    void ExecuteTile(int start, int count);
}

/// <summary>Where an operand lies.</summary>
internal readonly record struct TileOperand(Storage Storage, int Offset, int Length, bool IsWritten);
