using System.Globalization;

namespace FastGrad.Analysis.Landscapes;

/// <summary>Evenly spaced places on one axis of a slice, both ends among them.</summary>
public sealed record GridAxis
{
    /// <summary>An axis.</summary>
    /// <param name="from">The first place.</param>
    /// <param name="to">The last place, above the first.</param>
    /// <param name="count">The number of places, at least 2.</param>
    /// <param name="name">What is written beside it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 2, an end or the distance between them is not finite, or the ends are not in order.</exception>
    public GridAxis(double from, double to, int count, string name = "")
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!double.IsFinite(from))
            throw new ArgumentOutOfRangeException(nameof(from), from, "The axis begins at no finite number.");
        if (!double.IsFinite(to) || !double.IsFinite(to - from) || !(to > from))
            throw new ArgumentOutOfRangeException(nameof(to), to, string.Create(CultureInfo.InvariantCulture, $"The axis runs from {from} to {to}; expected a finite number above its beginning."));
        if (count < 2)
            throw new ArgumentOutOfRangeException(nameof(count), count, "An axis has at least 2 places.");
        (From, To, Count, Name) = (from, to, count, name);
    }

    /// <summary>The first place.</summary>
    public double From { get; }

    /// <summary>The last place.</summary>
    public double To { get; }

    /// <summary>The number of places.</summary>
    public int Count { get; }

    /// <summary>What is written beside the axis.</summary>
    public string Name { get; }

    /// <summary>From −<paramref name="range"/> to <paramref name="range"/>; with an odd count 0 is a place, exactly.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is no positive finite number, or the count is below 2.</exception>
    public static GridAxis Around(double range, int count, string name = "") => double.IsFinite(range) && range > 0
        ? new(-range, range, count, name)
        : throw new ArgumentOutOfRangeException(nameof(range), range, "A range is a positive finite number.");

    /// <summary>Place <paramref name="i"/>: (from·(n − 1 − i) + to·i)/(n − 1), which is exact at both ends and in the middle of a symmetric range.</summary>
    public double this[int i]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(i);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(i, Count);
            int last = Count - 1;
            return i == 0 ? From : i == last ? To : From * ((last - i) / (double)last) + To * (i / (double)last);
        }
    }

    /// <summary>All places.</summary>
    public double[] Places()
    {
        double[] places = new double[Count];
        for (int i = 0; i < places.Length; i++)
            places[i] = this[i];
        return places;
    }
}
