using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Modules;

namespace FastGrad.Analysis.Catalogue;

/// <summary>How rows of layers are written. A layer is a function of its input and of every parameter; it is built anew for each call, so no call sees what another left.</summary>
internal static class Layers
{
    /// <summary>A layer of one input.</summary>
    /// <param name="name">The row's name.</param>
    /// <param name="type">The open generic type of the layer.</param>
    /// <param name="x">The input's shape.</param>
    /// <param name="d">Makes the layer in double.</param>
    /// <param name="s">Makes the layer in float.</param>
    /// <param name="training">Whether it trains, or evaluates.</param>
    public static OperatorRow Row(string name, Type type, Shape x, Func<Module<double>> d, Func<Module<float>> s, bool training = true) =>
        Row(name, type, [x], d, s, (layer, inputs) => layer.Invoke(inputs[0]), (layer, inputs) => layer.Invoke(inputs[0]), training);

    /// <summary>A layer that is called in a way of its own: with several inputs, for several outputs, or on indices.</summary>
    public static OperatorRow Row<TDouble, TSingle>(
        string name, Type type, Shape[] x, Func<TDouble> d, Func<TSingle> s,
        Func<TDouble, Tensor<double>[], Tensor<double>> callDouble, Func<TSingle, Tensor<float>[], Tensor<float>> callSingle, bool training = true)
        where TDouble : Module<double>
        where TSingle : Module<float> =>
        new(name, type, all => Call(d(), all, x.Length, callDouble, training), all => Call(s(), all, x.Length, callSingle, training))
        {
            Cases = [[.. x.Select(shape => new Argument(shape)), .. d().NamedParameters().Select(p => new Argument(p.Parameter.Shape, -1, 1))]],
        };

    /// <summary>The layer's values and gradients are those of a composition of elementary operations, to 10⁻¹².</summary>
    /// <param name="row">The layer.</param>
    /// <param name="composition">The same function of inputs and parameters, in its textbook form.</param>
    public static OperatorRow Like(this OperatorRow row, Func<Tensor<double>[], Tensor<double>> composition) => row with { Composition = composition };

    /// <summary>Several outputs as one vector.</summary>
    public static Tensor<T> Together<T>(params Tensor<T>[] outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TensorShapes.Concatenate<T>(0, [.. outputs.Select(y => y.Reshape([y.Length]))]);

    private static Tensor<T> Call<TModule, T>(TModule layer, Tensor<T>[] all, int inputs, Func<TModule, Tensor<T>[], Tensor<T>> call, bool training)
        where TModule : Module<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        layer.Train(training);
        // Running statistics as after some training: 0 and 1 would hide an error.
        foreach ((string name, Tensor<T> buffer) in layer.NamedBuffers())
        {
            if (name.Contains("running", StringComparison.Ordinal))
                Running(name).CopyTo(buffer.AsSpan());
        }
        return layer.WithParameters(all[inputs..], () => call(layer, all[..inputs]));

        static T[] Running(string name) => name.EndsWith("var", StringComparison.Ordinal)
            ? [T.CreateTruncating(0.5), T.CreateTruncating(2)]
            : [T.CreateTruncating(0.25), T.CreateTruncating(-0.5)];
    }
}
