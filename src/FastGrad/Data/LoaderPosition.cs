namespace FastGrad.Data;

/// <summary>Where a <see cref="DataLoader{T}"/> stands: the batch that it gives next.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Batch">The batch within the epoch, from 0.</param>
public readonly record struct LoaderPosition(long Epoch, int Batch);
