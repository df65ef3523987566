using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Training;

/// <summary>∇²f·v by differentiating ∇f·v: two backward passes, the first one recorded.</summary>
/// <param name="parameters">The optimizer's parameters, whose order direction and product follow.</param>
/// <param name="loss">Computes the loss at the current parameters, recorded.</param>
internal sealed class HessianProduct<T>(IReadOnlyList<IParameter<T>> parameters, Func<Tensor<T>> loss)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Write(ParameterVector<T> direction, ParameterVector<T> product)
    {
        using TensorScope scope = new();
        Tensor<T>[] leaves = [.. parameters.Select(p => ((NamedParameter<T>)p).Tensor)];
        Tensor<T>[] gradients = Transforms.Gradients(loss(), leaves, createGraph: true);
        Tensor<T>? slope = null;
        for (int i = 0; i < leaves.Length; i++)
        {
            Tensor<T> term = (gradients[i] * Tensor.From<T>(direction(i), leaves[i].Shape)).Sum();
            slope = slope is null ? term : slope + term;
        }
        if (slope is null || !slope.RequiresGrad)
        {
            // The gradient is constant: a linear loss.
            for (int i = 0; i < leaves.Length; i++)
                product(i).Clear();
            return;
        }
        Tensor<T>[] columns = Transforms.Gradients(slope, leaves);
        for (int i = 0; i < leaves.Length; i++)
            columns[i].CopyTo(product(i));
    }
}
