using System.Numerics;
using FastGrad.Inference;
using FastGrad.Serialization;
using FastGrad.Training;

namespace FastGrad.Workloads;

/// <summary>The files that a training leaves in its output folder.</summary>
/// <param name="folder">The folder; made when files are written.</param>
public sealed class TrainingFiles(string folder)
{
    /// <summary>The model's file: what predictions need.</summary>
    public const string ModelName = "model.safetensors";

    /// <summary>The training's file: parameters, optimizer state and position, from which it goes on.</summary>
    public const string CheckpointName = "checkpoint.safetensors";

    /// <summary>SHA-256 of the checkpoint's bytes: a function of data and options, not of threads, instruction set or time.</summary>
    public static string Sha256<T>(Trainer<T> trainer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var writer = new SafeTensorsWriter();
        trainer.Save(writer);
        return writer.WriteTo(Stream.Null);
    }

    /// <summary>Takes up a training where the folder's checkpoint left it.</summary>
    /// <returns>The fitting.</returns>
    /// <exception cref="FileNotFoundException">There is no checkpoint in the folder.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is of another training.</exception>
    public Fitting<T> Resume<T>(Fitting<T> fitting)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(fitting);
        string path = Path.Combine(folder, CheckpointName);
        if (!File.Exists(path))
            throw new FileNotFoundException($"there is no checkpoint '{path}' to resume from.", path);
        fitting.Trainer.Load(path);
        return fitting;
    }

    /// <summary>Refuses a folder that files could not be written to, before a training is spent on it. Nothing is left there.</summary>
    /// <exception cref="IOException">The folder's name is empty or leads through a file, a file's place is taken by a folder, or nothing can be written.</exception>
    public void Check()
    {
        if (string.IsNullOrWhiteSpace(folder))
            throw new IOException($"the output folder is '{folder}'; expected the path of a folder.");
        string there = Path.GetFullPath(folder);
        while (!Directory.Exists(there))
        {
            if (Path.Exists(there))
                throw new IOException($"the output folder is '{folder}', but '{there}' is no folder.");
            there = Path.GetDirectoryName(there) ?? throw new IOException($"the output folder is '{folder}', which is nowhere.");
        }
        foreach (string name in (ReadOnlySpan<string>)[ModelName, CheckpointName])
        {
            if (Directory.Exists(Path.Combine(folder, name)))
                throw new IOException($"'{Path.Combine(folder, name)}' is a folder; expected a file, or nothing yet.");
        }
        string probe = Path.Combine(there, Path.GetRandomFileName());
        try
        {
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the output folder is '{folder}', but nothing can be written in '{there}'.", error);
        }
    }

    /// <summary>Writes model and checkpoint, each all or nothing.</summary>
    /// <returns>SHA-256 of the checkpoint.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public string Save<T>(Fitting<T> fitting, TrainedModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(fitting);
        ArgumentNullException.ThrowIfNull(model);
        Directory.CreateDirectory(folder);
        model.Save(Path.Combine(folder, ModelName));
        return fitting.Trainer.Save(Path.Combine(folder, CheckpointName));
    }
}
