using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Serialization;

namespace FastGrad.Training;

/// <summary>Values of a training's schedules at some of its updates: two schedules of one name may be different functions.</summary>
/// <remarks>
/// The first 32 updates, and 96 spread over the rest. A resumed training computes them again, as far as it goes itself; they agree to a relative
/// 1e-9, since a function of one's own may call a C library that rounds otherwise on another machine.
/// </remarks>
internal static class ScheduleSamples
{
    private const string Steps = "schedules.steps", Values = "schedules.values";
    private const int Dense = 32, Spread = 96;
    private const double Tolerance = 1e-9;

    public static void Write<T>(Trainer<T> trainer, SafeTensorsWriter writer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (OptimizerGroup Group, string Option)[] driven = Driven(trainer);
        if (driven.Length == 0)
            return;
        long last = trainer.TotalUpdates - 1;
        long[] steps = [.. Enumerable.Range(0, Dense).Select(i => (long)i).Concat(Enumerable.Range(1, Spread).Select(i => (long)((Int128)last * i / Spread))).Where(t => t <= last).Distinct().Order()];
        writer.Add<long>(Steps, [steps.Length], steps);
        writer.Add<double>(Values, [driven.Length, steps.Length], [.. driven.SelectMany(d => steps.Select(t => d.Group.At(d.Option, t)))]);
    }

    /// <exception cref="InvalidDataException">A value differs: the message names group, option, update and both values.</exception>
    public static void Compare<T>(Trainer<T> trainer, SafeTensorsFile file)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (OptimizerGroup Group, string Option)[] driven = Driven(trainer);
        if (driven.Length == 0)
            return;
        long[] steps = file.Read<long>(Steps, [-1]);
        double[] values = file.Read<double>(Values, [driven.Length, steps.Length]);
        for (int d = 0; d < driven.Length; d++)
        {
            for (int i = 0; i < steps.Length; i++)
            {
                if (steps[i] < 0 || steps[i] >= trainer.TotalUpdates)
                    continue;
                double there = values[d * steps.Length + i], here = driven[d].Group.At(driven[d].Option, steps[i]);
                if (!there.Equals(here) && !(Math.Abs(there - here) <= Tolerance * Math.Abs(here)))
                    throw new InvalidDataException(
                        $"{file.Origin}: the checkpoint was made with a schedule that gives {driven[d].Option} = {there} to group '{driven[d].Group.Name}' at update {steps[i]}; this training's gives {here}. Expected the same schedules.");
            }
        }
    }

    private static (OptimizerGroup Group, string Option)[] Driven<T>(Trainer<T> trainer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. trainer.Optimizer.Groups.SelectMany(g => g.Scheduled.Select(option => (g, option)))];
}
