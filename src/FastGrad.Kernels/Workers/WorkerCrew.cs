using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace FastGrad.Kernels.Workers;

/// <summary>The threads of a <see cref="WorkerTeam"/> and the protocol between them.</summary>
/// <remarks>
/// A run is published, then opened; workers enter through the gate, take parts, and leave. The caller takes parts too, closes the gate when none is left, and waits for those inside. So a worker can only see the job while
/// the caller keeps it alive, and a worker that comes late is turned away instead of waited for.
/// </remarks>
internal sealed unsafe class WorkerCrew
{
    /// <summary>The gate's open bit; the bits below count the workers inside.</summary>
    private const int Open = 1 << 30;

    /// <summary>How long an idle worker spins before it starts to yield: the gap between two kernels of one step.</summary>
    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000;

    /// <summary>How long it spins and yields before it sleeps: the gap between two steps. Waking it costs 50-230 µs.</summary>
    private static readonly long IdleTicks = Stopwatch.Frequency / 1_000;

    /// <summary>How long the caller spins for workers that are still at their last part.</summary>
    private static readonly long JoinTicks = Stopwatch.Frequency / 10_000;

    /// <summary>A wait this much longer than two parts is a stall.</summary>
    private static readonly long StallTicks = Stopwatch.Frequency / 2_000;

    /// <summary>The longest rest after a stall.</summary>
    private static readonly long MaxRestTicks = Stopwatch.Frequency / 10;

    [ThreadStatic]
    private static WorkerCrew? t_mine;

    private readonly Thread[] _threads;
    private readonly object _sleep = new();
    private readonly object _joined = new();
    private Shared _shared;
    private void* _job;
    private delegate*<void*, int, void> _execute;
    private readonly PartRanges _parts;
    private ExceptionDispatchInfo? _failure;
    private long _restUntil;
    private long _runs;

    /// <summary>What several threads write, one cache line pair each, so that takers do not slow spinners.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct Shared
    {
        [FieldOffset(128)] public int Generation;
        [FieldOffset(132)] public int Stopping;
        [FieldOffset(256)] public int Gate;
        [FieldOffset(260)] public int Waiting;
        [FieldOffset(264)] public int Sleepers;
        [FieldOffset(384)] public int Reserved;
    }

    public WorkerCrew(int count)
    {
        _threads = new Thread[count];
        _parts = new(count + 1);
        for (int i = 0; i < count; i++)
        {
            int index = i + 1;
            _threads[i] = new Thread(() => Work(index)) { IsBackground = true, Name = $"FastGrad worker {i + 1}" };
            _threads[i].UnsafeStart();
        }
    }

    /// <summary>How many runs there were.</summary>
    public long Runs => Volatile.Read(ref _runs);

    /// <summary>Claims the crew for one run; false when it is in use or stopped. <see cref="Run"/> gives it back.</summary>
    public bool TryReserve() =>
        Volatile.Read(ref _shared.Stopping) == 0 && !IsResting() && Interlocked.CompareExchange(ref _shared.Reserved, 1, 0) == 0;

    /// <summary>Runs all parts on the caller and whichever workers come. The crew must be reserved.</summary>
    public void Run(int parts, void* job, delegate*<void*, int, void> execute)
    {
        _job = job;
        _execute = execute;
        _failure = null;
        Volatile.Write(ref _runs, _runs + 1); // the crew is reserved: nobody else counts
        _parts.Deal(parts);
        Volatile.Write(ref _shared.Gate, Open);
        Interlocked.Increment(ref _shared.Generation);
        // The increment is a full fence: either this read sees the sleeper, or the sleeper sees the new generation.
        if (Volatile.Read(ref _shared.Sleepers) > 0)
            lock (_sleep)
                Monitor.PulseAll(_sleep);

        long start = Stopwatch.GetTimestamp();
        int taken = TakeParts(0);
        Interlocked.And(ref _shared.Gate, ~Open);
        if (Volatile.Read(ref _shared.Gate) != 0)
        {
            long done = Stopwatch.GetTimestamp();
            WaitForWorkers(done);
            RestAfter(Stopwatch.GetTimestamp() - done, done - start, taken);
        }
        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        Volatile.Write(ref _shared.Reserved, 0);
        failure?.Throw();
    }

    /// <summary>Waits for those inside: briefly on the core, since the usual worker is about to be done, then asleep.</summary>
    /// <remarks>
    /// A worker that is not done by then has probably lost its core to another process. Yielding would keep this core busy with
    /// nothing; while the caller sleeps, the system can move the worker here.
    /// </remarks>
    private void WaitForWorkers(long start)
    {
        do
        {
            for (int i = 0; i < 32; i++)
            {
                if (Volatile.Read(ref _shared.Gate) == 0)
                    return;
                Thread.SpinWait(1);
            }
        }
        while (Stopwatch.GetTimestamp() - start < JoinTicks);
        lock (_joined)
        {
            // Full fences on both sides: either the last worker sees the flag, or this read sees the empty gate.
            Interlocked.Exchange(ref _shared.Waiting, 1);
            while (Volatile.Read(ref _shared.Gate) != 0)
                Monitor.Wait(_joined);
            Volatile.Write(ref _shared.Waiting, 0);
        }
    }

    /// <summary>After a wait that no part explains, a worker has lost its core to another process: for a while the callers compute alone.</summary>
    /// <remarks>
    /// A worker on a shared core computes for one time slice and then holds its part through another's, which gives short runs
    /// nothing. Rests keep what such waits cost to a few per cent. Runs longer than the wait gain all the same: no rest after those.
    /// </remarks>
    private void RestAfter(long waited, long worked, int taken)
    {
        if (taken > 0 && waited > worked / 2 && waited > 2 * worked / taken + StallTicks)
            Volatile.Write(ref _restUntil, Stopwatch.GetTimestamp() + Math.Min(32 * waited, MaxRestTicks));
    }

    private bool IsResting()
    {
        long until = Volatile.Read(ref _restUntil);
        if (until == 0)
            return false;
        if (Stopwatch.GetTimestamp() < until)
            return true;
        Volatile.Write(ref _restUntil, 0);
        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _shared.Gate) == 0 && Volatile.Read(ref _shared.Waiting) != 0)
        {
            lock (_joined)
                Monitor.Pulse(_joined);
        }
    }

    /// <summary>Tells the workers to end. A run in progress is finished by its caller.</summary>
    public void Stop()
    {
        lock (_sleep)
        {
            Interlocked.Exchange(ref _shared.Stopping, 1);
            Monitor.PulseAll(_sleep);
        }
    }

    /// <summary>Waits for the workers' end, unless a worker asks: it cannot wait for itself.</summary>
    public void Join()
    {
        if (ReferenceEquals(t_mine, this))
            return;
        foreach (Thread thread in _threads)
            thread.Join();
    }

    private void Work(int index)
    {
        t_mine = this;
        int seen = 0;
        while (WaitForRun(ref seen))
        {
            if (!TryEnter())
                continue;
            TakeParts(index);
            Leave();
        }
    }

    private bool TryEnter()
    {
        int gate = Volatile.Read(ref _shared.Gate);
        while ((gate & Open) != 0)
        {
            int found = Interlocked.CompareExchange(ref _shared.Gate, gate + 1, gate);
            if (found == gate)
                return true;
            gate = found;
        }
        return false;
    }

    private int TakeParts(int thread)
    {
        int taken = 0;
        try
        {
            for (int part = _parts.Take(thread); part >= 0; part = _parts.Take(thread), taken++)
                _execute(_job, part);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            _parts.Clear();
        }
        return taken;
    }

    /// <summary>Waits for a generation other than <paramref name="seen"/>; false when the crew stops.</summary>
    private bool WaitForRun(ref int seen)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            for (int i = 0; i < 32; i++)
            {
                if (Volatile.Read(ref _shared.Stopping) != 0)
                    return false;
                int generation = Volatile.Read(ref _shared.Generation);
                if (generation != seen)
                {
                    seen = generation;
                    return true;
                }
                Thread.SpinWait(1);
            }
            long idle = Stopwatch.GetTimestamp() - start;
            if (idle > IdleTicks)
                Sleep(seen);
            else if (idle > SpinTicks)
                Thread.Yield();
        }
    }

    private void Sleep(int seen)
    {
        lock (_sleep)
        {
            Interlocked.Increment(ref _shared.Sleepers);
            while (Volatile.Read(ref _shared.Generation) == seen && Volatile.Read(ref _shared.Stopping) == 0)
                Monitor.Wait(_sleep);
            Interlocked.Decrement(ref _shared.Sleepers);
        }
    }
}
