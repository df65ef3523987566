namespace FastGrad.Analysis.Checks;

/// <summary>Derivatives from values alone: central differences with Richardson extrapolation.</summary>
/// <remarks>
/// Slopes over h, h/2 and h/4 are combined so that the terms in h² and h⁴ vanish: the error is O(h⁶) and about 16·ε|f|/h from rounding.
/// Richardson 1911, "The approximate arithmetical solution by finite differences of physical problems".
/// </remarks>
public static class NumericDerivative
{
    /// <summary>d/dt f(t) at t = 0 of a function with several results.</summary>
    /// <param name="f">The function; it is called at ±h, ±h/2 and ±h/4.</param>
    /// <param name="h">The largest step.</param>
    public static double[] Along(Func<double, double[]> f, double h)
    {
        ArgumentNullException.ThrowIfNull(f);
        double[] coarse = Slopes(f, h), middle = Slopes(f, h / 2), fine = Slopes(f, h / 4);
        for (int i = 0; i < fine.Length; i++)
        {
            double first = (4 * middle[i] - coarse[i]) / 3, second = (4 * fine[i] - middle[i]) / 3;
            fine[i] = (16 * second - first) / 15;
        }
        return fine;
    }

    /// <summary>f′(x) of a function of one number.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="h">The largest step.</param>
    public static double At(Func<double, double> f, double x, double h)
    {
        ArgumentNullException.ThrowIfNull(f);
        return Along(t => [f(x + t)], h)[0];
    }

    private static double[] Slopes(Func<double, double[]> f, double h)
    {
        double[] above = f(h), below = f(-h);
        for (int i = 0; i < above.Length; i++)
            above[i] = (above[i] - below[i]) / (2 * h);
        return above;
    }
}
