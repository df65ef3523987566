using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>Writes down what the operations of one thread would do. Nothing is computed, and only constants take memory.</summary>
internal sealed class Recorder
{
    private readonly HashSet<Storage> _written = [];
    private readonly HashSet<Storage> _own = [];

    /// <summary>The recorder of this thread, if it is recording.</summary>
    public static Recorder? Current => ThreadState.Current.Recorder;

    public List<Instruction> Instructions { get; } = [];

    /// <summary>The leaves that have a gradient after a run.</summary>
    public List<Action> Finishers { get; } = [];

    /// <summary>Memory that was allocated while recording and that some instruction writes: the program's own, to be placed in its arena.</summary>
    public IEnumerable<Storage> Temporaries => _own.Where(_written.Contains);

    /// <summary>Memory that was allocated while recording and that no instruction writes.</summary>
    public IEnumerable<Storage> Constants => _own.Where(s => !_written.Contains(s));

    /// <summary>Records what <paramref name="body"/> does.</summary>
    public void Run(Action body)
    {
        ThreadState thread = ThreadState.Current;
        if (thread.Recorder is not null)
            throw new InvalidOperationException($"A capture inside a capture, at {AnomalyDetection.CallSite()}; expected one at a time on a thread.");
        thread.Recorder = this;
        try
        {
            body();
        }
        finally
        {
            thread.Recorder = null;
        }
    }

    /// <summary>Memory for a new tensor: the program's own.</summary>
    public Storage<T> Allocate<T>(int length)
        where T : unmanaged
    {
        Storage<T> storage = Storage<T>.Defer(length);
        _own.Add(storage);
        return storage;
    }

    /// <summary>Takes memory from outside among the program's own.</summary>
    public void Own(Storage storage) => _own.Add(storage);

    public void Add(Instruction instruction)
    {
        instruction.IsRecomputed = Recomputation.IsActive;
        Instructions.Add(instruction);
        _written.UnionWith(instruction.Writes);
    }

    /// <summary>Refuses a read of what a run will compute, or of an input, which may hold other elements then: a program cannot depend on it.</summary>
    public void RefuseRead<T>(Tensor<T> tensor)
        where T : unmanaged
    {
        if (_written.Contains(tensor.Storage) || !_own.Contains(tensor.Storage))
            throw new InvalidOperationException($"The elements of {tensor.Name ?? "a tensor"} of shape {tensor.Shape} are read while a program is captured, at {AnomalyDetection.CallSite()}. They would be read once, at capture, and not when it runs; expected operations on tensors only, or a read after the run.");
    }

    /// <summary>Refuses a change from outside: it would happen once, at capture.</summary>
    public static void RefuseWrite<T>(Tensor<T> tensor)
        where T : unmanaged =>
        throw new InvalidOperationException($"The elements of {tensor.Name ?? "a tensor"} of shape {tensor.Shape} are changed while a program is captured, at {AnomalyDetection.CallSite()}. The change would happen once, at capture, and not when it runs; expected it before or after, or inside Capture.Opaque.");
}
