using FastGrad.Analysis.Intervals;

namespace FastGrad.Analysis.Expressions;

/// <summary>Formulas over a box: intervals for values and for derivatives of first and second order.</summary>
/// <param name="names">The variables to differentiate by, in order.</param>
/// <param name="box">An interval for each variable.</param>
internal sealed class JetMeaning(IReadOnlyList<string> names, Func<string, Interval> box) : IMeaning<Jet>
{
    public Jet Number(double value) => Jet.Constant(value, names.Count);

    public Jet Variable(string name)
    {
        for (int i = 0; i < names.Count; i++)
            if (names[i] == name)
                return Jet.Variable(box(name), i, names.Count);
        return Jet.Constant(box(name), names.Count);
    }

    public Jet Apply(Application application, IReadOnlyList<Jet> arguments)
    {
        if (application.Arguments.Count == 2 && application.Arguments[0].Equals(application.Arguments[1]) && application.Function == Functions.Multiply)
            return Functions.Square.Jet([arguments[0]]);
        return application.Function.Jet(arguments);
    }
}
