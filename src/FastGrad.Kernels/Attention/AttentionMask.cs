namespace FastGrad.Kernels.Attention;

/// <summary>What is added to scores, or which scores count, by (batch, head, query, key). The default is no mask.</summary>
/// <remarks>Strides of 0 broadcast: a layout (0, 0, Keys) is one mask [Queries, Keys] for all heads, (Keys, 0, 0) one row [Keys] for each sequence.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct AttentionMask<T>
    where T : unmanaged
{
    /// <summary>An additive mask: −∞ hides a key, other values shift its score.</summary>
    public AttentionMask(ReadOnlySpan<T> bias, HeadLayout layout)
    {
        Bias = bias;
        Layout = layout;
    }

    /// <summary>A boolean mask: true where a key counts.</summary>
    public AttentionMask(ReadOnlySpan<bool> allowed, HeadLayout layout)
    {
        Allowed = allowed;
        Layout = layout;
    }

    /// <summary>The additive mask, if it is one.</summary>
    public ReadOnlySpan<T> Bias { get; }

    /// <summary>The boolean mask, if it is one.</summary>
    public ReadOnlySpan<bool> Allowed { get; }

    /// <summary>Where the mask's element for (batch, head, query, key 0) lies; keys are neighbours.</summary>
    public HeadLayout Layout { get; }

    internal void Check(in AttentionShape shape)
    {
        if (!Bias.IsEmpty)
            Layout.Check(Bias, shape, shape.Queries, shape.Keys, "mask");
        else if (!Allowed.IsEmpty)
            Layout.Check(Allowed, shape, shape.Queries, shape.Keys, "mask");
    }
}
