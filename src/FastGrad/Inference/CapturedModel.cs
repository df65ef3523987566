using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Modules;

namespace FastGrad.Inference;

/// <summary>A model's forward pass as programs, one for each shape of inputs: predictions without garbage.</summary>
/// <remarks>
/// It reads the model's parameters as they are at each call, in the mode the model was in at capture. For one thread at a time: several
/// instances over one model serve several threads. The same bits as <c>model.Forward</c>.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CapturedModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Module<T> _model;
    private readonly CaptureOptions _options;
    private readonly Dictionary<Shape, Entry> _programs = [];

    /// <summary>Programs for a model; none is captured yet.</summary>
    /// <param name="model">The model, in the mode in which it is to compute.</param>
    /// <param name="options">What to do to the programs; null for <see cref="CaptureOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">A module of the model does not say that it is replayable.</exception>
    public CapturedModel(Module<T> model, CaptureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.NotReplayable() is { } reason)
            throw new ArgumentException($"The model cannot be captured: {reason}.", nameof(model));
        (_model, _options) = (model, options ?? CaptureOptions.Default);
    }

    /// <summary>The shapes captured so far.</summary>
    public IReadOnlyCollection<Shape> Shapes => _programs.Keys;

    /// <summary>Captures the forward pass for one more shape of inputs, without running it.</summary>
    /// <returns>The program: its text, its memory.</returns>
    public Program Capture(Shape inputs)
    {
        if (_programs.TryGetValue(inputs, out Entry? known))
            return known.Program;
        Tensor<T> x = Tensor.Wrap(new T[inputs.Length].AsMemory(), inputs), y = null!;
        using NoGrad off = new();
        Program program = Autograd.Capture.Prepare<T>(() => [y = _model.Invoke(x).Detach()], _options);
        _programs.Add(inputs, new(program, x, y));
        return program;
    }

    /// <summary>The model's output for a batch, in memory that the next call for the same shape overwrites.</summary>
    /// <exception cref="InvalidOperationException">This shape was not captured.</exception>
    public Tensor<T> Predict(Tensor<T> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (!_programs.TryGetValue(inputs.Shape, out Entry? entry))
            throw new InvalidOperationException($"No program for inputs of shape {inputs.Shape}; captured are {(_programs.Count == 0 ? "none" : string.Join(", ", _programs.Keys))}. Expected Capture({inputs.Shape}) before.");
        inputs.CopyTo(entry.Inputs.AsSpan());
        entry.Program.Run();
        return entry.Output;
    }

    private sealed record Entry(Program Program, Tensor<T> Inputs, Tensor<T> Output);
}
