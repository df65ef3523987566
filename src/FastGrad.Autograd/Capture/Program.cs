using System.Diagnostics;
using System.Text;
using FastGrad.Autograd.Passes;
using FastGrad.Kernels.Workers;

namespace FastGrad.Autograd;

/// <summary>A flat list of kernels with fixed operands in planned memory: a captured computation.</summary>
/// <remarks>
/// Not for several threads at once: a run writes the program's memory, and a second thread is told so. Several programs may share inputs and parameters, and
/// those that change none of them may run on several threads.
/// </remarks>
public sealed class Program
{
    private readonly Instruction[] _instructions;
    private readonly int _tail; // where the opaque actions at the end begin
    private readonly Action[] _finishers;
    private readonly Draft _draft;
    private readonly MemoryPlan _plan;
    private int _thread; // which runs it; an action of the program may run it again

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
    /// <exception cref="InvalidOperationException">A program is being captured; expected a run inside <see cref="Capture.Opaque"/>, or afterwards. Or another thread runs this one.</exception>
    public void Run()
    {
        bool entered = Enter();
        try
        {
            Execute(0, _tail);
            Finish();
            Execute(_tail, _instructions.Length);
        }
        finally
        {
            Leave(entered);
        }
    }

    /// <summary>Runs all but the opaque actions at the end: forward and backward without the update, for an optimizer that evaluates several times.</summary>
    /// <exception cref="InvalidOperationException">A program is being captured, or another thread runs this one.</exception>
    public void Evaluate()
    {
        bool entered = Enter();
        try
        {
            Execute(0, _tail);
            Finish();
        }
        finally
        {
            Leave(entered);
        }
    }

    /// <summary>Runs the program several times, whole, and times each instruction.</summary>
    /// <param name="runs">How often.</param>
    /// <returns>The instructions in their order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No run.</exception>
    /// <exception cref="InvalidOperationException">A program is being captured, or another thread runs this one.</exception>
    public IReadOnlyList<InstructionTime> Profile(int runs = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        bool entered = Enter();
        try
        {
            var microseconds = new double[_instructions.Length, runs];
            var forks = new long[_instructions.Length];
            for (int run = 0; run < runs; run++)
                Time(run, microseconds, forks);
            string[] lines = _draft.Lines();
            return [.. lines.Select((line, i) => new InstructionTime(line, Enumerable.Range(0, runs).Select(run => microseconds[i, run]).Order().ElementAt(runs / 2), forks[i], _instructions[i].Flops))];
        }
        finally
        {
            Leave(entered);
        }
    }

    /// <summary>The instructions, one a line, and the place of each value in memory.</summary>
    /// <remarks>
    /// % is a temporary, # a constant, @ what lies outside, such as parameters and their gradients. <c>f'[1](a, b; d)</c> is the gradient of f for its
    /// second operand, from what f keeps and from the gradient d of its result. Indented lines run together.
    /// </remarks>
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

    private void Finish()
    {
        foreach (Storage result in _draft.Results)
            result.Version++; // a pass outside the program that saved the last run's result must not read this one's
        foreach (Action finish in _finishers)
            finish();
    }

    private void Execute(int start, int end)
    {
        foreach (Instruction instruction in _instructions.AsSpan(start, end - start))
            instruction.Execute();
    }

    private void Time(int run, double[,] microseconds, long[] forks)
    {
        WorkerTeam workers = ComputeContext.Current.Workers;
        for (int i = 0; i <= _instructions.Length; i++)
        {
            if (i == _tail)
                Finish();
            if (i == _instructions.Length)
                break;
            long before = workers.Forks, start = Stopwatch.GetTimestamp();
            _instructions[i].Execute();
            microseconds[i, run] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            forks[i] = Math.Max(forks[i], workers.Forks - before); // a team whose threads have lost their cores rests
        }
    }

    // Whether this is the outermost run.
    private bool Enter()
    {
        if (Recorder.Current is not null)
            throw new InvalidOperationException("A program runs while another is captured: it would run once, at capture. Expected Capture.Opaque(\"name\", program.Run), or a run afterwards.");
        int thread = Environment.CurrentManagedThreadId, found = Interlocked.CompareExchange(ref _thread, thread, 0);
        if (found != 0 && found != thread)
            throw new InvalidOperationException($"A program runs on thread {thread} while it runs on thread {found}, in the same memory. Expected one thread at a time, or a program for each.");
        return found == 0;
    }

    private void Leave(bool entered)
    {
        if (entered)
            Volatile.Write(ref _thread, 0);
    }
}
