using System.Globalization;
using FastGrad.Analysis.Landscapes;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Cli.Commands;

/// <summary>The landscape around a saved model: along named directions, or towards other saved models.</summary>
/// <remarks>A model brings the scaling of its training rows. All losses are taken on the data as the first model scales them; where that changes another one's loss it is said.</remarks>
internal static class SavedLandscape
{
    /// <exception cref="UsageException">A model is missing, or is another one than the first.</exception>
    public static LandscapeDrawing Draw(string path, string data, string[] way, LandscapeSettings settings, CancellationToken stop)
    {
        SavedModel model = SavedModel.Load(path, data, stop);
        ModuleLoss<double> loss = new(model.Module, model.Loss);
        List<string> notes = [];
        // A name that is none of these is a model's path.
        string directions = settings.Directions ?? (way.Length > 0 ? "pca" : "random");
        bool named = directions is "random" or "eigen" or "pca";
        (string Name, double[] Point)[] others = named ? [] : [.. directions.Split(',').Select(other => (Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(other)), Load(other)))];
        if (others.Length > 2)
            throw new UsageException($"--directions names {others.Length} models; expected one or two.");
        Trajectory? passed = null;
        if (way.Length > 0)
        {
            passed = new(loss.Count);
            foreach (string step in way)
                passed.Add(Load(step));
            passed.Add(loss.Point);
        }
        NetworkLandscape landscape = new($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(path))} on {Path.GetFileNameWithoutExtension(data)}", loss, model.Objective, settings with { Directions = directions })
        {
            Way = passed,
            WayName = "path",
            Facts = line =>
            {
                line.WriteString("kind", "model");
                line.WriteString("model", path);
                line.WriteString("dataset", data);
                line.WriteNumber("rows", model.Rows);
            },
        };
        notes.ForEach(landscape.Note);
        return named ? landscape.Draw(stop) : landscape.Draw(others, stop);

        double[] Load(string other)
        {
            SavedModel loaded;
            try
            {
                loaded = SavedModel.Load(other, data, stop);
            }
            catch (UsageException error) when (other == directions && !Path.Exists(other))
            {
                throw new UsageException($"--directions is '{other}'; expected random, eigen, pca, or one or two saved models: {error.Message}");
            }
            ModuleLoss<double> its = new(loaded.Module, loaded.Loss);
            if (!its.Parameters.Select(Text).SequenceEqual(loss.Parameters.Select(Text)))
                throw new UsageException($"'{other}' is {loaded.Description.Architecture}, '{path}' is {model.Description.Architecture}; expected models of one architecture.");
            (double own, double here) = (its.Value(its.Point), loss.Value(its.Point));
            if (Math.Abs(own - here) > 1e-9 * Math.Abs(own))
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"{other} has another scaling of the data: its loss is {own:G6}, and {here:G6} on the data as {path} scales them"));
            return its.Point.ToArray();
        }

        static string Text(ParameterInfo parameter) => parameter.ToString();
    }
}
