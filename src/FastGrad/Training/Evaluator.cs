using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Inference;
using FastGrad.Modules;
using FastGrad.Optimization;

namespace FastGrad.Training;

/// <summary>Evaluates a model in the midst of its training: with its evaluation weights, in evaluation mode, on scaled data.</summary>
internal static class Evaluator
{
    public static Evaluation Evaluate<T>(Module<T> model, Optimizer<T> optimizer, DataSet<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool training = model.IsTraining;
        model.Eval();
        try
        {
            using EvaluationScope weights = optimizer.EvaluationWeights();
            using NoGrad off = new();
            using TensorScope scope = new();
            Tensor<T> output = model.Invoke(Tensor.From(data.Features, [data.Rows, data.Columns]));
            return data.Kind == TargetKind.Classification
                ? Evaluation.OfClasses(output.Softmax().AsReadOnlySpan(), data.Labels, data.Classes)
                : Evaluation.OfNumbers(output.AsReadOnlySpan(), data.Targets, data.Outputs);
        }
        finally
        {
            model.Train(training);
        }
    }
}
