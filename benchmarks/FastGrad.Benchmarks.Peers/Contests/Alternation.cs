using System.Diagnostics;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Benchmarks.Peers.Contests;

/// <summary>Measures contenders in turns: one sample of each, round after round, so that what the machine does meanwhile meets all alike.</summary>
/// <param name="threads">The threads at most.</param>
/// <param name="calls">Steps that a contender needs before it is warm: code of .NET is compiled for good when it has been called some thirty times.</param>
internal sealed class Alternation(int threads, int calls)
{
    private const int Rounds = 15, FewestRounds = 9, CheckedTrainingStep = 20;

    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(300), s_sample = TimeSpan.FromMilliseconds(10),
        s_longStep = TimeSpan.FromMilliseconds(60);

    // OpenBLAS's threads and OpenMP's go on spinning when a call has ended; the next contender must not share the cores with them.
    private readonly TimeSpan _rest = threads > 1 ? TimeSpan.FromMilliseconds(40) : TimeSpan.Zero;

    // Untimed steps before a sample bring back caches; after a rest also threads, which wake on one core and take milliseconds to spread.
    private readonly TimeSpan _again = threads > 1 ? TimeSpan.FromMilliseconds(25) : TimeSpan.FromMilliseconds(2);

    /// <summary>Checks, warms up and measures.</summary>
    public IReadOnlyList<Timing> Measure(IReadOnlyList<(string Name, WorkloadRun Run)> contenders, bool isTraining)
    {
        Turn[] turns = [.. contenders.Select(contender => new Turn(contender.Name, contender.Run))];
        foreach (Turn turn in turns)
        {
            turn.Check(isTraining);
            turn.WarmUp(calls);
            Thread.Sleep(_rest);
        }
        int rounds = turns.Any(turn => turn.Step > s_longStep) ? FewestRounds : Rounds;
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < turns.Length; i++)
            {
                turns[(i + round) % turns.Length].Sample(_again); // the first in a round is another each time
                Thread.Sleep(_rest);
            }
        }
        return [.. turns.Select(turn => turn.Result())];
    }

    private sealed class Turn(string name, WorkloadRun run)
    {
        private readonly List<double> _microseconds = [];
        private readonly List<double> _allocated = [];
        private double _check;
        private double? _check20;
        private int _steps = 1;

        public TimeSpan Step { get; private set; }

        public void Check(bool isTraining)
        {
            run.Step();
            _check = run.Check();
            if (!isTraining)
                return;
            for (int step = 1; step < CheckedTrainingStep; step++)
                run.Step();
            _check20 = run.Check();
        }

        public void WarmUp(int calls)
        {
            long start = Stopwatch.GetTimestamp();
            int batch = 1;
            for (int done = 0; done < calls || Stopwatch.GetElapsedTime(start) < s_warmUp; done += batch)
                if (Time(batch) < s_sample && batch < 1_000_000)
                    batch *= 2;
            Step = Time(batch) / batch;
            _steps = (int)Math.Clamp(s_sample / Step, 1, 1_000_000);
        }

        public void Sample(TimeSpan again)
        {
            for (TimeSpan spent = TimeSpan.Zero; spent < again;)
                spent += Time(Math.Max(1, _steps / 4));
            // Precise: else a thread's piece of the heap, 8 KiB, counts when it is handed out, for whomever runs then.
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            _microseconds.Add(Time(_steps).TotalMicroseconds / _steps);
            _allocated.Add((double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / _steps);
        }

        public Timing Result()
        {
            _microseconds.Sort();
            _allocated.Sort(); // the runtime's own threads allocate now and then: not in most samples
            return new Timing(
                name, run.Threads, _microseconds.Count, _steps, _microseconds[_microseconds.Count / 2], _microseconds[0],
                _allocated[_allocated.Count / 2], _check, _check20);
        }

        private TimeSpan Time(int steps)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < steps; i++)
                run.Step();
            return Stopwatch.GetElapsedTime(start);
        }
    }
}
