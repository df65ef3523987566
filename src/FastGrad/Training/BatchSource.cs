using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Training;

/// <summary>A loader's batches as tensors over memory that is used again for every batch.</summary>
internal sealed class BatchSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DataLoader<T> _loader;
    private readonly Memory<T> _features, _targets;
    private readonly Memory<int> _labels;
    private readonly Dictionary<int, (Tensor<T> Inputs, Target<T> Target)> _tensors = []; // by rows: full batches, and the last one

    public BatchSource(DataLoader<T> loader)
    {
        _loader = loader;
        int rows = loader.BatchSize;
        _features = AlignedMemory.Allocate<T>(rows * loader.Data.Columns);
        if (loader.Data.Kind == TargetKind.Classification)
            _labels = AlignedMemory.Allocate<int>(rows);
        else
            _targets = AlignedMemory.Allocate<T>(rows * loader.Data.Outputs);
    }

    public (Tensor<T> Inputs, Target<T> Target) Next()
    {
        bool classes = _loader.Data.Kind == TargetKind.Classification;
        int rows = classes ? _loader.NextBatch(_features.Span, _labels.Span) : _loader.NextBatch(_features.Span, _targets.Span);
        if (!_tensors.TryGetValue(rows, out (Tensor<T>, Target<T>) tensors))
        {
            int columns = _loader.Data.Columns, outputs = _loader.Data.Outputs;
            tensors = (
                Tensor.Wrap(_features[..(rows * columns)], [rows, columns]),
                classes ? Tensor.Wrap(_labels[..rows], [rows]) : Tensor.Wrap(_targets[..(rows * outputs)], [rows, outputs]));
            _tensors.Add(rows, tensors);
        }
        return tensors;
    }
}
