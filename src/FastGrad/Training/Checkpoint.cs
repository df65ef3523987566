using System.Numerics;
using System.Runtime.InteropServices;
using FastGrad.Data;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.State;
using FastGrad.Serialization;

namespace FastGrad.Training;

/// <summary>The file of a training under way.</summary>
/// <remarks>
/// Parameters under their names, optimizer state as <c>optimizer.{parameter}.{slot}</c>, counters as <c>trainer.…</c>, and in the metadata
/// every setting that the further course depends on, as far as it can be put in words: of a module of another assembly its type. Schedules are
/// compared by their values too. The number of epochs is none of the settings, unless a schedule's length follows from it.
/// </remarks>
internal static class Checkpoint
{
    private const string StatePrefix = "optimizer.", MetricPrefix = "schedule.";

    public static void Write<T>(Trainer<T> trainer, SafeTensorsWriter writer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (trainer.Optimizer.WeightsInUse != WeightsInUse.Training)
            throw new InvalidOperationException("The model holds evaluation weights; expected their scope to be disposed before a checkpoint.");
        trainer.Model.Save(writer);
        Write(StatePrefix, trainer.Optimizer.State, writer);
        Write(MetricPrefix, trainer.MetricSchedule?.State ?? [], writer);
        ScheduleSamples.Write(trainer, writer);
        EpochTotals totals = trainer.Totals;
        writer.Add<long>("trainer.position", [2], [trainer.Position.Epoch, trainer.Position.Batch]);
        writer.Add<long>("trainer.epoch_rows", [2], [totals.Rows, totals.Correct]);
        writer.Add<double>("trainer.epoch_loss", [2], [totals.Loss, trainer.Last.BatchLoss]);
        CheckpointSettings.Write(trainer, writer);
    }

    private static void Write(string prefix, IReadOnlyList<StateEntry> state, SafeTensorsWriter writer)
    {
        foreach (StateEntry entry in state)
        {
            string name = prefix + entry.Name;
            switch (entry.Type)
            {
                case StateElementType.Float32:
                    writer.Add(name, entry.Shape.AsSpan(), MemoryMarshal.Cast<byte, float>((ReadOnlySpan<byte>)entry.Bytes));
                    break;
                case StateElementType.Float64:
                    writer.Add(name, entry.Shape.AsSpan(), MemoryMarshal.Cast<byte, double>((ReadOnlySpan<byte>)entry.Bytes));
                    break;
                default:
                    writer.Add(name, entry.Shape.AsSpan(), MemoryMarshal.Cast<byte, long>((ReadOnlySpan<byte>)entry.Bytes));
                    break;
            }
        }
    }

    public static void Read<T>(Trainer<T> trainer, SafeTensorsFile file)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(file);
        CheckpointSettings.Compare(trainer, file);
        ScheduleSamples.Compare(trainer, file);
        long[] position = file.Read<long>("trainer.position", [2]), rows = file.Read<long>("trainer.epoch_rows", [2]);
        double[] loss = file.Read<double>("trainer.epoch_loss", [2]);
        if (position[0] < 0 || position[1] < 0 || position[1] >= trainer.BatchesPerEpoch || rows[0] < 0)
            throw new InvalidDataException($"{file.Origin}: 'trainer.position' is epoch {position[0]}, batch {position[1]}; expected a batch from 0 to {trainer.BatchesPerEpoch - 1}.");
        Action load = trainer.Model.Prepare(file, mayDiverge: true);
        StateTensor[] optimizer = State(StatePrefix, file), metric = State(MetricPrefix, file);
        try
        {
            trainer.MetricSchedule?.Check(metric); // before anything changes
            trainer.Optimizer.LoadState(optimizer);
            trainer.MetricSchedule?.LoadState(metric);
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException($"{file.Origin}: {error.Message}", error);
        }
        load();
        trainer.MoveTo(new(position[0], (int)position[1]));
        trainer.Totals = new() { Loss = loss[0], Rows = rows[0], Correct = rows[1] };
        bool ended = position[1] == 0;
        trainer.Last = new(
            ended ? position[0] : position[0] + 1, trainer.Options.Epochs, ended ? trainer.BatchesPerEpoch : (int)position[1], trainer.BatchesPerEpoch,
            trainer.Optimizer.Updates, loss[1], trainer.Totals.MeanLoss, trainer.Totals.Accuracy, double.NaN, null);
    }

    private static StateTensor[] State(string prefix, SafeTensorsFile file) =>
        [.. file.Entries.Where(e => e.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(e => State(prefix, file, e))];

    private static StateTensor State(string prefix, SafeTensorsFile file, SafeTensorsEntry entry) => new(
        entry.Name[prefix.Length..],
        entry.Type switch
        {
            SafeTensorsType.F32 => StateElementType.Float32,
            SafeTensorsType.F64 => StateElementType.Float64,
            SafeTensorsType.I64 => StateElementType.Int64,
            _ => throw new InvalidDataException($"{file.Origin}: tensor '{entry.Name}' is {entry}; expected F32, F64 or I64."),
        },
        [.. entry.Shape.Select(length => checked((int)length))],
        entry.Data);
}
