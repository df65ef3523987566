namespace FastGrad.Analysis.Expressions;

/// <summary>A meaning of formulas: what numbers, names and functions stand for.</summary>
/// <typeparam name="TResult">What a formula then is.</typeparam>
public interface IMeaning<TResult>
{
    /// <summary>What a number stands for.</summary>
    TResult Number(double value);

    /// <summary>What a name stands for.</summary>
    TResult Variable(string name);

    /// <summary>What a function of arguments stands for, given what these stand for.</summary>
    TResult Apply(Application application, IReadOnlyList<TResult> arguments);
}
