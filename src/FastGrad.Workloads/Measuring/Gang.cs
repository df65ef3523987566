namespace FastGrad.Workloads.Measuring;

/// <summary>Threads that do the same at once, each always with its own memory.</summary>
/// <remarks>
/// A worker team hands parts to whoever comes first, which would move memory between the caches of cores. Waiting threads spin and
/// yield and never sleep: a thread that is woken may begin on the core of the one that woke it, and stay there for milliseconds.
/// </remarks>
internal sealed class Gang : IDisposable
{
    private readonly Action<int> _work;
    private readonly int _others;
    private int _round, _done;
    private volatile bool _ended;

    /// <summary>Starts the threads; the caller of <see cref="Run"/> is number 0.</summary>
    public Gang(int threads, Action<int> work)
    {
        (_work, _others) = (work, threads - 1);
        for (int thread = 1; thread < threads; thread++)
        {
            int number = thread;
            new Thread(() => Follow(number)) { IsBackground = true }.Start();
        }
    }

    /// <summary>Does the work once on each thread.</summary>
    public void Run()
    {
        Volatile.Write(ref _done, 0);
        Interlocked.Increment(ref _round);
        _work(0);
        while (Volatile.Read(ref _done) < _others)
            Thread.Yield();
    }

    /// <inheritdoc/>
    public void Dispose() => _ended = true;

    private void Follow(int thread)
    {
        for (int round = 0; !_ended;)
        {
            if (Volatile.Read(ref _round) == round)
            {
                Thread.Yield();
                continue;
            }
            round++;
            _work(thread);
            Interlocked.Increment(ref _done);
        }
    }
}
