using System.Text;
using FastGrad.Autograd.Passes;

namespace FastGrad.Autograd;

/// <summary>A flat list of kernels with fixed operands in planned memory: a captured computation.</summary>
/// <remarks>Not for several threads at once: a run writes the program's memory. Several programs may share inputs and parameters.</remarks>
public sealed class Program
{
    private readonly Instruction[] _instructions;
    private readonly int _tail; // where the opaque actions at the end begin
    private readonly Action[] _finishers;
    private readonly Draft _draft;
    private readonly MemoryPlan _plan;

    internal Program(Recorder recorder, Storage[] results, CaptureOptions options)
    {
        _draft = new(
            recorder.Instructions,
            new(recorder.Temporaries, ReferenceEqualityComparer.Instance),
            new(recorder.Constants, ReferenceEqualityComparer.Instance),
            results);
        Passes = PassList.Run(_draft, options);
        _instructions = [.. _draft.Instructions];
        _tail = Array.FindLastIndex(_instructions, i => !i.HasEffects) + 1;
        _finishers = [.. recorder.Finishers];
        _plan = MemoryPlan.Create(_draft);
        _plan.Apply();
    }

    /// <summary>The number of instructions.</summary>
    public int Count => _instructions.Length;

    /// <summary>The bytes of the memory in which all temporaries live, known before the first run.</summary>
    public long PeakBytes => _plan.PeakBytes;

    /// <summary>The bytes that the temporaries would take if none shared memory with another.</summary>
    public long UnplannedBytes => _plan.UnplannedBytes;

    /// <summary>What each pass did, if <see cref="CaptureOptions.KeepDumps"/> asked for it; else empty.</summary>
    public IReadOnlyList<PassDump> Passes { get; }

    /// <summary>Runs all instructions. It allocates nothing, unless an opaque action does.</summary>
    /// <exception cref="InvalidOperationException">A program is being captured; expected a run inside <see cref="Capture.Opaque"/>, or afterwards.</exception>
    public void Run()
    {
        if (Recorder.Current is not null)
            throw new InvalidOperationException("A program runs while another is captured: it would run once, at capture. Expected Capture.Opaque(\"name\", program.Run), or a run afterwards.");
        Evaluate();
        for (int i = _tail; i < _instructions.Length; i++)
            _instructions[i].Execute();
    }

    /// <summary>Runs all but the opaque actions at the end: forward and backward without the update, for an optimizer that evaluates several times.</summary>
    public void Evaluate()
    {
        for (int i = 0; i < _tail; i++)
            _instructions[i].Execute();
        foreach (Storage result in _draft.Results)
            result.Version++; // a pass outside the program that saved the last run's result must not read this one's
        foreach (Action finish in _finishers)
            finish();
    }

    /// <summary>The instructions, one a line, with the place of each value in memory.</summary>
    public override string ToString()
    {
        StringBuilder text = new(_draft.ToString());
        foreach ((string name, Storage storage) in _draft.Names())
        {
            if (_plan.Describe(storage) is { } place)
                text.AppendLine($"{name}: {place}");
        }
        return text.Append($"{Count} instructions, {PeakBytes} bytes planned, {UnplannedBytes} without sharing").ToString();
    }
}
