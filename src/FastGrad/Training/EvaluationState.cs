using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Modules;
using FastGrad.Optimization;

namespace FastGrad.Training;

/// <summary>The time in which a model is as it is evaluated and deployed; disposing it brings everything back bit for bit. See <see cref="Trainer{T}.UseEvaluationState"/>.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class EvaluationState<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Module<T> _model;
    private readonly bool _training;
    private readonly EvaluationScope _weights;
    private readonly T[][]? _buffers;

    internal EvaluationState(Module<T> model, Optimizer<T> optimizer, DataSet<T> data, int batchSize)
    {
        (_model, _training, _weights) = (model, model.IsTraining, optimizer.EvaluationWeights());
        try
        {
            // The running statistics are those of the weights that training moves.
            if (optimizer.WeightsInUse == WeightsInUse.Evaluation && model.HasRunningStatistics())
            {
                _buffers = [.. model.NamedBuffers().Select(b => b.Buffer.ToArray())];
                model.UpdateBatchNorm(Batches(data, batchSize));
            }
            model.Eval();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _model.Train(_training);
        if (_buffers is null)
            return;
        foreach (((_, Tensor<T> buffer), T[] before) in _model.NamedBuffers().Zip(_buffers))
            before.CopyTo(buffer.AsSpan());
    }

    // In the table's order, the last batch with what is left over: none is of a single row, which has no variance.
    private static IEnumerable<Tensor<T>> Batches(DataSet<T> data, int size)
    {
        int batches = Math.Max(1, data.Rows / Math.Max(2, size));
        for (int batch = 0; batch < batches; batch++)
        {
            int from = (int)((long)data.Rows * batch / batches), to = (int)((long)data.Rows * (batch + 1) / batches);
            yield return Tensor.From(data.Features[(from * data.Columns)..(to * data.Columns)], [to - from, data.Columns]);
        }
    }
}
