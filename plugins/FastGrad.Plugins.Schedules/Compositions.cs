using System.Collections.Immutable;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = v₀·f(t), f a function of one's own. PyTorch's LambdaLR.</summary>
/// <param name="value">v₀.</param>
/// <param name="factor">f; it must be pure, since a resumed training calls it anew.</param>
public sealed class Lambda(double value, Func<long, double> factor) : ISchedule
{
    /// <summary>Attaches v₀·f(t) to a hyperparameter.</summary>
    /// <param name="option">The hyperparameter.</param>
    /// <param name="factor">f.</param>
    /// <param name="description">What tells it from others when a training is resumed.</param>
    public static ScheduleBinding Bind(string option, Func<long, double> factor, string description) =>
        new(option, value => new Lambda(value, factor)) { Description = description };

    /// <inheritdoc/>
    public double At(long step) => value * factor(step);
}

/// <summary>v(t) = v₀·f(1)⋯f(t), f a function of one's own. PyTorch's MultiplicativeLR.</summary>
/// <remarks>The latest product is kept, so that one update after another costs one factor each. Always multiplied from t = 1 on, so in any order of calls the bits are the same.</remarks>
/// <param name="value">v₀.</param>
/// <param name="factor">f; it must be pure, since a resumed training calls it anew.</param>
public sealed class Multiplicative(double value, Func<long, double> factor) : ISchedule
{
    // One object, replaced as a whole: two threads may ask at once.
    private Latest _latest = new(0, value);

    /// <summary>Attaches v₀·f(1)⋯f(t) to a hyperparameter.</summary>
    /// <param name="option">The hyperparameter.</param>
    /// <param name="factor">f.</param>
    /// <param name="description">What tells it from others when a training is resumed.</param>
    public static ScheduleBinding Bind(string option, Func<long, double> factor, string description) =>
        new(option, value => new Multiplicative(value, factor)) { Description = description };

    /// <inheritdoc/>
    public double At(long step)
    {
        (long at, double product) = _latest is var latest && latest.Step <= step ? latest : new(0, value);
        while (at < step)
            product *= factor(++at);
        _latest = new(at, product);
        return product;
    }

    private sealed record Latest(long Step, double Product);
}

/// <summary>v(t) = v₀·∏ sᵢ(t)/v₀: the factors of several schedules at once. PyTorch's ChainedScheduler.</summary>
public sealed class Chained : ISchedule
{
    private readonly double _value;
    private readonly ImmutableArray<ISchedule> _parts;

    /// <summary>A product of schedules.</summary>
    /// <param name="value">v₀, the value that each of them was made from; not 0.</param>
    /// <param name="parts">The schedules.</param>
    /// <exception cref="ArgumentException">There is none, or v₀ is 0.</exception>
    public Chained(double value, params ReadOnlySpan<ISchedule> parts)
    {
        if (parts.IsEmpty || value == 0)
            throw new ArgumentException($"{parts.Length} schedules from the value {value}; expected at least one schedule and a value other than 0.", nameof(parts));
        (_value, _parts) = (value, [.. parts]);
    }

    /// <inheritdoc/>
    public double At(long step)
    {
        double result = _value;
        foreach (ISchedule part in _parts)
            result *= part.At(step) / _value;
        return result;
    }
}

/// <summary>v(t) = c·s(t).</summary>
/// <param name="schedule">s.</param>
/// <param name="factor">c.</param>
public sealed class Scaled(ISchedule schedule, double factor) : ISchedule
{
    /// <inheritdoc/>
    public double At(long step) => factor * schedule.At(step);
}

/// <summary>v(t) = min(b, max(a, s(t))).</summary>
/// <param name="schedule">s.</param>
/// <param name="low">a.</param>
/// <param name="high">b, at least a.</param>
/// <exception cref="ArgumentException">b is below a.</exception>
public sealed class Clamped(ISchedule schedule, double low, double high) : ISchedule
{
    private readonly double _high = high >= low ? high : throw new ArgumentException($"The bounds are {low} and {high}; expected a rising pair.", nameof(high));

    /// <inheritdoc/>
    public double At(long step) => Math.Min(_high, Math.Max(low, schedule.At(step)));
}
