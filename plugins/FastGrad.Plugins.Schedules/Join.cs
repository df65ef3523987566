using System.Collections.Immutable;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>One schedule after another, each with its own steps counted from 0: v(t) = sᵢ(t − startᵢ).</summary>
public sealed class Join : ISchedule
{
    private readonly ImmutableArray<(long Start, ISchedule Schedule)> _parts;

    /// <summary>Joins two schedules.</summary>
    /// <param name="first">The schedule of the updates before <paramref name="at"/>.</param>
    /// <param name="at">The update from which the second holds; it sees local step 0 there.</param>
    /// <param name="second">The schedule from then on.</param>
    public Join(ISchedule first, long at, ISchedule second)
        : this((0, first), (at, second))
    {
    }

    /// <summary>Joins any number of schedules.</summary>
    /// <param name="parts">The schedules, each with the update it starts at: the first at 0, then rising.</param>
    /// <exception cref="ArgumentException">There is no part, the first does not start at 0, or the starts do not rise.</exception>
    public Join(params ReadOnlySpan<(long Start, ISchedule Schedule)> parts)
    {
        if (parts.IsEmpty || parts[0].Start != 0)
            throw new ArgumentException("The first part of a joined schedule must start at 0.", nameof(parts));
        for (int i = 1; i < parts.Length; i++)
        {
            if (parts[i].Start < parts[i - 1].Start)
                throw new ArgumentException($"Part {i} starts at {parts[i].Start}, before part {i - 1} at {parts[i - 1].Start}; expected rising starts.", nameof(parts));
        }
        _parts = [.. parts];
    }

    /// <inheritdoc/>
    public double At(long step)
    {
        int part = _parts.Length - 1;
        while (part > 0 && step < _parts[part].Start)
            part--;
        return _parts[part].Schedule.At(step - _parts[part].Start);
    }
}
