namespace FastGrad.Autograd;

/// <summary>What one transform under way knows of a tensor. The level says which transform: inner ones have higher numbers.</summary>
/// <remarks>
/// An operation is interpreted from its highest level down: that transform does its part on the values below, which may be traced
/// by outer ones. So perturbations of nested transforms never mix.
/// </remarks>
internal abstract class Trace(long level)
{
    private static long s_levels;

    public long Level { get; } = level;

    /// <summary>A level above all that are under way.</summary>
    public static long NewLevel() => Interlocked.Increment(ref s_levels);

    /// <summary>The level of the latest transform.</summary>
    public static long LatestLevel => Interlocked.Read(ref s_levels);
}

/// <summary>Forward mode: the value and its tangent.</summary>
internal sealed class ForwardTrace<T>(long level, Tensor<T> primal, Tensor<T> tangent) : Trace(level)
    where T : unmanaged
{
    public Tensor<T> Primal { get; } = primal;

    public Tensor<T> Tangent { get; } = tangent;
}

/// <summary>Reverse mode: the value and its place on the transform's tape.</summary>
internal sealed class ReverseTrace<T>(long level, Tensor<T> primal, TapeNode node) : Trace(level)
    where T : unmanaged
{
    public Tensor<T> Primal { get; } = primal;

    public TapeNode Node { get; } = node;
}
