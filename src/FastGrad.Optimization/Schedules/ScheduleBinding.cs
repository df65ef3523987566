namespace FastGrad.Optimization.Schedules;

/// <summary>A schedule attached to a hyperparameter by name.</summary>
/// <param name="Option">The name of the option, such as <c>lr</c> or <c>momentum</c>.</param>
/// <param name="Create">Makes the schedule from the group's configured value, once for each group.</param>
public sealed record ScheduleBinding(string Option, Func<double, ISchedule> Create)
{
    /// <summary>A schedule that gives the values themselves, whatever the group's configured value.</summary>
    public ScheduleBinding(string option, ISchedule schedule)
        : this(option, _ => schedule) => Description = schedule?.GetType().Name ?? throw new ArgumentNullException(nameof(schedule));

    /// <summary>
    /// The schedule in words, by which a resumed training tells it from others: name and options where it comes from a
    /// definition, else whatever whoever made it says.
    /// </summary>
    public string Description { get; init; } = "";
}
