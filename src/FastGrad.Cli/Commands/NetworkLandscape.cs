using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FastGrad.Analysis.Curvature;
using FastGrad.Analysis.Landscapes;
using FastGrad.Cli.Output;

namespace FastGrad.Cli.Commands;

/// <summary>The loss of a network around its parameters: directions, slice, and the way that led there.</summary>
/// <param name="title">What is looked at.</param>
/// <param name="loss">The loss; its point is the center.</param>
/// <param name="objective">The same for eigenvectors.</param>
/// <param name="settings">How it is looked at.</param>
internal sealed class NetworkLandscape(string title, ModuleLoss<double> loss, Func<Objective> objective, LandscapeSettings settings)
{
    // Of the larger side: a way that is nearly straight still gets a surface around it.
    private const double Room = 0.25, Least = 0.4;

    private readonly List<string> _notes = [];

    /// <summary>Adds what is to be said with the slice.</summary>
    public void Note(string note) => _notes.Add(note);

    /// <summary>What the slice is of, for JSON.</summary>
    public required Action<Utf8JsonWriter> Facts { get; init; }

    /// <summary>The points on the way, in order; the center is the last of them or another. Null for none.</summary>
    public Trajectory? Way { get; init; }

    /// <summary>What the way is called.</summary>
    public string WayName { get; init; } = "training";

    /// <summary>Slices along named directions: <c>random</c>, <c>eigen</c>, <c>pca</c>.</summary>
    /// <exception cref="UsageException">There is no such name, or not what it needs.</exception>
    public LandscapeDrawing Draw(CancellationToken stop)
    {
        int count = settings.Dimensions ?? 2;
        return settings.Directions switch
        {
            "random" => Slice([.. Enumerable.Range(0, count).Select(i => Directions.FilterNormalized(loss.Parameters, loss.Point, settings.Seed, (ulong)i, settings.Biases ? VectorParameters.Normalize : VectorParameters.Zero))], ["random direction 1", "random direction 2"], null, stop),
            "eigen" => Slice(Eigenvectors(count), ["eigenvector 1", "eigenvector 2"], null, stop),
            "pca" => Principal(count, stop),
            var other => throw new UsageException($"there are no directions '{other}'; expected random, eigen, pca, or one or two saved models."),
        };
    }

    /// <summary>Slices the line to another model, or the plane through two.</summary>
    public LandscapeDrawing Draw(IReadOnlyList<(string Name, double[] Point)> others, CancellationToken stop)
    {
        if (settings.Dimensions is { } count && count != others.Count)
            throw new UsageException($"--dimensions is {count} for directions to {others.Count} other {(others.Count == 1 ? "model" : "models")}; expected {others.Count}.");
        double range = settings.Range ?? 0.5;
        return Slice([.. others.Select(other => Directions.Between(loss.Point, other.Point))], [.. others.Select(other => $"to {other.Name}")], [.. others.Select(_ => (-range, 1 + range))], stop);
    }

    private double[][] Eigenvectors(int count)
    {
        HessianSpectrum spectrum = HessianSpectrum.Of(objective(), new() { Count = count, Tolerance = 1e-6, Seed = settings.Seed });
        foreach (Eigenpair pair in spectrum.Top.Take(count))
            _notes.Add(string.Create(CultureInfo.InvariantCulture, $"eigenvalue {pair.Value:G6}, residual {pair.Residual:G2}"));
        return [.. spectrum.Top.Take(count).Select(pair => (double[])[.. pair.Vector])];
    }

    private LandscapeDrawing Principal(int count, CancellationToken stop)
    {
        if (Way is null)
            throw new UsageException("--directions is pca, but there is no way to find its directions; expected --path with saved models, or a data set to train on.");
        PrincipalDirections principal = UsageException.Wrap(() => PrincipalDirections.Of(Way, count));
        _notes.Add(string.Create(CultureInfo.InvariantCulture, $"explained variance: {string.Join(" + ", principal.Explained.Select(share => share.ToString("P2", CultureInfo.InvariantCulture)))}"));
        string[] names = [.. principal.Explained.Select((share, i) => string.Create(CultureInfo.InvariantCulture, $"principal direction {i + 1} ({share:P1})"))];
        return Slice([.. principal.Axes], names, settings.Range is null ? Around(Project([.. principal.Axes])) : null, stop, principal);
    }

    private LandscapeDrawing Slice(double[][] directions, string[] names, (double From, double To)[]? ranges, CancellationToken stop, PrincipalDirections? principal = null)
    {
        GridAxis[] axes = [.. directions.Select((_, i) => ranges is null ? GridAxis.Around(settings.Range ?? 1, settings.Resolution, names[i]) : new(ranges[i].From, ranges[i].To, settings.Resolution, names[i]))];
        long start = Stopwatch.GetTimestamp();
        LossSurface? surface = axes.Length == 2 ? Landscape.Slice(loss.Value, loss.Point, directions[0], directions[1], axes[0], axes[1], stop) : null;
        LossLine? line = axes.Length == 1 ? Landscape.Slice(loss.Value, loss.Point, directions[0], axes[0], stop) : null;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, here = loss.Value(loss.Point);
        _notes.Add(string.Create(CultureInfo.InvariantCulture, $"loss {here:G6} at the center, {surface?.Lowest.Value ?? line!.Lowest.Value:G6} at the lowest of {axes.Aggregate(1, (n, axis) => n * axis.Count)} places; {loss.Count} parameters, {seconds:F1} s"));
        return new()
        {
            Title = title,
            Surface = surface,
            Line = line,
            Levels = settings.Levels,
            Ways = Way is null ? [] : [new(new(WayName, Project(directions)), [.. Way.Points.Select(point => loss.Value([.. point]))]) { Note = Off(Project(directions)) }],
            Notes = _notes,
            Facts = json =>
            {
                Facts(json);
                json.WriteString("directions", settings.Directions);
                json.WriteNumber("parameters", loss.Count);
                json.WriteFinite("center_loss", here);
                json.WriteNumber("seconds", seconds);
                if (principal is null)
                    return;
                json.WriteStartArray("explained_variance");
                foreach (double share in principal.Explained)
                    json.WriteNumberValue(share);
                json.WriteEndArray();
            },
        };
    }

    private IReadOnlyList<PlanePoint> Project(double[][] directions) =>
        directions.Length == 2 ? Way!.Project(loss.Point, directions[0], directions[1]) : Way!.Project(loss.Point, directions[0]);

    private static string Off(IReadOnlyList<PlanePoint> feet) => string.Create(CultureInfo.InvariantCulture, $", up to {feet.Max(p => p.Distance):G3} off the slice");

    // The box around the way, with room on every side.
    private (double From, double To)[] Around(IReadOnlyList<PlanePoint> feet)
    {
        (double Low, double High)[] sides = [(feet.Min(p => p.X), feet.Max(p => p.X)), (feet.Min(p => p.Y), feet.Max(p => p.Y))];
        double largest = sides.Max(side => side.High - side.Low);
        return [.. sides.Select(side =>
        {
            double half = Math.Max((side.High - side.Low) * (0.5 + Room), largest * Least), middle = side.Low / 2 + side.High / 2;
            return (middle - half, middle + half);
        })];
    }
}
