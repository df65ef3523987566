using System.Security.Cryptography;
using FastGrad.Data;
using FastGrad.Observability;

namespace FastGrad.Serialization;

/// <summary>A folder of safetensors files that change together: after a crash at any moment all are as before a save, or all as after it.</summary>
/// <remarks>
/// <para>
/// A save writes each file under a new name, <c>model.safetensors.next</c>, and flushes it and the folder. Then it renames a manifest over
/// <c>checkpoint.json</c>, with the length and SHA-256 of every file: that is the moment from which the save holds. Only then do the new
/// files take the places of the old ones. Of a file and its successor, the one that the manifest describes is the valid one, so a crash
/// between any two of these steps leaves the old files or the new ones; the next save finishes or clears away what it left.
/// </para>
/// <para>A flipped byte in any file is found when it is opened. One writer at a time, a second one is refused; readers at any time,
/// beside a writer too.</para>
/// </remarks>
public sealed class CheckpointFolder
{
    /// <summary>The manifest's name.</summary>
    public const string ManifestName = "checkpoint.json";

    /// <summary>What is added to the name of a file until it takes its place.</summary>
    internal const string Successor = ".next";

    /// <summary>The file that a save holds open, so that there is one writer at a time.</summary>
    internal const string LockName = "checkpoint.lock";

    private const int MostAttempts = 100;

    /// <summary>A folder; it is made when it is first written.</summary>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public CheckpointFolder(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = path;
    }

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>Whether there is a checkpoint.</summary>
    public bool HasCheckpoint => File.Exists(PathOf(ManifestName));

    /// <summary>Called after each step of a save that changes the disk, for tests that end there.</summary>
    internal Action<string>? Reached { get; init; }

    /// <summary>What the folder's checkpoint consists of.</summary>
    /// <exception cref="InvalidDataException">The manifest is broken, or of another version of the format.</exception>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    public CheckpointManifest ReadManifest() => CheckpointManifest.Read(PathOf(ManifestName));

    /// <summary>Reads a file of the checkpoint and compares it with the manifest.</summary>
    /// <exception cref="InvalidDataException">The checkpoint has no such file, or it is not the one that was saved; the message names it.</exception>
    /// <exception cref="IOException">There is no checkpoint, or it cannot be read.</exception>
    public SafeTensorsFile Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        long seen = -1;
        for (int attempt = 0; ; attempt++)
        {
            CheckpointManifest manifest = ReadManifest();
            CheckpointFile file;
            try
            {
                file = manifest[name];
            }
            catch (InvalidDataException error)
            {
                throw new InvalidDataException($"{MessageText.OneLine(PathOf(ManifestName))}: {error.Message}", error);
            }
            if (TryLoad(PathOf(name), file) is { } current)
                return current;
            if (TryLoad(PathOf(name) + Successor, file) is { } successor)
                return successor;
            // A save may have passed by between the two looks; nothing has, where the generation stays.
            if (attempt > 0 && manifest.Generation == seen || attempt == MostAttempts)
                throw new InvalidDataException($"{MessageText.OneLine(PathOf(name))}: {Difference(name, file)}");
            seen = manifest.Generation;
        }
    }

    /// <summary>Writes files as one: when this returns, all of them are the checkpoint, and on the device.</summary>
    /// <param name="files">All files of the checkpoint, each with its plain name; files of the last one that are not among them are removed.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="ArgumentException">A name is no plain name, or occurs twice, or there is no file.</exception>
    /// <exception cref="IOException">
    /// Something cannot be written, or another save into the folder is under way; the last checkpoint is then as it was, or the new one holds.
    /// </exception>
    public CheckpointManifest Save(params IReadOnlyList<(string Name, SafeTensorsWriter Content)> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (files.Count == 0 || files.DistinctBy(f => f.Name).Count() < files.Count)
            throw new ArgumentException($"files are {files.Count} with {files.DistinctBy(f => f.Name).Count()} names; expected at least one, and different names.", nameof(files));
        foreach ((string name, _) in files)
            CheckpointManifest.CheckName(name, bad => new ArgumentException($"{MessageText.Quote(bad)} is no name of a file in the folder; expected a plain name.", nameof(files)));

        Directory.CreateDirectory(Path);
        using FileStream alone = Lock();
        CheckpointManifest? last = Last();
        if (last is not null)
            Settle(last);
        CheckpointManifest manifest = new(
            (last?.Generation ?? 0) + 1,
            [.. files.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => Write(f.Name, f.Content))]);
        DurableFiles.FlushFolder(Path);
        Reached?.Invoke("the new files are flushed");
        WriteManifest(manifest);
        Settle(manifest);
        foreach (CheckpointFile old in last?.Files.Where(f => files.All(n => n.Name != f.Name)) ?? [])
            File.Delete(PathOf(old.Name));
        if (TrainingEvents.Log.IsEnabled())
            TrainingEvents.Log.CheckpointSaved(Path, manifest.Generation, manifest.Files.Sum(f => f.Bytes));
        return manifest;
    }

    private string PathOf(string name) => System.IO.Path.Combine(Path, name);

    // Two saves at once would clear away each other's new files. A process that dies lets go of the lock; the file it leaves locks nothing.
    private FileStream Lock()
    {
        string path = PathOf(LockName);
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error) when (error is not DirectoryNotFoundException && File.Exists(path))
        {
            throw new IOException($"{MessageText.OneLine(Path)}: another save into this folder is under way; expected one writer at a time.", error);
        }
    }

    // A broken manifest makes the last checkpoint unreadable in any case: the new one takes its place.
    private CheckpointManifest? Last()
    {
        try
        {
            return HasCheckpoint ? ReadManifest() : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private CheckpointFile Write(string name, SafeTensorsWriter content)
    {
        string path = PathOf(name) + Successor, sha256;
        long bytes;
        using (FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete))
        {
            sha256 = content.WriteTo(stream);
            bytes = stream.Length;
            Reached?.Invoke($"'{name}' is written");
            stream.Flush(flushToDisk: true);
        }
        Reached?.Invoke($"'{name}' is flushed");
        return new(name, bytes, sha256);
    }

    private void WriteManifest(CheckpointManifest manifest)
    {
        string path = PathOf(ManifestName);
        using (FileStream stream = new(path + Successor, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(manifest.Write());
            stream.Flush(flushToDisk: true);
        }
        Reached?.Invoke("the manifest is written");
        File.Move(path + Successor, path, overwrite: true);
        Reached?.Invoke("the manifest is renamed");
        DurableFiles.FlushFolder(Path);
    }

    // Gives the files of a manifest that holds their places, and clears away what an unfinished save has left.
    private void Settle(CheckpointManifest manifest)
    {
        foreach (CheckpointFile file in manifest.Files)
        {
            string path = PathOf(file.Name), next = path + Successor;
            if (!File.Exists(next))
                continue;
            if (Fits(next, file))
                File.Move(next, path, overwrite: true);
            else
                File.Delete(next);
            Reached?.Invoke($"'{file.Name}' has its place");
        }
        DurableFiles.FlushFolder(Path);
    }

    private static bool Fits(string path, CheckpointFile file)
    {
        using FileStream stream = File.OpenRead(path);
        return stream.Length == file.Bytes && Convert.ToHexStringLower(SHA256.HashData(stream)) == file.Sha256;
    }

    // The length first, so that no more memory is asked for than the manifest says.
    private static SafeTensorsFile? TryLoad(string path, CheckpointFile expected)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            if (stream.Length != expected.Bytes) // of what a symbolic link leads to
                return null;
            SafeTensorsFile file = SafeTensors.Load(stream, path);
            return file.Sha256 == expected.Sha256 ? file : null;
        }
        catch (Exception error) when (error is FileNotFoundException or InvalidDataException)
        {
            return null; // moved meanwhile, or changed: the caller tells which
        }
    }

    private string Difference(string name, CheckpointFile expected)
    {
        try
        {
            using FileStream stream = File.OpenRead(PathOf(name));
            return stream.Length != expected.Bytes
                ? $"the file holds {stream.Length} bytes; {ManifestName} says {expected.Bytes}."
                : $"the file was changed after it was saved: its SHA-256 is not the one in {ManifestName}.";
        }
        catch (FileNotFoundException) // also where a symbolic link leads nowhere
        {
            return $"the file is missing; {ManifestName} lists it.";
        }
    }
}
