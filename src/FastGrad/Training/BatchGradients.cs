using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Training;

/// <summary>Loss and gradients of the batches of one update: by programs where there are some, else eagerly, with the same bits.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class BatchGradients<T>(Module<T> model, Loss<T> loss, NamedParameter<T>[] parameters, MicroBatches<T> batches, bool countCorrect)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The programs, if the step is captured.</summary>
    public CapturedPasses<T>? Captured { get; set; }

    /// <summary>What the next backward pass does with the gradients that are there.</summary>
    public PassKind Kind => batches.IsWhole ? PassKind.Whole : batches.IsFirst ? PassKind.First : PassKind.Next;

    /// <summary>What the loss of a micro-batch is multiplied with before backward.</summary>
    /// <remarks>A mean over micro-batches weighs each by its rows, which are known when all have come: so rows first, the quotient last.</remarks>
    public T Weight(Tensor<T> inputs) => loss.Reduction == Reduction.Sum ? T.One : T.CreateTruncating(inputs.Shape[0]);

    /// <summary>Forward and backward of a batch without a program; gradients are written, or added to those of the update's earlier batches.</summary>
    public void ComputeEagerly(Tensor<T> inputs, Target<T> target, T weight) => ComputeEagerly(inputs, target, weight, countCorrect);

    /// <summary>Forward and backward of all kept batches again, at the parameters as they are now.</summary>
    /// <returns>The loss.</returns>
    public double Reevaluate()
    {
        batches.Restart();
        foreach ((Tensor<T> inputs, Target<T> target) in batches.Kept)
        {
            T weight = batches.IsWhole ? T.One : Weight(inputs);
            if (Captured?.For(Kind, inputs, target) is { } pass)
            {
                pass.Evaluate(inputs, target);
                Note(pass.Prediction, pass.Loss, target, weight, count: false); // rows were counted by the first evaluation
            }
            else
            {
                ComputeEagerly(inputs, target, weight, count: false);
            }
        }
        Average();
        return batches.Loss;
    }

    /// <summary>Divides the sum over micro-batches by the rows.</summary>
    public void Average()
    {
        if (batches.IsWhole || loss.Reduction == Reduction.Sum)
            return;
        T factor = T.One / T.CreateTruncating(batches.Rows);
        foreach (NamedParameter<T> parameter in parameters)
        {
            if (parameter.Tensor.Grad is { } gradient)
                Kernels.Elementwise.Unary.Apply(new Kernels.Elementwise.Operators.MultiplyScalar<T>(factor), gradient.AsReadOnlySpan(), gradient.AsSpan());
        }
    }

    /// <summary>The loss of all kept batches, or of one, as a differentiable number.</summary>
    public Tensor<T> MeanLoss((Tensor<T> Inputs, Target<T> Target)? batch)
    {
        if (batch is var (only, compared))
            return loss.Forward(model.Invoke(only), compared);
        Tensor<T>? sum = null;
        foreach ((Tensor<T> inputs, Target<T> target) in batches.Kept)
        {
            Tensor<T> one = loss.Forward(model.Invoke(inputs), target);
            if (!batches.IsWhole && loss.Reduction == Reduction.Mean)
                one = one * (Weight(inputs) / T.CreateTruncating(batches.Rows));
            sum = sum is null ? one : sum + one;
        }
        return sum!;
    }

    /// <summary>Takes down what a program has computed.</summary>
    public void Note(CapturedPass<T> pass) => Note(pass.Prediction, pass.Loss, pass.Target, pass.Weight, countCorrect);

    private void ComputeEagerly(Tensor<T> inputs, Target<T> target, T weight, bool count)
    {
        if (batches.IsFirst)
        {
            foreach (NamedParameter<T> parameter in parameters)
                parameter.Tensor.ZeroGrad();
        }
        Tensor<T> prediction = model.Invoke(inputs);
        Tensor<T> value = loss.Forward(prediction, target);
        if (weight == T.One)
            value.Backward();
        else
            value.Backward(Tensor.Scalar(weight));
        Note(prediction, value, target, weight, count);
    }

    private void Note(Tensor<T> prediction, Tensor<T> value, Target<T> target, T weight, bool count)
    {
        batches.Record(double.CreateTruncating(value.Item()), double.CreateTruncating(weight));
        if (count)
            batches.Correct += Hits.Count(prediction, target);
    }
}
