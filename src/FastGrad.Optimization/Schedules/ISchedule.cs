namespace FastGrad.Optimization.Schedules;

/// <summary>A hyperparameter as a pure function of the number of applied updates.</summary>
/// <remarks>
/// <see cref="At"/>(t) serves update t = 0, 1, …; it holds no state, so a checkpoint holds one integer. What reacts to a
/// measured loss is a <see cref="MetricSchedule"/>: it sets the group's value (<see cref="OptimizerGroup.Set"/>) and keeps its own state.
/// </remarks>
public interface ISchedule
{
    /// <summary>The value for update <paramref name="step"/>, counted from 0.</summary>
    double At(long step);
}
