namespace FastGrad.Data;

/// <summary>What becomes of the rows that do not fill a batch at the end of an epoch.</summary>
public enum LastBatch
{
    /// <summary>They are a smaller batch: every row is seen once an epoch.</summary>
    Keep,

    /// <summary>They are left out of that epoch: every batch has the same size.</summary>
    Drop,
}
