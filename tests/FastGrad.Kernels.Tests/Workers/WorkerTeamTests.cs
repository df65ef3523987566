using FastGrad.Kernels.Workers;
using Xunit;

namespace FastGrad.Kernels.Tests.Workers;

public unsafe class WorkerTeamTests
{
    /// <summary>Counts how often each part ran, and the largest number of threads seen inside at once.</summary>
    private struct CountJob : IWorkerJob
    {
        public int* Counts;
        public int Inside, MostInside;
        public int Wait;

        public void Execute(int part)
        {
            int inside = Interlocked.Increment(ref Inside);
            InterlockedMax(ref MostInside, inside);
            Thread.SpinWait(Wait);
            Interlocked.Increment(ref Counts[part]);
            Interlocked.Decrement(ref Inside);
        }
    }

    private struct NestedJob : IWorkerJob
    {
        public WorkerTeam Team;
        public int* Counts;

        public void Execute(int part)
        {
            var inner = new CountJob { Counts = Counts + 10 * part };
            Team.Run(10, ref inner);
        }
    }

    /// <summary>The caller's part ends as soon as a worker has begun one; the worker's takes much longer.</summary>
    private struct SlowWorkerJob : IWorkerJob
    {
        public int Caller, Started, Finished;

        public void Execute(int part)
        {
            if (Environment.CurrentManagedThreadId == Caller)
            {
                Thread.Sleep(1);
                return;
            }
            Interlocked.Increment(ref Started);
            Thread.Sleep(20);
            Interlocked.Increment(ref Finished);
        }
    }

    private struct FailingJob : IWorkerJob
    {
        public int Bad;
        public int* Counts;

        public void Execute(int part)
        {
            Interlocked.Increment(ref Counts[part]);
            if (part == Bad)
                throw new InvalidOperationException($"part {part}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_part_runs_once(int size)
    {
        using var team = new WorkerTeam(size);
        Assert.Equal(size, team.Size);
        int* counts = stackalloc int[1000];
        for (int parts = 0; parts <= 1000; parts = parts * 2 + 1)
        {
            new Span<int>(counts, 1000).Clear();
            var job = new CountJob { Counts = counts };
            team.Run(parts, ref job);
            for (int i = 0; i < 1000; i++)
                Assert.Equal(i < parts ? 1 : 0, counts[i]);
            Assert.Equal(0, job.Inside);
            Assert.InRange(job.MostInside, Math.Min(parts, 1), size);
        }
    }

    [Fact]
    public void Workers_take_part()
    {
        using var team = new WorkerTeam(2);
        int* counts = stackalloc int[64];
        // A parked or descheduled worker may miss a run, but not all of them.
        for (int attempt = 0; attempt < 200; attempt++)
        {
            var job = new CountJob { Counts = counts, Wait = 2000 };
            team.Run(64, ref job);
            if (job.MostInside == 2)
                return;
        }
        Assert.Fail("The worker never came.");
    }

    [Fact]
    public void Workers_wake_from_sleep()
    {
        using var team = new WorkerTeam(2);
        int* counts = stackalloc int[64];
        for (int attempt = 0; attempt < 20; attempt++)
        {
            Thread.Sleep(20);   // well beyond the idle time
            var job = new CountJob { Counts = counts, Wait = 20_000 };
            team.Run(64, ref job);
            if (job.MostInside == 2)
                return;
        }
        Assert.Fail("The worker never woke.");
    }

    [Fact]
    public void The_caller_waits_for_workers_inside()
    {
        using var team = new WorkerTeam(2);
        int helped = 0;
        for (int attempt = 0; attempt < 100 && helped < 2; attempt++)
        {
            var job = new SlowWorkerJob { Caller = Environment.CurrentManagedThreadId };
            team.Run(8, ref job);
            Assert.Equal(Volatile.Read(ref job.Started), Volatile.Read(ref job.Finished));
            helped += job.Started > 0 ? 1 : 0;
        }
        Assert.True(helped > 0, "The worker never came.");
    }

    [Fact]
    public void Many_runs_in_a_row_lose_nothing()
    {
        using var team = new WorkerTeam(3);
        int* counts = stackalloc int[3];
        for (int i = 0; i < 20_000; i++)
        {
            var job = new CountJob { Counts = counts };
            team.Run(3, ref job);
        }
        for (int i = 0; i < 3; i++)
            Assert.Equal(20_000, counts[i]);
    }

    [Fact]
    public void Several_callers_share_a_team()
    {
        using var team = new WorkerTeam(2);
        int wrong = 0;
        Thread[] callers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            int* counts = stackalloc int[8];
            for (int i = 1; i <= 2000; i++)
            {
                var job = new CountJob { Counts = counts };
                team.Run(8, ref job);
                for (int part = 0; part < 8; part++)
                {
                    if (counts[part] != i)
                        Interlocked.Increment(ref wrong);
                }
            }
        }))];
        foreach (Thread caller in callers)
            caller.Start();
        foreach (Thread caller in callers)
            Assert.True(caller.Join(TimeSpan.FromSeconds(60)), "Deadlock.");
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Nested_runs_are_inline()
    {
        using var team = new WorkerTeam(2);
        int* counts = stackalloc int[100];
        var job = new NestedJob { Team = team, Counts = counts };
        team.Run(10, ref job);
        for (int i = 0; i < 100; i++)
            Assert.Equal(1, counts[i]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_exception_reaches_the_caller_and_the_team_lives_on(int size)
    {
        using var team = new WorkerTeam(size);
        int* counts = stackalloc int[50];
        for (int bad = 0; bad < 50; bad++)
        {
            var job = new FailingJob { Bad = bad, Counts = counts };
            try
            {
                team.Run(50, ref job);
                Assert.Fail("No exception.");
            }
            catch (InvalidOperationException exception)
            {
                Assert.Equal($"part {bad}", exception.Message);
            }
        }
        new Span<int>(counts, 50).Clear();
        var good = new CountJob { Counts = counts };
        team.Run(50, ref good);
        Assert.False(new Span<int>(counts, 50).ContainsAnyExcept(1));
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using var team = new WorkerTeam(2);
        int* counts = stackalloc int[16];
        var job = new CountJob { Counts = counts };
        for (int i = 0; i < 100; i++)
            team.Run(16, ref job);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            team.Run(16, ref job);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_disposed_team_still_computes_alone()
    {
        var team = new WorkerTeam(3);
        team.Dispose();
        team.Dispose();
        int* counts = stackalloc int[16];
        var job = new CountJob { Counts = counts };
        team.Run(16, ref job);
        Assert.False(new Span<int>(counts, 16).ContainsAnyExcept(1));
        Assert.Equal(1, job.MostInside);
    }

    [Fact]
    public void Sizes_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerTeam(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerTeam(1025));
        var job = new CountJob();
        Assert.Equal(1, WorkerTeam.Single.Size);
        ArgumentOutOfRangeException? caught = null;
        try
        {
            WorkerTeam.Single.Run(-1, ref job);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            caught = exception;
        }
        Assert.NotNull(caught);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            int found = Interlocked.CompareExchange(ref target, value, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }
}
