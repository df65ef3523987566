using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Initialization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>A table of vectors: indices […] give rows […, width].</summary>
/// <remarks>
/// Parameter: <c>weight</c> [count, width], normal with deviation 1 unless an initializer is given, as in PyTorch. Indices come as integers or as whole
/// numbers of type T, which is what a batch is made of. An index outside the table is an error that names position, value and bound.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Embedding<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _weight;
    private readonly int _padding;

    /// <summary>A table.</summary>
    /// <param name="count">The number of vectors, at least 1.</param>
    /// <param name="width">The elements of each, at least 1.</param>
    /// <param name="padding">An index whose vector gets no gradient (PyTorch's padding_idx, which also starts at 0; here the initializer decides); −1 for none.</param>
    /// <param name="initializer">The first values; null for the default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or the padding is no index.</exception>
    public Embedding(int count, int width, int padding = -1, IInitializer<T>? initializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (padding < -1 || padding >= count)
            throw new ArgumentOutOfRangeException(nameof(padding), padding, $"The padding of a table of {count} vectors is one of them, or -1 for none.");
        (Count, Width, _padding) = (count, width, padding);
        _weight = Declare("weight", [count, width], ParameterRole.Embedding, initializer ?? Initializers.Normal(T.Zero, T.One));
    }

    /// <summary>The number of vectors.</summary>
    public int Count { get; }

    /// <summary>The elements of each.</summary>
    public int Width { get; }

    /// <summary>The table [count, width].</summary>
    public Parameter<T> Weight => _weight;

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The rows that whole numbers name.</summary>
    /// <exception cref="ArgumentException">An element is not a whole number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the table.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Forward(x.ToIndices());
    }

    /// <summary>The rows that the indices name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the table.</exception>
    public Tensor<T> Forward(Tensor<int> indices) => _weight.Tensor.Embedding(indices, _padding);

    internal override string Attributes => _padding < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"({_padding})");
}
