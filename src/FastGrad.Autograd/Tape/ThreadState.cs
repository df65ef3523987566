using System.Runtime.CompilerServices;

namespace FastGrad.Autograd;

/// <summary>What a thread has switched on, in one place: an operation looks it up once, instead of a thread's static for each switch.</summary>
internal sealed class ThreadState
{
    [ThreadStatic]
    private static ThreadState? s_current;

    private readonly ScopePool<float> _singles = new();
    private readonly ScopePool<double> _doubles = new();
    private readonly NodePool<float> _singleNodes = new();
    private readonly NodePool<double> _doubleNodes = new();

    /// <summary>The state of this thread.</summary>
    public static ThreadState Current => s_current ?? Make();

    /// <summary>The recorder, if a program is being captured.</summary>
    public Recorder? Recorder { get; set; }

    /// <summary>The innermost open scope, if any.</summary>
    public ScopeFrame? Scope { get; set; }

    /// <summary>The frame of the outermost scope, open or waiting for the next.</summary>
    public ScopeFrame? FirstScope { get; set; }

    /// <summary>Levels below this one are off: see <see cref="NoGrad"/>. 0: none is.</summary>
    public long OffBelow { get; set; }

    /// <summary>Which anomalies are watched for.</summary>
    public AnomalyDetection.Watch Watch { get; set; }

    /// <summary>The latest <see cref="TapeNode.Sequence"/> that this thread has seen.</summary>
    public long Clock { get; set; }

    /// <summary>The storages and tensor objects that this thread's scopes gave back; null for other elements than float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ScopePool<T>? Pool<T>()
        where T : unmanaged =>
        typeof(T) == typeof(float) ? Unsafe.As<ScopePool<T>>(_singles)
        : typeof(T) == typeof(double) ? Unsafe.As<ScopePool<T>>(_doubles)
        : null;

    /// <summary>The tape nodes that this thread's scopes gave back; null for other elements than float and double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NodePool<T>? Nodes<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.As<NodePool<T>>(_singleNodes)
        : typeof(T) == typeof(double) ? Unsafe.As<NodePool<T>>(_doubleNodes)
        : null;

    /// <summary>What the pools have handed out so far.</summary>
    public ScopeMark Mark() => new(_singles.Even, _singles.Odd, _doubles.Even, _doubles.Odd, _singleNodes.Issued, _doubleNodes.Issued);

    /// <summary>Takes back what the pools have handed out since.</summary>
    /// <param name="mark">The moment.</param>
    /// <param name="escaped">Whether a tensor with a tape is kept: its nodes, and the tensors that they saved, are the collector's then.</param>
    public void Return(in ScopeMark mark, bool escaped)
    {
        _singleNodes.Return(mark.SingleNodes, escaped);
        _doubleNodes.Return(mark.DoubleNodes, escaped);
        _singles.Return(mark.EvenSingles, mark.OddSingles, escaped);
        _doubles.Return(mark.EvenDoubles, mark.OddDoubles, escaped);
    }

    private static ThreadState Make() => s_current = new();
}

/// <summary>How many tensor objects and nodes a thread's pools had handed out when a scope was opened.</summary>
internal readonly record struct ScopeMark(int EvenSingles, int OddSingles, int EvenDoubles, int OddDoubles, int SingleNodes, int DoubleNodes);
