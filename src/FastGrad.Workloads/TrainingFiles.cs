using System.Numerics;
using FastGrad.Serialization;
using FastGrad.Training;

namespace FastGrad.Workloads;

/// <summary>The files that a training leaves in its output folder.</summary>
/// <param name="folder">The folder; made when files are written.</param>
public sealed class TrainingFiles(string folder)
{
    /// <summary>The model's file: what predictions need.</summary>
    public const string ModelName = Fitting<float>.ModelName;

    /// <summary>The training's file: parameters, optimizer state and position, from which it goes on.</summary>
    public const string CheckpointName = Trainer<float>.CheckpointName;

    /// <summary>Opens the model of a training's folder, compared with what was saved, or a model's file.</summary>
    /// <exception cref="InvalidDataException">It is broken; the message names the file.</exception>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    public static SafeTensorsFile OpenModel(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        CheckpointFolder saved = new(path);
        if (saved.HasCheckpoint)
            return saved.Open(ModelName);
        if (File.Exists(Path.Combine(path, CheckpointName)))
            throw new InvalidDataException($"the folder '{path}' has a checkpoint without {CheckpointFolder.ManifestName}, which says what was saved together; expected it, or the model's file in place of the folder.");
        string file = Directory.Exists(path) ? Path.Combine(path, ModelName) : path;
        if (!File.Exists(file))
            throw new FileNotFoundException(file == path ? $"there is no model '{path}': neither a file nor a folder." : $"there is no {ModelName} in the folder '{path}'.", file);
        return SafeTensors.Load(file);
    }

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
        CheckpointFolder saved = new(folder);
        if (!saved.HasCheckpoint)
            throw new FileNotFoundException($"there is no checkpoint in '{folder}' to resume from: it has no {CheckpointFolder.ManifestName}.", Path.Combine(folder, CheckpointFolder.ManifestName));
        fitting.Trainer.Load(saved);
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
        foreach (string name in (ReadOnlySpan<string>)[ModelName, CheckpointName, CheckpointFolder.ManifestName])
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

    /// <summary>Writes model and checkpoint as one: after a crash both are as before, or both as now.</summary>
    /// <returns>SHA-256 of the checkpoint.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public string Save<T>(Fitting<T> fitting)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(fitting);
        return fitting.Save(new CheckpointFolder(folder))[CheckpointName].Sha256;
    }
}
