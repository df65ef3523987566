using FastGrad.Autograd;

namespace FastGrad.Analysis.Expressions;

/// <summary>Formulas as tensors, with derivatives.</summary>
internal sealed class TensorMeaning(IReadOnlyDictionary<string, Tensor<double>> values) : IMeaning<Tensor<double>>
{
    public Tensor<double> Number(double value) => Tensor.Scalar(value);

    public Tensor<double> Variable(string name) => values.TryGetValue(name, out Tensor<double>? value) ? value : throw NumberMeaning.Missing(name, values.Keys);

    public Tensor<double> Apply(Application application, IReadOnlyList<Tensor<double>> arguments) =>
        // A constant exponent has a derivative where the general power has none: at negative bases.
        application.Function == Functions.Power && application.Arguments[1] is Number { Value: var exponent }
            ? arguments[0].Pow(exponent)
            : application.Function.Tensor(arguments);
}
