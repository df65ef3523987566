using System.Numerics;
using System.Runtime.ExceptionServices;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Training;

/// <summary>A loader's batches as tensors over memory that is used again; if wanted, the next batch is gathered while the last one is computed with.</summary>
/// <remarks>
/// A batch stays until the next but one is asked for. The loader runs ahead, <see cref="Position"/> does not: what has been gathered and not been
/// asked for is gathered again after a resume. What the gathering throws, the caller gets when he asks for that batch.
/// </remarks>
internal sealed class BatchSource<T> : IThreadPoolWorkItem
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DataLoader<T> _loader;
    private readonly GatherTrial _trial;
    private readonly long _epochs;
    private readonly Buffers[] _buffers = new Buffers[2];
    private readonly ManualResetEventSlim _done = new(initialState: true);
    private int _next; // the buffers of the batch that comes next
    private int _rows; // that have been gathered there; 0 for none
    private bool _pending;
    private Exception? _failure;

    /// <summary>The batches of a loader.</summary>
    /// <param name="loader">The loader; nobody else moves it.</param>
    /// <param name="ahead">Whether to gather ahead; null for where it pays.</param>
    /// <param name="epochs">The epoch that is never reached: nothing is gathered for it.</param>
    public BatchSource(DataLoader<T> loader, bool? ahead, long epochs)
    {
        (_loader, _epochs) = (loader, epochs);
        _trial = new(ahead);
        Position = loader.Position;
        _buffers[0] = new(loader);
    }

    /// <summary>The batch that <see cref="Next"/> gives next.</summary>
    public LoaderPosition Position { get; private set; }

    public (Tensor<T> Inputs, Target<T> Target) Next()
    {
        Await();
        _trial.Begin();
        int rows = _rows > 0 ? _rows : Gather();
        _trial.End();
        Buffers batch = _buffers[_next];
        (_rows, Position) = (0, _loader.Position);
        if (_trial.IsAhead && Position.Epoch < _epochs)
        {
            _next = 1 - _next;
            _buffers[_next] ??= new(_loader);
            _pending = true;
            _done.Reset();
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        return batch.Tensors(rows);
    }

    /// <summary>Goes on elsewhere; what was gathered ahead is forgotten.</summary>
    public void MoveTo(LoaderPosition position)
    {
        try
        {
            Await();
        }
        finally
        {
            _rows = 0;
            _loader.Position = position;
            Position = position;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            _rows = Gather();
        }
        catch (Exception failure)
        {
            _failure = failure;
        }
        finally
        {
            _done.Set();
        }
    }

    private void Await()
    {
        if (!_pending)
            return;
        _done.Wait();
        _pending = false;
        if (_failure is not { } failure)
            return;
        _failure = null;
        ExceptionDispatchInfo.Throw(failure);
    }

    private int Gather()
    {
        Buffers into = _buffers[_next];
        return _loader.Data.Kind == TargetKind.Classification
            ? _loader.NextBatch(into.Features.Span, into.Labels.Span)
            : _loader.NextBatch(into.Features.Span, into.Targets.Span);
    }

    private sealed class Buffers
    {
        private readonly DataSet<T> _data;
        private readonly Dictionary<int, (Tensor<T> Inputs, Target<T> Target)> _tensors = []; // by rows: full batches, and the last one

        public Buffers(DataLoader<T> loader)
        {
            _data = loader.Data;
            int rows = loader.BatchSize;
            Features = AlignedMemory.Allocate<T>(rows * _data.Columns);
            if (_data.Kind == TargetKind.Classification)
                Labels = AlignedMemory.Allocate<int>(rows);
            else
                Targets = AlignedMemory.Allocate<T>(rows * _data.Outputs);
        }

        public Memory<T> Features { get; }

        public Memory<T> Targets { get; }

        public Memory<int> Labels { get; }

        public (Tensor<T> Inputs, Target<T> Target) Tensors(int rows)
        {
            if (!_tensors.TryGetValue(rows, out (Tensor<T>, Target<T>) tensors))
            {
                tensors = (
                    Tensor.Wrap(Features[..(rows * _data.Columns)], [rows, _data.Columns]),
                    _data.Kind == TargetKind.Classification ? Tensor.Wrap(Labels[..rows], [rows]) : Tensor.Wrap(Targets[..(rows * _data.Outputs)], [rows, _data.Outputs]));
                _tensors.Add(rows, tensors);
            }
            return tensors;
        }
    }
}
