namespace FastGrad.Autograd;

/// <summary>What a function that runs twice, once forward and once more for backward, must do only once.</summary>
/// <remarks>
/// <see cref="Transforms.Checkpoint{T}(Func{Tensor{T}, Tensor{T}})"/> runs its function again in the backward pass. Running statistics
/// must not move a second time, and a random mask must be the same: both go through <see cref="Once{TValue}"/>.
/// </remarks>
public static class Recomputation
{
    [ThreadStatic]
    private static RecomputationLog? s_current;

    /// <summary>Whether this thread computes a checkpointed segment again.</summary>
    public static bool IsActive => s_current is { IsReplaying: true };

    /// <summary>Runs <paramref name="effect"/> in the first run of a checkpointed segment, and gives its value again in the second. Outside of segments it just runs.</summary>
    /// <param name="effect">A draw from a stream, an update of statistics: what is not a function of the segment's inputs.</param>
    /// <returns>The value of the first run.</returns>
    /// <exception cref="InvalidOperationException">The second run asks for more, or in another order, than the first: the segment is not the same function any more.</exception>
    public static TValue Once<TValue>(Func<TValue> effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        return s_current is { } log ? log.Once(effect) : effect();
    }

    /// <inheritdoc cref="Once{TValue}"/>
    public static void Once(Action effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        Once(() =>
        {
            effect();
            return true;
        });
    }

    /// <summary>Runs a segment while its log writes, or reads.</summary>
    internal static TResult Under<TResult>(RecomputationLog log, bool replay, Func<TResult> segment)
    {
        RecomputationLog? outer = s_current;
        log.Begin(replay, outer);
        s_current = log;
        try
        {
            return segment();
        }
        finally
        {
            s_current = outer;
            log.End();
        }
    }
}

/// <summary>The values of one segment's effects, in order.</summary>
internal sealed class RecomputationLog
{
    private readonly List<object?> _values = [];
    private RecomputationLog? _outer;
    private int _next;

    public bool IsReplaying { get; private set; }

    public void Begin(bool replay, RecomputationLog? outer) => (IsReplaying, _outer, _next) = (replay, outer, 0);

    public void End() => (IsReplaying, _outer) = (false, null);

    public TValue Once<TValue>(Func<TValue> effect)
    {
        if (!IsReplaying)
        {
            // The segment around this one may be in its second run, and know the value.
            TValue value = _outer is null ? effect() : _outer.Once(effect);
            _values.Add(value);
            return value;
        }
        return _next < _values.Count && _values[_next] is TValue known
            ? Advance(known)
            : throw new InvalidOperationException($"A checkpointed segment asks for effect {_next + 1} in its second run, of type {typeof(TValue).Name}; expected the {_values.Count} of its first run, in the same order. The function must not depend on what has changed between forward and backward.");
    }

    private TValue Advance<TValue>(TValue value)
    {
        _next++;
        return value;
    }
}
