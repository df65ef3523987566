using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Inference;
using FastGrad.Modules;

namespace FastGrad.Training;

/// <summary>Evaluates a model in the midst of its training, on scaled data; the caller has put it into its state of evaluation.</summary>
internal static class Evaluator
{
    public static Evaluation Evaluate<T>(Module<T> model, DataSet<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using NoGrad off = new();
        using TensorScope scope = new();
        Tensor<T> output = model.Invoke(Tensor.From(data.Features, [data.Rows, data.Columns]));
        return data.Kind == TargetKind.Classification
            ? Evaluation.OfClasses(output.Softmax().AsReadOnlySpan(), data.Labels, data.Classes)
            : Evaluation.OfNumbers(output.AsReadOnlySpan(), data.Targets, data.Outputs);
    }
}
