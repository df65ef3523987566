using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>Records tensor operations as programs that replay without allocation.</summary>
/// <remarks>
/// Control flow runs once, at capture: a program is for the shapes it was captured with. Inputs are tensors made before; a run reads
/// what their memory holds then. A run gives the same bits as the eager operations.
/// </remarks>
public static class Capture
{
    /// <summary>Records <paramref name="body"/> and runs the program once.</summary>
    /// <param name="body">Tensor operations, backward passes and opaque actions; it returns the results to read after each run.</param>
    /// <param name="options">What to do to the program; null for <see cref="CaptureOptions.Default"/>.</param>
    /// <returns>The program; the first run has happened.</returns>
    /// <exception cref="InvalidOperationException">The body reads or changes elements directly, or captures itself; or the budget of memory is too small.</exception>
    public static Program Record<T>(Func<IReadOnlyList<Tensor<T>>> body, CaptureOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Program program = Prepare(body, options);
        program.Run();
        return program;
    }

    /// <summary>Records <paramref name="body"/> without computing anything: the program's memory is known, and it has not run.</summary>
    /// <inheritdoc cref="Record"/>
    public static Program Prepare<T>(Func<IReadOnlyList<Tensor<T>>> body, CaptureOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(body);
        Recorder recorder = new();
        IReadOnlyList<Tensor<T>> results = [];
        recorder.Run(() => results = body());
        return new Program(recorder, [.. results.Select(r => r.Storage)], options ?? CaptureOptions.Default);
    }

    private static long s_generation;

    /// <summary>Grows with <see cref="Invalidate"/>, and when a gradient hook comes to a leaf or leaves it: what was recorded before may be out of date.</summary>
    public static long Generation => Interlocked.Read(ref s_generation);

    /// <summary>Says that operations may do something else from now on than when they were recorded: steps that replay programs record them anew.</summary>
    public static void Invalidate() => Interlocked.Increment(ref s_generation);

    /// <summary>The operations that <paramref name="body"/> would run, for who wants to reason about them; nothing is computed.</summary>
    /// <param name="body">Tensor operations without backward; it returns the result.</param>
    /// <exception cref="InvalidOperationException">The body reads or changes elements directly, or captures itself.</exception>
    public static ComputationGraph<T> Graph<T>(Func<Tensor<T>> body)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(body);
        Recorder recorder = new();
        Tensor<T>? result = null;
        recorder.Run(() => result = body());
        return new(recorder, result!);
    }

    /// <summary>Whether this thread is recording a program.</summary>
    public static bool IsRecording => Recorder.Current is not null;

    /// <summary>
    /// Changes a leaf by its gradient, as an optimizer does; while recording, the program may do so as soon as nobody else reads the leaf or its
    /// gradient, and uses the gradient's memory again: outside the action, the leaf has no gradient after a run.
    /// </summary>
    /// <param name="title">What dumps call it.</param>
    /// <param name="leaf">The leaf. Without a gradient nothing happens.</param>
    /// <param name="action">Changes the leaf, whose <see cref="Tensor{T}.Grad"/> is there meanwhile, and reads no other tensor of the program. It should allocate nothing.</param>
    public static void Update<T>(string title, Tensor<T> leaf, Action action)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(action);
        if (leaf.Grad is not { } gradient)
            return;
        if (Recorder.Current is not { } recorder)
        {
            action();
            return;
        }
        recorder.Add(new UpdateInstruction<T>(title, leaf, gradient, action));
        recorder.Own(gradient.Storage);
    }

    /// <summary>Does something that is not made of tensor operations, such as an optimizer's step; while recording, it becomes one instruction of the program.</summary>
    /// <param name="title">What dumps call it.</param>
    /// <param name="action">What to do, in each run. It should allocate nothing.</param>
    /// <param name="reads">The results that it reads, so that their memory is not used again before.</param>
    public static void Opaque<T>(string title, Action action, params ReadOnlySpan<Tensor<T>> reads)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(action);
        if (Recorder.Current is not { } recorder)
        {
            action();
            return;
        }
        var storages = new Storage[reads.Length];
        for (int i = 0; i < storages.Length; i++)
            storages[i] = reads[i].Storage;
        recorder.Add(new OpaqueInstruction(title, action, storages));
    }
}
