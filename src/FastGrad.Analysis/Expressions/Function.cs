using FastGrad.Analysis.Certificates;
using FastGrad.Analysis.Intervals;
using FastGrad.Autograd;

namespace FastGrad.Analysis.Expressions;

/// <summary>A function that formulas may use, with all that is known of it.</summary>
public sealed class Function
{
    internal Function(
        string name, int least, int most, Func<IReadOnlyList<double>, double> value, Func<IReadOnlyList<Tensor<double>>, Tensor<double>> tensor, Func<IReadOnlyList<Jet>, Jet> jet)
    {
        (Name, Least, Most) = (name, least, most);
        (Value, Tensor, Jet) = (value, tensor, jet);
    }

    /// <summary>Its name: <c>exp</c>.</summary>
    public string Name { get; }

    /// <summary>The least number of arguments.</summary>
    public int Least { get; }

    /// <summary>The greatest number of arguments.</summary>
    public int Most { get; }

    /// <summary>How it is written between or before its arguments, for operators: <c>+</c>.</summary>
    internal string? Sign { get; init; }

    /// <summary>How strongly an operator binds.</summary>
    internal int Precedence { get; init; }

    /// <summary>Its value; NaN outside its domain.</summary>
    internal Func<IReadOnlyList<double>, double> Value { get; }

    /// <summary>The same of tensors, with derivatives.</summary>
    internal Func<IReadOnlyList<Tensor<double>>, Tensor<double>> Tensor { get; }

    /// <summary>The same of intervals, with derivatives.</summary>
    internal Func<IReadOnlyList<Jet>, Jet> Jet { get; }

    /// <summary>How it bends and leans, for functions of one argument.</summary>
    internal Atom? Atom { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
