using System.Globalization;
using FastGrad.Autograd;

namespace FastGrad.Analysis.Expressions;

/// <summary>A formula as a person writes it: numbers, names, operators and functions.</summary>
/// <remarks>
/// <para><see cref="Parse"/> reads one; <see cref="Fold"/> gives it any meaning: a number, a tensor with derivatives, an interval, a proof.</para>
/// <para>Two expressions are equal if they are written alike.</para>
/// </remarks>
public abstract class Expression : IEquatable<Expression>
{
    private string? _text;

    private protected Expression()
    {
    }

    /// <summary>Reads a formula: <c>b1*(1-exp(-b2*x))</c>.</summary>
    /// <param name="text">The formula. The grammar is <see cref="ExpressionParser"/>'s.</param>
    /// <exception cref="FormatException">It is no formula; the message shows where.</exception>
    public static Expression Parse(string text) => new ExpressionParser(text).Read();

    /// <summary>The names that are not given a value by the formula, in the order in which they come.</summary>
    public IReadOnlyList<string> Variables
    {
        get
        {
            List<string> names = [];
            Collect(this);
            return names;

            void Collect(Expression e)
            {
                if (e is Variable { Name: var name } && !names.Contains(name))
                    names.Add(name);
                foreach (Expression argument in e is Application application ? application.Arguments : [])
                    Collect(argument);
            }
        }
    }

    /// <summary>The formula's value.</summary>
    /// <param name="values">A number for each variable.</param>
    /// <returns>NaN outside the formula's domain.</returns>
    /// <exception cref="KeyNotFoundException">A variable has no number.</exception>
    public double Evaluate(IReadOnlyDictionary<string, double> values) => Fold(new NumberMeaning(values));

    /// <summary>The formula in tensors, element by element with broadcasting: differentiable to any order.</summary>
    /// <param name="values">A tensor for each variable.</param>
    /// <exception cref="KeyNotFoundException">A variable has no tensor.</exception>
    public Tensor<double> Evaluate(IReadOnlyDictionary<string, Tensor<double>> values) => Fold(new TensorMeaning(values));

    /// <summary>The formula's value under any meaning of its numbers, names and functions.</summary>
    public abstract TResult Fold<TResult>(IMeaning<TResult> meaning);

    /// <summary>The formula, written with no more brackets than it needs.</summary>
    public sealed override string ToString() => _text ??= Write();

    /// <inheritdoc/>
    public bool Equals(Expression? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as Expression);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private protected abstract string Write();
}

/// <summary>A number.</summary>
/// <param name="value">The number.</param>
public sealed class Number(double value) : Expression
{
    /// <summary>The number.</summary>
    public double Value => value;

    /// <inheritdoc/>
    public override TResult Fold<TResult>(IMeaning<TResult> meaning) => meaning.Number(value);

    private protected override string Write() => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>A name that stands for a number.</summary>
/// <param name="name">The name.</param>
public sealed class Variable(string name) : Expression
{
    /// <summary>The name.</summary>
    public string Name => name;

    /// <inheritdoc/>
    public override TResult Fold<TResult>(IMeaning<TResult> meaning) => meaning.Variable(name);

    private protected override string Write() => name;
}

/// <summary>A function of expressions; + − × ÷ and powers are functions too.</summary>
public sealed class Application : Expression
{
    internal Application(Function function, params Expression[] arguments) => (Function, Arguments) = (function, arguments);

    /// <summary>The function.</summary>
    public Function Function { get; }

    /// <summary>What it is applied to.</summary>
    public IReadOnlyList<Expression> Arguments { get; }

    /// <inheritdoc/>
    public override TResult Fold<TResult>(IMeaning<TResult> meaning)
    {
        ArgumentNullException.ThrowIfNull(meaning);
        var arguments = new TResult[Arguments.Count];
        for (int i = 0; i < arguments.Length; i++)
            arguments[i] = Arguments[i].Fold(meaning);
        return meaning.Apply(this, arguments);
    }

    private protected override string Write()
    {
        if (Function.Sign is not { } sign)
            return $"{Function.Name}({string.Join(", ", Arguments)})";
        if (Arguments.Count == 1)
            return $"-{Bracketed(Arguments[0], Functions.Multiply.Precedence)}";
        // Left to right but for powers; the other side needs brackets at equal rank. After + and − a sign needs them too.
        bool fromRight = Function == Functions.Power, isSum = Function.Precedence == Functions.Add.Precedence;
        string space = isSum ? " " : "";
        int left = Function.Precedence + (fromRight ? 1 : 0), right = isSum ? Functions.Multiply.Precedence : Function.Precedence + (fromRight ? 0 : 1);
        return $"{Bracketed(Arguments[0], left)}{space}{sign}{space}{Bracketed(Arguments[1], right)}";
    }

    private static string Bracketed(Expression e, int precedence)
    {
        bool weaker = e switch
        {
            Application { Function: { Sign: not null } f } => f.Precedence < precedence,
            Number { Value: var v } => v < 0 || double.IsNegative(v),
            _ => false,
        };
        return weaker ? $"({e})" : e.ToString();
    }
}
