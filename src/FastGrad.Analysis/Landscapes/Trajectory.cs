using System.Numerics;
using FastGrad.Modules;
using FastGrad.Optimization.Minimization;
using FastGrad.Training;
using Vectors = FastGrad.Analysis.Curvature.Vectors;

namespace FastGrad.Analysis.Landscapes;

/// <summary>The points that a training or a search passes, and where they lie on a plane.</summary>
/// <remarks>Holds copies: k snapshots of n numbers take 8·k·n bytes. A point that equals the one before it is not kept twice.</remarks>
public sealed class Trajectory
{
    private readonly List<double[]> _points = [];

    /// <summary>A trajectory without points.</summary>
    /// <param name="count">The numbers of a point, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public Trajectory(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
    }

    /// <summary>The numbers of a point.</summary>
    public int Count { get; }

    /// <summary>The points, in the order in which they were passed.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Points => _points;

    /// <summary>The last point.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public ReadOnlySpan<double> Last => _points.Count > 0 ? _points[^1] : throw new InvalidOperationException("The trajectory has no points yet.");

    internal IReadOnlyList<double[]> Snapshots => _points;

    /// <summary>Adds a point. One that is not finite ends nothing: it is left out.</summary>
    /// <exception cref="ArgumentException">The point has another number of elements.</exception>
    public void Add(ReadOnlySpan<double> point)
    {
        if (point.Length != Count)
            throw new ArgumentException($"A point of {point.Length} numbers; expected {Count}.", nameof(point));
        foreach (double x in point)
        {
            if (!double.IsFinite(x))
                return;
        }
        if (_points.Count == 0 || !point.SequenceEqual(_points[^1]))
            _points.Add(point.ToArray());
    }

    /// <summary>Adds a module's parameters as they are now, in the order of <see cref="ModuleLoss{T}.Parameters"/>: for loops of one's own.</summary>
    /// <exception cref="ArgumentException">The module has another number of parameters.</exception>
    public void Add<T>(Module<T> module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(module);
        Add(ModuleLoss<T>.Read(module));
    }

    /// <summary>Options by which a minimizer, or a chain of them, shows its start and the point after each iteration to this trajectory.</summary>
    /// <param name="options">The other options; null for the default.</param>
    public MinimizationOptions Watch(MinimizationOptions? options = null)
    {
        options ??= MinimizationOptions.Default;
        ValueObserver? others = options.Visited;
        return options with
        {
            Visited = (x, value) =>
            {
                others?.Invoke(x, value);
                Add(x);
            },
        };
    }

    /// <summary>Records a training: its parameters now, after every so many updates, and after the last.</summary>
    /// <param name="trainer">The trainer, before it runs.</param>
    /// <param name="every">The updates between two points, at least 1.</param>
    /// <returns>The trajectory, which grows while the trainer runs.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of updates is below 1.</exception>
    public static Trajectory Record<T>(Trainer<T> trainer, int every = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        Trajectory trajectory = new(checked((int)trainer.Model.ParameterCount));
        trajectory.Add(trainer.Model);
        trainer.Add(new Recorder<T>(trajectory, every));
        return trajectory;
    }

    /// <summary>The points' feet on a plane: for each θ the x and y that minimise ‖θ − center − x·first − y·second‖.</summary>
    /// <remarks>
    /// Least squares, so the directions may be of any lengths and at any angle: the second is made orthogonal to the first, and the answer turned back.
    /// </remarks>
    /// <param name="center">Where x = y = 0.</param>
    /// <param name="first">The direction of x.</param>
    /// <param name="second">The direction of y.</param>
    /// <exception cref="ArgumentException">A vector has another number of elements, or the directions span no plane.</exception>
    public IReadOnlyList<PlanePoint> Project(ReadOnlySpan<double> center, ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        CheckCenter(center);
        Directions.CheckPlane(first, second, Count);
        // first = r·u, second = s·u + t·v with u and v orthonormal.
        double[] u = first.ToArray(), v = second.ToArray();
        double r = Vectors.Norm(u);
        Vectors.Scale(u, 1 / r);
        double s = 0;
        for (int pass = 0; pass < 2; pass++) // the second pass takes away what rounding left of u
        {
            double along = Vectors.Dot(u, v);
            Vectors.Add(v, -along, u);
            s += along;
        }
        double t = Vectors.Norm(v);
        Vectors.Scale(v, 1 / t);
        var feet = new PlanePoint[_points.Count];
        for (int i = 0; i < feet.Length; i++)
        {
            double[] rest = Directions.Between(center, _points[i]);
            double along = Take(rest, u), across = Take(rest, v), y = across / t;
            feet[i] = new((along - s * y) / r, y, Vectors.Norm(rest));
        }
        return feet;
    }

    /// <summary>The points' feet on a line: <see cref="PlanePoint.Y"/> is 0.</summary>
    /// <exception cref="ArgumentException">A vector has another number of elements, or the direction is zero.</exception>
    public IReadOnlyList<PlanePoint> Project(ReadOnlySpan<double> center, ReadOnlySpan<double> direction)
    {
        CheckCenter(center);
        Directions.Check(direction, Count, nameof(direction));
        double[] u = direction.ToArray();
        double r = Vectors.Norm(u);
        Vectors.Scale(u, 1 / r);
        var feet = new PlanePoint[_points.Count];
        for (int i = 0; i < feet.Length; i++)
        {
            double[] rest = Directions.Between(center, _points[i]);
            feet[i] = new(Take(rest, u) / r, 0, Vectors.Norm(rest));
        }
        return feet;
    }

    // The part along a unit vector, taken out of what is left.
    private static double Take(double[] rest, double[] unit)
    {
        double along = Vectors.Dot(unit, rest);
        Vectors.Add(rest, -along, unit);
        return along;
    }

    private void CheckCenter(ReadOnlySpan<double> center)
    {
        if (center.Length != Count)
            throw new ArgumentException($"A center of {center.Length} numbers; expected {Count}, as the points have.", nameof(center));
    }

    private sealed class Recorder<T>(Trajectory trajectory, int every) : TrainingCallback<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void OnUpdate(Trainer<T> trainer, in TrainingProgress progress)
        {
            if (progress.Updates % every == 0 || trainer.IsDone)
                trajectory.Add(trainer.Model);
        }
    }
}
