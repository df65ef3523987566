using System.Globalization;
using FastGrad.Analysis.Curvature;
using FastGrad.Kernels.Philox;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Analysis.Landscapes;

/// <summary>Directions for slices: random, filter-normalised, from one point to another.</summary>
public static class Directions
{
    // Of 1: what rounding leaves of the sine of two directions that are the same.
    private const double Parallel = 1e-12;

    /// <summary>Independent standard normal numbers.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="index">Which direction of the seed: others are independent.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static double[] Random(int count, ulong seed, ulong index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double[] direction = new double[count];
        new PhiloxStream(seed, index).FillNormal<double>(direction, 0, 1);
        return direction;
    }

    /// <summary>A random direction whose filters are as long as the network's: dᵢⱼ ← dᵢⱼ/‖dᵢⱼ‖·‖θᵢⱼ‖.</summary>
    /// <remarks>
    /// <para>
    /// Li et al. 2018, section 4. A filter is what makes one output: row j of the first axis of a weight or embedding i. A network of ReLUs computes the
    /// same when a filter is scaled and the next layer scaled back; a step is then measured against the weights that it moves. A filter of zeros stands still.
    /// </para>
    /// <para>The paper's program adds 1e-10 to ‖d‖, this does not: the norms agree to rounding.</para>
    /// </remarks>
    /// <param name="parameters">The parameters in order: <see cref="ModuleLoss{T}.Parameters"/>.</param>
    /// <param name="center">Their values, joined into one vector.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="index">Which direction of the seed: others are independent.</param>
    /// <param name="vectors">What becomes of biases and normalizations.</param>
    /// <exception cref="ArgumentException">The center has another number of elements than the parameters together.</exception>
    public static double[] FilterNormalized(
        IReadOnlyList<ParameterInfo> parameters, ReadOnlySpan<double> center, ulong seed, ulong index = 0, VectorParameters vectors = VectorParameters.Zero)
    {
        double[] direction = Random(Math.Max(1, center.Length), seed, index);
        NormalizeFilters(direction, parameters, center, vectors);
        return direction;
    }

    /// <summary>Scales each filter of a direction to the length of the center's, in place; see <see cref="FilterNormalized"/>.</summary>
    /// <exception cref="ArgumentException">Direction or center have another number of elements than the parameters together.</exception>
    public static void NormalizeFilters(Span<double> direction, IReadOnlyList<ParameterInfo> parameters, ReadOnlySpan<double> center, VectorParameters vectors = VectorParameters.Zero)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        int count = parameters.Sum(p => p.Count);
        if (center.Length != count)
            throw new ArgumentException($"A center of {center.Length} numbers for parameters of {count} together; expected as many.", nameof(center));
        if (direction.Length != count)
            throw new ArgumentException($"A direction of {direction.Length} numbers for parameters of {count} together; expected as many.", nameof(direction));
        int at = 0;
        foreach (ParameterInfo parameter in parameters)
        {
            Span<double> part = direction.Slice(at, parameter.Count);
            ReadOnlySpan<double> weights = center.Slice(at, parameter.Count);
            at += parameter.Count;
            if (parameter.Shape.Length >= 2 && parameter.Role is not (ParameterRole.Bias or ParameterRole.Norm))
            {
                int rows = parameter.Shape[0], filter = rows == 0 ? 0 : parameter.Count / rows;
                for (int row = 0; row < rows; row++)
                    Match(part.Slice(row * filter, filter), weights.Slice(row * filter, filter));
            }
            else if (vectors == VectorParameters.Normalize)
            {
                Match(part, weights);
            }
            else
            {
                part.Clear();
            }
        }
    }

    /// <summary>to − from: along it x = 0 is the one point and x = 1 the other (Goodfellow, Vinyals and Saxe 2015).</summary>
    /// <exception cref="ArgumentException">The points differ in their numbers of elements.</exception>
    public static double[] Between(ReadOnlySpan<double> from, ReadOnlySpan<double> to)
    {
        if (to.Length != from.Length)
            throw new ArgumentException($"A point of {to.Length} numbers and one of {from.Length}; expected as many.", nameof(to));
        double[] direction = to.ToArray();
        Vectors.Add(direction, -1, from);
        return direction;
    }

    internal static void Check(ReadOnlySpan<double> direction, int count, string name)
    {
        if (direction.Length != count)
            throw new ArgumentException($"A direction of {direction.Length} numbers; expected {count}, as the center has.", name);
        bool zero = true;
        for (int i = 0; i < count; i++)
        {
            if (!double.IsFinite(direction[i]))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Element {i} of the direction is {direction[i]}; expected a finite number."), name);
            zero &= direction[i] == 0;
        }
        if (zero)
            throw new ArgumentException("The direction is zero; expected one that leads somewhere.", name);
    }

    internal static void CheckPlane(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int count)
    {
        Check(first, count, nameof(first));
        Check(second, count, nameof(second));
        // The part of the second that is orthogonal to the first.
        double[] u = first.ToArray(), v = second.ToArray();
        Vectors.Scale(u, 1 / Vectors.Norm(u));
        Vectors.Scale(v, 1 / Vectors.Norm(v));
        Vectors.Add(v, -Vectors.Dot(u, v), u);
        if (!(Vectors.Norm(v) > Parallel))
            throw new ArgumentException("The directions are parallel; expected two that span a plane.", nameof(second));
    }

    private static void Match(Span<double> filter, ReadOnlySpan<double> weights)
    {
        double own = Vectors.Norm(filter);
        if (own > 0)
            Vectors.Scale(filter, Vectors.Norm(weights) / own);
    }
}
