namespace FastGrad.Analysis.Reference;

/// <summary>Inverse and further elementary functions of <see cref="Precise"/>, right to about 28 digits.</summary>
public static class PreciseInverses
{
    private static readonly Precise s_quarter = new(1.5707963267948966, 6.123233995736766e-17); // π/2

    /// <summary>arctan x: by Newton's method on the angle, which mends any small error of its start.</summary>
    public static Precise Atan(Precise x)
    {
        Precise y = Kernels.Functions.Atan<double>.At(x.High);
        for (int i = 0; i < 3; i++)
        {
            // tan(θ − y) = (x − tan y)/(1 + x·tan y), and the difference is its own tangent to third order.
            Precise sine = PreciseFunctions.Sin(y), cosine = PreciseFunctions.Cos(y);
            y += (x * cosine - sine) / (cosine + x * sine);
        }
        return y;
    }

    /// <summary>arctan(y/x) in the quadrant of (x, y); not at the origin.</summary>
    public static Precise Atan2(Precise y, Precise x)
    {
        if (Precise.Abs(y) > Precise.Abs(x))
            return (y > 0 ? s_quarter : -s_quarter) - Atan(x / y);
        Precise angle = Atan(y / x);
        return x > 0 ? angle : y < 0 ? angle - s_quarter * 2 : angle + s_quarter * 2;
    }

    /// <summary>arcsin x for |x| &lt; 1.</summary>
    public static Precise Asin(Precise x) => Atan(x / Precise.Sqrt(((Precise)1 - x) * (x + 1)));

    /// <summary>arccos x for |x| &lt; 1, with its digits near 1.</summary>
    public static Precise Acos(Precise x) => Atan(Precise.Sqrt(((Precise)1 - x) / (x + 1))) * 2;

    /// <summary>arsinh x.</summary>
    public static Precise Asinh(Precise x)
    {
        Precise size = Precise.Abs(x), square = size * size;
        Precise y = PreciseFunctions.Log1p(size + square / (Precise.Sqrt(square + 1) + 1));
        return x < 0 ? -y : y;
    }

    /// <summary>arcosh x for x > 1, with its digits near 1.</summary>
    public static Precise Acosh(Precise x)
    {
        Precise t = x - 1;
        return PreciseFunctions.Log1p(t + Precise.Sqrt(t * (t + 2)));
    }

    /// <summary>artanh x for |x| &lt; 1.</summary>
    public static Precise Atanh(Precise x) => PreciseFunctions.Log1p(x * 2 / ((Precise)1 - x)) * 0.5;

    /// <summary>∛x, by Newton's method.</summary>
    public static Precise Cbrt(Precise x)
    {
        if (x.High == 0)
            return x;
        Precise y = Kernels.Functions.Cbrt<double>.At(x.High);
        for (int i = 0; i < 2; i++)
            y -= (y * y * y - x) / (y * y * 3);
        return y;
    }

    /// <summary>xʸ for x > 0.</summary>
    public static Precise Pow(Precise x, Precise y) => PreciseFunctions.Exp(PreciseFunctions.Log(x) * y);

    /// <summary>log(1 + eˣ).</summary>
    public static Precise Softplus(Precise x) => (x > 0 ? x : 0) + PreciseFunctions.Log1p(PreciseFunctions.Exp(-Precise.Abs(x)));
}
