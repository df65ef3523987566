using System.Numerics;
using FastGrad.Serialization;

namespace FastGrad.Data;

/// <summary>
/// z = (x − μ) / σ by columns, with the mean and the population standard deviation of the rows it was fitted to.
/// A column of one value has σ = 1, so it becomes 0 and stays finite on other data.
/// </summary>
/// <remarks>
/// μ and σ are double whatever <typeparamref name="T"/> is, and each value is computed in double and rounded once.
/// Corrected two-pass algorithm (Chan, Golub, LeVeque, "Algorithms for computing the sample variance", The American
/// Statistician 37, 1983, eq. 1.7): μ first, then σ² = (Σd² − (Σd)²/n)/n over d = x − μ, with d scaled by a power of two
/// so that neither large nor tiny columns overflow or vanish. Sums run over the rows in order: the same bits everywhere.
/// </remarks>
public sealed class Standardizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Near = 1.0 / (1L << 33); // of 2³¹ rows and their differences from the mean, the sum stays in the format

    private readonly double[] _mean;
    private readonly double[] _deviation;

    /// <summary>A standardizer of known means and standard deviations; the spans are copied.</summary>
    /// <exception cref="ArgumentException">The lengths differ or are 0, a mean is not finite, a deviation is not positive and finite.</exception>
    public Standardizer(ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation)
    {
        if (mean.IsEmpty || mean.Length != deviation.Length)
            throw new ArgumentException($"mean holds {mean.Length} values and deviation {deviation.Length}; expected as many, at least one.", nameof(mean));
        for (var j = 0; j < mean.Length; j++)
        {
            if (!double.IsFinite(mean[j]))
                throw new ArgumentException($"mean[{j}] is {mean[j]}; expected a finite number.", nameof(mean));
            if (!double.IsFinite(deviation[j]) || deviation[j] <= 0)
                throw new ArgumentException($"deviation[{j}] is {deviation[j]}; expected a positive finite number.", nameof(deviation));
        }

        _mean = mean.ToArray();
        _deviation = deviation.ToArray();
    }

    /// <summary>The number of columns.</summary>
    public int Columns => _mean.Length;

    /// <summary>The mean of each column.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>The population standard deviation of each column; 1 for a constant one.</summary>
    public ReadOnlySpan<double> Deviation => _deviation;

    /// <summary>Measures the columns of a row-major table, [rows × columns].</summary>
    /// <exception cref="ArgumentException">The table is empty or ragged, or holds a NaN or an infinity.</exception>
    public static Standardizer<T> Fit(ReadOnlySpan<T> values, int columns)
    {
        CheckTable(values.Length, columns, nameof(values));
        if (values.IsEmpty)
            throw new ArgumentException("values is empty; expected at least one row.", nameof(values));
        var mean = new double[columns];
        var deviation = new double[columns];
        for (var j = 0; j < columns; j++)
        {
            (mean[j], deviation[j]) = Measure(values[j..], columns, 1);
            if (!double.IsFinite(mean[j]) || !double.IsFinite(deviation[j]))
                (mean[j], deviation[j]) = Measure(values[j..], columns, Near); // sums or differences that leave the format come back
            if (!double.IsFinite(mean[j]) || !double.IsFinite(deviation[j]))
                throw new ArgumentException($"Column {j} of values has no finite mean ({mean[j]}).", nameof(values));
        }

        return new Standardizer<T>(mean, deviation);
    }

    /// <summary>Standardises rows: destination = (source − μ) / σ. The spans may be the same.</summary>
    /// <exception cref="ArgumentException">The source is no whole number of rows, or the destination is shorter.</exception>
    public void Apply(ReadOnlySpan<T> source, Span<T> destination)
    {
        CheckSpans(source, destination);
        for (var i = 0; i < source.Length; i += Columns)
            for (var j = 0; j < Columns; j++)
                destination[i + j] = T.CreateTruncating(Scaled(double.CreateTruncating(source[i + j]), _mean[j], _deviation[j]));
    }

    /// <summary>Standardises rows in place.</summary>
    /// <exception cref="ArgumentException">The span is no whole number of rows.</exception>
    public void Apply(Span<T> values) => Apply(values, values);

    /// <summary>Gives rows back in their own units: destination = source · σ + μ. The spans may be the same.</summary>
    /// <exception cref="ArgumentException">The source is no whole number of rows, or the destination is shorter.</exception>
    public void Inverse(ReadOnlySpan<T> source, Span<T> destination)
    {
        CheckSpans(source, destination);
        for (var i = 0; i < source.Length; i += Columns)
            for (var j = 0; j < Columns; j++)
                destination[i + j] = T.CreateTruncating(Unscaled(double.CreateTruncating(source[i + j]), _mean[j], _deviation[j]));
    }

    /// <summary>Gives rows back in their own units, in place.</summary>
    /// <exception cref="ArgumentException">The span is no whole number of rows.</exception>
    public void Inverse(Span<T> values) => Inverse(values, values);

    /// <summary>Adds the two arrays as F64 tensors <c>{prefix}.mean</c> and <c>{prefix}.std</c>, [columns].</summary>
    /// <exception cref="ArgumentException">The writer has tensors of these names.</exception>
    public void Save(SafeTensorsWriter writer, string prefix)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Add<double>(prefix + ".mean", [Columns], _mean);
        writer.Add<double>(prefix + ".std", [Columns], _deviation);
    }

    /// <summary>The standardizer saved under a prefix.</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, of another type or shape, or holds a value that no standardizer has.</exception>
    public static Standardizer<T> Load(SafeTensorsFile file, string prefix)
    {
        ArgumentNullException.ThrowIfNull(file);
        var mean = file.Read<double>(prefix + ".mean", [-1]);
        var deviation = file.Read<double>(prefix + ".std", [mean.Length]);
        try
        {
            return new Standardizer<T>(mean, deviation);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{file.Origin}: tensors '{prefix}.mean' and '{prefix}.std' are no standardizer: {error.Message}", error);
        }
    }

    // Near the largest number a difference may leave the format where the quotient does not; halving is exact there.
    private static double Scaled(double x, double mean, double deviation) =>
        (x - mean) is var difference && double.IsFinite(difference) ? difference / deviation : (x / 2 - mean / 2) / (deviation / 2);

    private static double Unscaled(double z, double mean, double deviation) =>
        (z * deviation) + mean is var x && double.IsFinite(x) ? x : (z * (deviation / 2) + mean / 2) * 2;

    // Of the column times a power of two, which is taken back at the end.
    private static (double Mean, double Deviation) Measure(ReadOnlySpan<T> column, int stride, double near)
    {
        var n = (column.Length + stride - 1) / stride;
        var first = double.CreateTruncating(column[0]);
        var constant = true;
        var sum = 0.0;
        for (var i = 0; i < column.Length; i += stride)
        {
            var x = double.CreateTruncating(column[i]);
            constant &= x == first;
            sum += x * near;
        }

        // The mean of equal values may round to a neighbour, and its deviation to a tiny σ: they are told apart exactly.
        if (constant)
            return (first, 1);

        var mean = sum / n;
        var greatest = 0.0;
        for (var i = 0; i < column.Length; i += stride)
            greatest = Math.Max(greatest, Math.Abs(double.CreateTruncating(column[i]) * near - mean));
        var scale = Math.ScaleB(1, Math.ILogB(greatest));

        double squares = 0, rest = 0;
        for (var i = 0; i < column.Length; i += stride)
        {
            var d = (double.CreateTruncating(column[i]) * near - mean) / scale;
            squares += d * d;
            rest += d;
        }

        return (mean / near, scale * Math.Sqrt((squares - (rest * rest / n)) / n) / near);
    }

    private void CheckSpans(ReadOnlySpan<T> source, Span<T> destination)
    {
        CheckTable(source.Length, Columns, nameof(source));
        if (destination.Length < source.Length)
            throw new ArgumentException($"destination holds {destination.Length} values; expected at least {source.Length}.", nameof(destination));
    }

    private static void CheckTable(int length, int columns, string argument)
    {
        if (columns < 1)
            throw new ArgumentException($"columns is {columns}; expected at least 1.", nameof(columns));
        if (length % columns != 0)
            throw new ArgumentException($"{argument} holds {length} values; expected a multiple of {columns} columns.", argument);
    }
}
