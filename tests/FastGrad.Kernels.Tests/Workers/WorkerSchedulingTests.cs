using System.Diagnostics;
using FastGrad.Kernels.Workers;
using Xunit;

namespace FastGrad.Kernels.Tests.Workers;

/// <summary>Alone in the process: these tests watch threads and processor time.</summary>
[CollectionDefinition(nameof(WorkerSchedulingTests), DisableParallelization = true)]
public sealed class WorkerSchedulingCollection;

/// <summary>Who does which part, and what threads cost while there is nothing to do.</summary>
[Collection(nameof(WorkerSchedulingTests))]
public class WorkerSchedulingTests
{
    private unsafe struct OwnerJob : IWorkerJob
    {
        public int* Owners;

        public void Execute(int part)
        {
            Owners[part] = Environment.CurrentManagedThreadId;
            Thread.SpinWait(2000);
        }
    }

    /// <summary>A worker holds its first part until all others are done; the caller holds its first until a worker has one.</summary>
    private struct HeldWorkerJob : IWorkerJob
    {
        public int Caller, Parts, Done, Held;
        public bool TimedOut;

        public void Execute(int part)
        {
            long deadline = Stopwatch.GetTimestamp() + 5 * Stopwatch.Frequency;
            if (Environment.CurrentManagedThreadId != Caller)
            {
                Volatile.Write(ref Held, 1);
                while (Volatile.Read(ref Done) < Parts - 1 && !(TimedOut |= Stopwatch.GetTimestamp() > deadline))
                    Thread.Yield();
            }
            else if (part == 0)
            {
                while (Volatile.Read(ref Held) == 0 && !(TimedOut |= Stopwatch.GetTimestamp() > deadline))
                    Thread.Yield();
            }
            Interlocked.Increment(ref Done);
        }
    }

    /// <summary>The caller has next to nothing to do, and the worker's part takes longer than any part can explain: it lost its core.</summary>
    private struct StallJob : IWorkerJob
    {
        public int Caller, Helped;
        public int Sleep;

        public void Execute(int part)
        {
            if (Environment.CurrentManagedThreadId == Caller)
            {
                Thread.SpinWait(200);
                return;
            }
            Interlocked.Increment(ref Helped);
            Thread.Sleep(Sleep);
        }
    }

    [Fact]
    public unsafe void Threads_keep_their_parts()
    {
        using var team = new WorkerTeam(2);
        int* owners = stackalloc int[64];
        int caller = Environment.CurrentManagedThreadId, first = 0, second = 0, runs = 0;
        for (int attempt = 0; attempt < 300; attempt++)
        {
            var job = new OwnerJob { Owners = owners };
            team.Run(64, ref job);
            int mine = new Span<int>(owners, 64).Count(caller);
            if (mine is < 24 or > 40)
                continue;   // somebody came late
            runs++;
            first += new Span<int>(owners, 16).Count(caller);
            second += new Span<int>(owners + 32, 16).Count(caller);
        }
        Assert.True(runs > 10, "The worker never came in time.");
        Assert.True(first > 0.9 * 16 * runs, $"The caller did {first} of {16 * runs} parts at its range's start.");
        Assert.True(second < 0.1 * 16 * runs, $"The caller did {second} of {16 * runs} parts at the worker's range's start.");
    }

    [Fact]
    public void A_held_worker_holds_one_part_only()
    {
        using var team = new WorkerTeam(2);
        var job = new HeldWorkerJob { Caller = Environment.CurrentManagedThreadId, Parts = 64 };
        team.Run(job.Parts, ref job);
        Assert.False(job.TimedOut);
        Assert.Equal(1, job.Held);
    }

    [Fact]
    public void A_stalled_worker_rests_and_comes_back()
    {
        using var team = new WorkerTeam(2);
        // On a busy machine the rest may be over before the window is: one quiet window of several is enough, and without rests there is none.
        bool rested = false;
        for (int attempt = 0; attempt < 10 && !rested; attempt++)
        {
            if (!RunUntilHelped(team, sleep: 10))
                Assert.Fail("The worker never came.");
            rested = true;
            long start = Stopwatch.GetTimestamp();
            while (rested && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(30))
            {
                var job = new StallJob { Caller = Environment.CurrentManagedThreadId };
                team.Run(1000, ref job);
                rested = job.Helped == 0;
            }
        }
        Assert.True(rested, "The worker never rested.");
        Assert.True(RunUntilHelped(team, sleep: 0), "The worker never came back.");
    }

    [Fact]
    public void Idle_workers_use_no_processor_time()
    {
        using var team = new WorkerTeam(5);
        var job = new StallJob { Caller = -1 };
        team.Run(64, ref job);
        // The least of several windows: the runtime's own threads work now and then.
        double least = double.PositiveInfinity;
        for (int window = 0; window < 5; window++)
        {
            Thread.Sleep(50);
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            Thread.Sleep(100);
            least = Math.Min(least, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds);
        }
        Assert.True(least < 25, $"{least} ms of processor time in 100 ms of idleness.");
    }

    [Fact]
    public async Task Workers_come_where_the_thread_pool_is_saturated()
    {
        using var release = new ManualResetEventSlim();
        Task[] blockers = [.. Enumerable.Range(0, 64).Select(_ => Task.Run(release.Wait))];
        try
        {
            using var team = new WorkerTeam(2);
            Assert.True(RunUntilHelped(team, sleep: 0), "The worker never came.");
        }
        finally
        {
            release.Set();
            await Task.WhenAll(blockers);
        }
    }

    private static bool RunUntilHelped(WorkerTeam team, int sleep)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10))
        {
            var job = new StallJob { Caller = Environment.CurrentManagedThreadId, Sleep = sleep };
            team.Run(1000, ref job);
            if (job.Helped > 0)
                return true;
        }
        return false;
    }
}
