using System.Numerics;

namespace FastGrad.Data;

/// <summary>
/// Gives the rows of a data set in batches, epoch after epoch without end, and gathers them into the caller's spans.
/// Nothing is allocated per batch or epoch. The order of an epoch depends on no earlier one, so setting
/// <see cref="Position"/> goes on exactly where another loader stopped. For one thread at a time.
/// </summary>
public sealed class DataLoader<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DataLoaderOptions _options;
    private readonly int[] _order;
    private long _orderedEpoch = -1;
    private LoaderPosition _position;

    /// <summary>A loader that stands before the first batch of epoch 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is below 1.</exception>
    /// <exception cref="ArgumentException">Dropping the last partial batch leaves no batch.</exception>
    public DataLoader(DataSet<T> data, DataLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        Data = data;
        _options = options;
        BatchSize = Math.Min(options.BatchSize, data.Rows);
        if (options.LastBatch == LastBatch.Drop && options.BatchSize != DataLoaderOptions.FullBatch && options.BatchSize > data.Rows)
            throw new ArgumentException($"A batch of {options.BatchSize} rows is more than the {data.Rows} there are, and partial batches are dropped: no batch is left.", nameof(options));
        BatchesPerEpoch = options.LastBatch == LastBatch.Drop ? data.Rows / BatchSize : ((data.Rows - 1) / BatchSize) + 1;
        _order = new int[data.Rows];
    }

    /// <summary>The data set.</summary>
    public DataSet<T> Data { get; }

    /// <summary>The rows of a full batch, and so the most rows of any batch.</summary>
    public int BatchSize { get; }

    /// <summary>The number of batches of an epoch, at least 1.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>The batch that comes next. A checkpoint that holds it, the seed and the batch size resumes exactly.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such epoch or batch.</exception>
    public LoaderPosition Position
    {
        get => _position;
        set
        {
            if (value.Epoch < 0 || (uint)value.Batch >= (uint)BatchesPerEpoch)
                throw new ArgumentOutOfRangeException(nameof(value), value, $"An epoch counts from 0, a batch from 0 to {BatchesPerEpoch - 1}.");
            _position = value;
        }
    }

    /// <summary>
    /// The rows of the next batch; moves on, from an epoch's last batch to the next epoch. The span holds until a batch
    /// of another epoch is asked for.
    /// </summary>
    public ReadOnlySpan<int> NextBatch()
    {
        var rows = CurrentRows();
        MoveOn();
        return rows;
    }

    /// <summary>Gathers the next batch with its classes and moves on; answers its number of rows.</summary>
    /// <param name="features">Gets [rows × columns] values.</param>
    /// <param name="labels">Gets a class per row.</param>
    /// <exception cref="InvalidOperationException">The data set has no classes.</exception>
    /// <exception cref="ArgumentException">A span is too short for the batch; the position stays.</exception>
    public int NextBatch(Span<T> features, Span<int> labels)
    {
        var rows = CurrentRows();
        Data.CopyFeatures(rows, features);
        Data.CopyLabels(rows, labels);
        MoveOn();
        return rows.Length;
    }

    /// <summary>Gathers the next batch with its regression targets and moves on; answers its number of rows.</summary>
    /// <param name="features">Gets [rows × columns] values.</param>
    /// <param name="targets">Gets [rows × outputs] values.</param>
    /// <exception cref="InvalidOperationException">The data set has no regression targets.</exception>
    /// <exception cref="ArgumentException">A span is too short for the batch; the position stays.</exception>
    public int NextBatch(Span<T> features, Span<T> targets)
    {
        var rows = CurrentRows();
        Data.CopyFeatures(rows, features);
        Data.CopyTargets(rows, targets);
        MoveOn();
        return rows.Length;
    }

    private ReadOnlySpan<int> CurrentRows()
    {
        if (_orderedEpoch != _position.Epoch)
            Order(_position.Epoch);
        var start = _position.Batch * BatchSize;
        return _order.AsSpan(start, Math.Min(BatchSize, _order.Length - start));
    }

    private void MoveOn() =>
        _position = _position.Batch + 1 < BatchesPerEpoch ? _position with { Batch = _position.Batch + 1 } : new LoaderPosition(_position.Epoch + 1, 0);

    private void Order(long epoch)
    {
        if (_options.Shuffle)
            SeededOrder.Fill(_order, _options.Seed, SeededOrder.ShufflePurpose, (ulong)epoch);
        else if (_orderedEpoch < 0)
            for (var i = 0; i < _order.Length; i++)
                _order[i] = i;
        _orderedEpoch = epoch;
    }
}
