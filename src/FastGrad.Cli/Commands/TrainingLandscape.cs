using FastGrad.Analysis.Curvature;
using FastGrad.Analysis.Landscapes;
using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Losses;
using FastGrad.Training;

namespace FastGrad.Cli.Commands;

/// <summary>Trains a network, and draws the way of its parameters over the loss of the rows that it is trained on.</summary>
internal static class TrainingLandscape
{
    // Places on the way where nothing is said.
    private const int Places = 100;

    /// <exception cref="UsageException">There are no such data, or an option is unknown or out of range.</exception>
    public static LandscapeDrawing Draw(string source, FitOptions options, int? every, LandscapeSettings settings, bool quiet, CancellationToken stop)
    {
        string directions = settings.Directions ?? "pca";
        if (directions is not ("random" or "eigen" or "pca"))
            throw new UsageException($"there are no directions '{directions}' for a training; expected random, eigen or pca.");
        DataSet<double> data = DataArgument.Read<double>(source, stop);
        Fitting<double> fitting = UsageException.Wrap(() => new Fitting<double>(data, options));
        Trainer<double> trainer = fitting.Trainer;
        int between = every ?? (int)Math.Max(1, trainer.TotalUpdates / Places);
        Trajectory way = Trajectory.Record(trainer, between);
        _ = TrainProgress.Show((progress, evaluate) => fitting.Run(progress, evaluate, stop), data.Kind, quiet);
        stop.ThrowIfCancellationRequested();

        DataSet<double> rows = trainer.Data;
        Tensor<double> x = Tensor.From(rows.Features, [rows.Rows, rows.Columns]);
        Target<double> target = data.Kind == TargetKind.Classification ? Tensor.From(rows.Labels, [rows.Rows]) : Tensor.From(rows.Targets, [rows.Rows, rows.Outputs]);
        Func<Tensor<double>> loss = () => trainer.Loss.Forward(trainer.Model.Invoke(x), target);
        trainer.Model.Eval();
        ModuleLoss<double> around = new(trainer.Model, loss);
        if (around.Point.ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
            throw new ArithmeticException("the training has diverged: its parameters are not finite. A smaller learning rate may help.");
        string name = Path.GetFileNameWithoutExtension(source);
        return new NetworkLandscape($"{name}, {fitting.Architecture}, {options.Optimizer}", around, () => Objective.Of(trainer.Model, loss), settings with { Directions = directions })
        {
            Way = way,
            WayName = options.Optimizer,
            Facts = line =>
            {
                line.WriteString("kind", "training");
                line.WriteString("dataset", name);
                line.WriteString("model", options.Model);
                line.WriteString("optimizer", options.Optimizer);
                line.WriteNumber("epochs", trainer.Options.Epochs);
                line.WriteNumber("updates", trainer.Optimizer.Updates);
                line.WriteNumber("every", between);
                line.WriteNumber("rows", rows.Rows);
            },
        }.Draw(stop);
    }
}
