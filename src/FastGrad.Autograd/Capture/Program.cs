using System.Text;

namespace FastGrad.Autograd;

/// <summary>A flat list of kernels with fixed operands in planned memory: a captured computation.</summary>
/// <remarks>Not for several threads at once: a run writes the program's memory. Several programs may share inputs and parameters.</remarks>
public sealed class Program
{
    private readonly Instruction[] _instructions;
    private readonly Action[] _finishers;
    private readonly Storage[] _results;
    private readonly MemoryPlan _plan;

    internal Program(Recorder recorder, Storage[] results)
    {
        _results = results;
        _instructions = [.. recorder.Instructions];
        _finishers = [.. recorder.Finishers];
        _plan = MemoryPlan.Create(_instructions, recorder.Temporaries.ToHashSet(), results);
        _plan.Apply(results);
    }

    /// <summary>The number of instructions.</summary>
    public int Count => _instructions.Length;

    /// <summary>The bytes of the memory in which all temporaries live, known before the first run.</summary>
    public long PeakBytes => _plan.PeakBytes;

    /// <summary>The bytes that the temporaries would take if none shared memory with another.</summary>
    public long UnplannedBytes => _plan.UnplannedBytes;

    /// <summary>Runs all instructions. It allocates nothing, unless an opaque action does.</summary>
    public void Run()
    {
        foreach (Instruction instruction in _instructions)
            instruction.Execute();
        foreach (Storage result in _results)
            result.Version++; // a pass outside the program that saved the last run's result must not read this one's
        foreach (Action finish in _finishers)
            finish();
    }

    /// <summary>The instructions, one a line, with the place of each value in memory.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        Dictionary<Storage, string> names = new(ReferenceEqualityComparer.Instance);
        foreach (Instruction instruction in _instructions)
            text.AppendLine(instruction.Describe(Name));
        foreach ((Storage storage, string name) in names)
        {
            if (_plan.TryGetPlace(storage, out long offset, out int first, out int last))
                text.AppendLine($"{name}: bytes {offset} to {offset + storage.ByteLength}, live from {first} to {last}");
        }
        return text.Append($"{Count} instructions, {PeakBytes} bytes planned, {UnplannedBytes} without sharing").ToString();

        string Name(Storage storage)
        {
            if (!names.TryGetValue(storage, out string? name))
                names[storage] = name = (_plan.TryGetPlace(storage, out _, out _, out _) ? "%" : "@") + names.Count;
            return name;
        }
    }
}
