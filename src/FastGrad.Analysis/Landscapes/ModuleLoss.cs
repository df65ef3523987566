using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Modules;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Analysis.Landscapes;

/// <summary>The loss of a network as a function of all its parameters, joined into one vector: <see cref="Value"/> is what slices are taken of.</summary>
/// <remarks>
/// Values are taken in evaluation mode: dropout lets everything pass, batch normalization has its running statistics, which stay as they are. There is no
/// gradient, and memory is used again from one evaluation to the next. The module's own values do not change. For one thread at a time.
/// </remarks>
/// <typeparam name="T">The network's element type; the vector and the loss are of double precision in any case.</typeparam>
public sealed class ModuleLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Module<T> _module;
    private readonly Func<Tensor<T>> _loss;
    private readonly Tensor<T>[] _stand;
    private readonly double[] _point;

    /// <summary>A loss.</summary>
    /// <param name="module">The network, with values.</param>
    /// <param name="loss">Its scalar loss on the data: calls <c>module.Invoke</c>.</param>
    /// <exception cref="ArgumentException">The module has no parameters.</exception>
    public ModuleLoss(Module<T> module, Func<Tensor<T>> loss)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(loss);
        IReadOnlyList<NamedParameter<T>> parameters = module.NamedParameters();
        if (parameters.Count == 0)
            throw new ArgumentException($"The {module.GetType().Name} has no parameters; expected at least one.", nameof(module));
        (_module, _loss, Parameters) = (module, loss, [.. parameters.Select(p => p.Info)]);
        _point = Read(module);
        _stand = [.. parameters.Select(p => Tensor.Zeros<T>(p.Parameter.Shape))];
    }

    /// <summary>The parameters in the vector's order, which is that of <see cref="Module{T}.NamedParameters"/>.</summary>
    public IReadOnlyList<ParameterInfo> Parameters { get; }

    /// <summary>The number of all parameters' elements.</summary>
    public int Count => _point.Length;

    /// <summary>The module's values when this was made: the usual center of a slice.</summary>
    public ReadOnlySpan<double> Point => _point;

    /// <summary>The loss at other parameters.</summary>
    /// <param name="parameters">All of them.</param>
    /// <exception cref="ArgumentException">There are more or fewer than <see cref="Count"/>.</exception>
    public double Value(ReadOnlySpan<double> parameters)
    {
        if (parameters.Length != Count)
            throw new ArgumentException($"{parameters.Length} numbers for {Count} parameters; expected as many.", nameof(parameters));
        foreach (Tensor<T> tensor in _stand)
        {
            Span<T> values = tensor.AsSpan();
            for (int i = 0; i < values.Length; i++)
                values[i] = T.CreateTruncating(parameters[i]);
            parameters = parameters[values.Length..];
        }
        bool training = _module.IsTraining;
        _module.Eval();
        try
        {
            using NoGrad off = new();
            using TensorScope scope = new();
            return double.CreateTruncating(_module.WithParameters(_stand, _loss).Item());
        }
        finally
        {
            if (training)
                _module.Train();
        }
    }

    /// <summary>A module's parameters, joined into one vector.</summary>
    internal static double[] Read(Module<T> module) =>
        [.. module.NamedParameters().SelectMany(p => p.Tensor.ToArray()).Select(double.CreateTruncating)];
}
