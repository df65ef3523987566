using System.Numerics;
using System.Runtime.Intrinsics.Arm;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Attention;

/// <summary>O = softmax(scale·Q·Kᵀ + mask)·V for each head, without ever storing the scores; float and double.</summary>
/// <remarks>
/// <para>
/// Tiles of 32 queries meet blocks of 512 keys; where there are more keys, the row's maximum, sum and output are rescaled from block to
/// block (T. Dao et al., "FlashAttention", NeurIPS 2022, algorithm 1; the recurrence is M. Milakov and N. Gimelshein, "Online normalizer
/// calculation for softmax", 2018). Both sizes are fixed, products are chains of fused multiply-adds in order, and a row's sum is taken
/// in 512 bits' lanes, folded in halves: instruction set and number of threads change no bit.
/// </para>
/// <para>
/// A query that sees no key (all masked, or no keys at all) has output 0, log-sum-exp −∞ and gradient 0; softmax alone would give NaN.
/// Causal means that query i sees keys 0 … i, as torch has it. What a causal query does not see changes no bit of its output as long as it is
/// finite. Memory: one transposed copy of a head's keys (and values, backward) and one tile of scores a thread.
/// </para>
/// </remarks>
public static unsafe class ScaledDotProductAttention
{
    /// <summary>The outputs, and each row's log Σ exp for <see cref="Backward{T}"/>.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="scale">The factor on scores, 1/√Width by custom.</param>
    /// <param name="mask">What is added to the scores; default for nothing.</param>
    /// <param name="query">Q.</param>
    /// <param name="queryLayout">Its layout.</param>
    /// <param name="key">K.</param>
    /// <param name="keyLayout">Its layout.</param>
    /// <param name="value">V.</param>
    /// <param name="valueLayout">Its layout.</param>
    /// <param name="output">O [Batch, Heads, Queries, ValueWidth]; no memory of the inputs.</param>
    /// <param name="outputLayout">Its layout.</param>
    /// <param name="logSumExp">[Batch, Heads, Queries], dense; empty where it is not needed.</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative size or stride.</exception>
    /// <exception cref="ArgumentException">A span is too short, or the output overlaps itself or an input.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static void Forward<T>(
        in AttentionShape shape, T scale, AttentionMask<T> mask,
        ReadOnlySpan<T> query, HeadLayout queryLayout, ReadOnlySpan<T> key, HeadLayout keyLayout, ReadOnlySpan<T> value, HeadLayout valueLayout,
        Span<T> output, HeadLayout outputLayout, Span<T> logSumExp = default, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckInputs(shape, mask, query, queryLayout, key, keyLayout, value, valueLayout);
        outputLayout.Check<T>(output, shape, shape.Queries, shape.ValueWidth, nameof(output));
        outputLayout.CheckDistinct(shape, shape.Queries, shape.ValueWidth, nameof(output));
        if (!logSumExp.IsEmpty && logSumExp.Length != shape.Sequences * shape.Queries)
            throw new ArgumentException($"logSumExp has {logSumExp.Length} elements; expected {shape.Batch}·{shape.Heads}·{shape.Queries}, or none.", nameof(logSumExp));
        if (output.Overlaps(query) || output.Overlaps(key) || output.Overlaps(value) || output.Overlaps(mask.Bias))
            throw new ArgumentException("The output overlaps an input, which would be read after it is written.", nameof(output));
        if (shape.Sequences == 0 || shape.Queries == 0)
            return;
        fixed (T* q = query, k = key, v = value, bias = mask.Bias, o = output, l = logSumExp)
        fixed (bool* allowed = mask.Allowed)
        {
            AttentionOperands<T> operands = Operands(shape, scale, q, queryLayout, k, keyLayout, v, valueLayout, bias, allowed, mask.Layout);
            int threads = workers?.Size ?? 1;
            if (Isa.Has512)
                new AttentionForward<KernelSet512<T>, T>(operands, o, outputLayout, l, threads).Run(workers);
            else if (Isa.Has256)
                new AttentionForward<KernelSet256<T>, T>(operands, o, outputLayout, l, threads).Run(workers);
            else if (Isa.Has128 && AdvSimd.IsSupported)
                new AttentionForward<KernelSet128<T>, T>(operands, o, outputLayout, l, threads).Run(workers);
            else if (Isa.Has128)
                new AttentionForward<KernelSetEmulated<T>, T>(operands, o, outputLayout, l, threads).Run(workers);
            else
                new AttentionForward<KernelSet1<T>, T>(operands, o, outputLayout, l, threads).Run(workers);
        }
    }

    /// <summary>The gradients with respect to Q, K and V, written or added; a gradient whose span is empty is not computed.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="scale">The factor on scores.</param>
    /// <param name="mask">What was added to the scores.</param>
    /// <param name="query">Q.</param>
    /// <param name="queryLayout">Its layout.</param>
    /// <param name="key">K.</param>
    /// <param name="keyLayout">Its layout.</param>
    /// <param name="value">V.</param>
    /// <param name="valueLayout">Its layout.</param>
    /// <param name="output">O, as <see cref="Forward{T}"/> left it.</param>
    /// <param name="outputLayout">Its layout.</param>
    /// <param name="logSumExp">As <see cref="Forward{T}"/> left it.</param>
    /// <param name="dOutput">The gradient with respect to O.</param>
    /// <param name="dOutputLayout">Its layout.</param>
    /// <param name="dQuery">The gradient with respect to Q. The three may interleave, but share no element.</param>
    /// <param name="dQueryLayout">Its layout.</param>
    /// <param name="dKey">The gradient with respect to K.</param>
    /// <param name="dKeyLayout">Its layout.</param>
    /// <param name="dValue">The gradient with respect to V.</param>
    /// <param name="dValueLayout">Its layout.</param>
    /// <param name="accumulate">Whether to add to the gradients: each chain continues from what is there.</param>
    /// <param name="workers">The team to share the work; none means the calling thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative size or stride.</exception>
    /// <exception cref="ArgumentException">A span is too short, or a gradient overlaps itself.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static void Backward<T>(
        in AttentionShape shape, T scale, AttentionMask<T> mask,
        ReadOnlySpan<T> query, HeadLayout queryLayout, ReadOnlySpan<T> key, HeadLayout keyLayout, ReadOnlySpan<T> value, HeadLayout valueLayout,
        ReadOnlySpan<T> output, HeadLayout outputLayout, ReadOnlySpan<T> logSumExp, ReadOnlySpan<T> dOutput, HeadLayout dOutputLayout,
        Span<T> dQuery, HeadLayout dQueryLayout, Span<T> dKey, HeadLayout dKeyLayout, Span<T> dValue, HeadLayout dValueLayout,
        bool accumulate = false, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckInputs(shape, mask, query, queryLayout, key, keyLayout, value, valueLayout);
        outputLayout.Check(output, shape, shape.Queries, shape.ValueWidth, nameof(output));
        dOutputLayout.Check(dOutput, shape, shape.Queries, shape.ValueWidth, nameof(dOutput));
        if (logSumExp.Length != shape.Sequences * shape.Queries)
            throw new ArgumentException($"logSumExp has {logSumExp.Length} elements; expected {shape.Batch}·{shape.Heads}·{shape.Queries}.", nameof(logSumExp));
        CheckGradient(dQuery, dQueryLayout, shape, shape.Queries, shape.Width, nameof(dQuery));
        CheckGradient(dKey, dKeyLayout, shape, shape.Keys, shape.Width, nameof(dKey));
        CheckGradient(dValue, dValueLayout, shape, shape.Keys, shape.ValueWidth, nameof(dValue));
        if (shape.Sequences == 0)
            return;
        fixed (T* q = query, k = key, v = value, bias = mask.Bias, o = output, d = dOutput, l = logSumExp, dq = dQuery, dk = dKey, dv = dValue)
        fixed (bool* allowed = mask.Allowed)
        {
            AttentionOperands<T> operands = Operands(shape, scale, q, queryLayout, k, keyLayout, v, valueLayout, bias, allowed, mask.Layout);
            AttentionGradients<T> gradients = new()
            {
                Output = o,
                OutputLayout = outputLayout,
                OutputGradient = d,
                OutputGradientLayout = dOutputLayout,
                LogSumExp = l,
                Query = dq,
                QueryLayout = dQueryLayout,
                Key = dk,
                KeyLayout = dKeyLayout,
                Value = dv,
                ValueLayout = dValueLayout,
                Accumulate = accumulate,
            };
            int threads = workers?.Size ?? 1;
            if (Isa.Has512)
                new AttentionBackward<KernelSet512<T>, T>(operands, gradients, threads).Run(workers);
            else if (Isa.Has256)
                new AttentionBackward<KernelSet256<T>, T>(operands, gradients, threads).Run(workers);
            else if (Isa.Has128 && AdvSimd.IsSupported)
                new AttentionBackward<KernelSet128<T>, T>(operands, gradients, threads).Run(workers);
            else if (Isa.Has128)
                new AttentionBackward<KernelSetEmulated<T>, T>(operands, gradients, threads).Run(workers);
            else
                new AttentionBackward<KernelSet1<T>, T>(operands, gradients, threads).Run(workers);
        }
    }

    private static AttentionOperands<T> Operands<T>(
        in AttentionShape shape, T scale, T* q, HeadLayout queryLayout, T* k, HeadLayout keyLayout, T* v, HeadLayout valueLayout,
        T* bias, bool* allowed, HeadLayout maskLayout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            Shape = shape,
            Scale = scale,
            Query = q,
            QueryLayout = queryLayout,
            Key = k,
            KeyLayout = keyLayout,
            Value = v,
            ValueLayout = valueLayout,
            Bias = bias,
            Allowed = allowed,
            MaskLayout = maskLayout,
        };

    private static void CheckInputs<T>(
        in AttentionShape shape, AttentionMask<T> mask,
        ReadOnlySpan<T> query, HeadLayout queryLayout, ReadOnlySpan<T> key, HeadLayout keyLayout, ReadOnlySpan<T> value, HeadLayout valueLayout)
        where T : unmanaged
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new NotSupportedException($"Attention comes in float and double, not {typeof(T).Name}.");
        shape.Check();
        queryLayout.Check(query, shape, shape.Queries, shape.Width, nameof(query));
        keyLayout.Check(key, shape, shape.Keys, shape.Width, nameof(key));
        valueLayout.Check(value, shape, shape.Keys, shape.ValueWidth, nameof(value));
        mask.Check(shape);
    }

    private static void CheckGradient<T>(Span<T> gradient, HeadLayout layout, in AttentionShape shape, int positions, int width, string name)
    {
        if (gradient.IsEmpty)
            return;
        layout.Check<T>(gradient, shape, positions, width, name);
        layout.CheckDistinct(shape, positions, width, name);
    }
}
