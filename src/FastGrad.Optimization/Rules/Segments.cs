using System.Numerics;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Workers;

namespace FastGrad.Optimization.Rules;

/// <summary>Parameters laid end to end, which one rule walks in one loop and threads share out by elements: many small ones are stepped as one.</summary>
/// <remarks>Spans cannot be kept, so values and gradients are asked for at each walk. All else that a parameter costs is in the table.</remarks>
internal sealed class Segments<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Segment<T>> _segments = [];

    // Where each segment ends.
    private readonly List<long> _ends = [];

    public void Clear()
    {
        _segments.Clear();
        _ends.Clear();
    }

    public void Add(Segment<T> segment)
    {
        _segments.Add(segment);
        _ends.Add((_ends.Count > 0 ? _ends[^1] : 0) + segment.Count);
    }

    /// <summary>Runs a rule over all elements. Each is computed alone, so no cut changes a bit.</summary>
    public void Apply<TRule>(in TRule rule, WorkerTeam? workers)
        where TRule : struct, IUpdateRule<T>
    {
        if (workers is { Size: > 1 } && _ends[^1] > RuleDriver.Block)
        {
            Job<TRule> job = new(rule, _segments, _ends);
            workers.Run((int)Math.Min(int.MaxValue, (_ends[^1] + RuleDriver.Block - 1) / RuleDriver.Block), ref job);
            return;
        }
        foreach (ref readonly Segment<T> segment in CollectionsMarshal.AsSpan(_segments))
            RuleDriver.ApplyPart(in rule, in segment, 0, segment.Count);
    }

    /// <summary>A part is <see cref="RuleDriver.Block"/> elements of the segments laid end to end.</summary>
    private readonly struct Job<TRule>(TRule rule, List<Segment<T>> segments, List<long> ends) : IWorkerJob
        where TRule : struct, IUpdateRule<T>
    {
        private readonly TRule _rule = rule;

        public void Execute(int part)
        {
            long start = (long)part * RuleDriver.Block, stop = Math.Min(start + RuleDriver.Block, ends[^1]);
            int p = ends.BinarySearch(start);
            p = p < 0 ? ~p : p + 1;
            while (start < stop)
            {
                Segment<T> segment = segments[p];
                long first = ends[p] - segment.Count, to = Math.Min(stop, ends[p]);
                if (to > start)
                    RuleDriver.ApplyPart(in _rule, in segment, (int)(start - first), (int)(to - first));
                start = to;
                p++;
            }
        }
    }
}
