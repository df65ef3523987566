namespace FastGrad.Analysis.Intervals;

/// <summary>An interval that holds a function's values on a box, with intervals for its first and second partial derivatives.</summary>
/// <remarks>Taylor arithmetic of second order over outward-rounded intervals. With no variables it is plain interval arithmetic.</remarks>
/// <param name="value">The values.</param>
/// <param name="gradient">∂f/∂xᵢ.</param>
/// <param name="hessian">∂²f/∂xᵢ∂xⱼ, row by row.</param>
/// <param name="contact">How near the box comes to where some part is not smooth.</param>
internal sealed class Jet(Interval value, Interval[] gradient, Interval[] hessian, Contact contact = Contact.None)
{
    public Interval Value => value;

    public Contact Contact => contact;

    /// <summary>How an argument comes near a place where a function of it has no derivatives: at the edge of its own values, or inside.</summary>
    /// <remarks>An affine argument meets such a place in a plane, which then bounds the box: the rest is convex. Another one may go around it.</remarks>
    public Contact ContactAt(double place) =>
        !value.Contains(place) ? Contact.None :
        (value.Low == place || value.High == place) && hessian.All(h => h is { Low: 0, High: 0 }) ? Contact.Edge : Contact.Inside;

    /// <summary>The same, after a contact.</summary>
    public Jet With(Contact met) => met <= contact ? this : new(value, gradient, hessian, met);

    public Interval[] Gradient => gradient;

    public Interval[] Hessian => hessian;

    private int Count => gradient.Length;

    public static Jet Constant(Interval value, int count) => new(value, new Interval[count], new Interval[count * count]);

    /// <summary>The variable of an index, over its interval.</summary>
    public static Jet Variable(Interval value, int index, int count)
    {
        Jet jet = Constant(value, count);
        jet.Gradient[index] = 1;
        return jet;
    }

    public static Jet operator +(Jet x, Jet y) => new(x.Value + y.Value, Zip(x.Gradient, y.Gradient, (a, b) => a + b), Zip(x.Hessian, y.Hessian, (a, b) => a + b), Worse(x, y));

    public static Jet operator -(Jet x) => new(-x.Value, [.. x.Gradient.Select(a => -a)], [.. x.Hessian.Select(a => -a)], x.Contact);

    public static Jet operator -(Jet x, Jet y) => x + -y;

    private static Contact Worse(Jet x, Jet y) => (Contact)Math.Max((int)x.Contact, (int)y.Contact);

    /// <summary>(xy)″ = x·y″ + x′y′ᵀ + y′x′ᵀ + y·x″.</summary>
    public static Jet operator *(Jet x, Jet y)
    {
        Jet product = Constant(x.Value * y.Value, x.Count);
        for (int i = 0; i < x.Count; i++)
        {
            product.Gradient[i] = x.Value * y.Gradient[i] + y.Value * x.Gradient[i];
            for (int j = 0; j < x.Count; j++)
            {
                int at = i * x.Count + j;
                product.Hessian[at] = x.Value * y.Hessian[at] + y.Value * x.Hessian[at] + (x.Gradient[i] * y.Gradient[j] + x.Gradient[j] * y.Gradient[i]);
            }
        }
        return product.With(Worse(x, y));
    }

    public static Jet operator /(Jet x, Jet y) => x * y.Compose(1 / y.Value, -(1 / y.Value.Square()), 2 / (y.Value * y.Value.Square())).With(y.ContactAt(0));

    /// <summary>f(x), with f, f′ and f″ over <see cref="Value"/>: (f∘x)″ = f′·x″ + f″·x′x′ᵀ.</summary>
    public Jet Compose(Interval f, Interval slope, Interval bend)
    {
        Jet result = Constant(f, Count);
        for (int i = 0; i < Count; i++)
        {
            result.Gradient[i] = slope * gradient[i];
            for (int j = 0; j < Count; j++)
            {
                Interval square = i == j ? gradient[i].Square() : gradient[i] * gradient[j];
                result.Hessian[i * Count + j] = slope * hessian[i * Count + j] + bend * square;
            }
        }
        return result.With(contact);
    }

    private static Interval[] Zip(Interval[] x, Interval[] y, Func<Interval, Interval, Interval> f)
    {
        var z = new Interval[x.Length];
        for (int i = 0; i < z.Length; i++)
            z[i] = f(x[i], y[i]);
        return z;
    }
}

/// <summary>How near a box comes to where some part of a function has no derivatives.</summary>
internal enum Contact
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>At its edge, in a plane: the function is smooth inside.</summary>
    Edge,

    /// <summary>Inside, or it cannot be told.</summary>
    Inside,
}
