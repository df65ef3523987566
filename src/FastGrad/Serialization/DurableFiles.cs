using System.Runtime.InteropServices;

namespace FastGrad.Serialization;

/// <summary>Files that are written all or nothing, and whose names survive a loss of power: a file that is flushed may still lack its name.</summary>
public static partial class DurableFiles
{
    private const int ReadOnly = 0, NotSupportedHere = 22; // O_RDONLY; EINVAL: a file system whose folders cannot be flushed

    // O_CLOEXEC, as <fcntl.h> has it on Linux and on macOS: a program started meanwhile does not inherit the folder.
    private static readonly int s_closeOnExecute = OperatingSystem.IsLinux() ? 0x80000 : OperatingSystem.IsMacOS() ? 0x1000000 : 0;

    /// <summary>Writes a file, all or nothing: to a temporary file beside the target, flushed to the device, then renamed over it.</summary>
    /// <param name="path">The target.</param>
    /// <param name="write">Writes the bytes.</param>
    /// <exception cref="IOException">The file cannot be written; the target is then as it was. So it is where <paramref name="write"/> throws.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path), temporary = $"{target}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
            FlushFolder(Path.GetDirectoryName(target)!);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Flushes a folder to the device. Windows journals names itself.</summary>
    /// <exception cref="IOException">The device refuses.</exception>
    internal static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        int folder = Open(path, ReadOnly | s_closeOnExecute);
        if (folder < 0)
            throw Failed(path);
        try
        {
            if (Flush(folder) != 0 && Marshal.GetLastPInvokeError() != NotSupportedHere)
                throw Failed(path);
        }
        finally
        {
            _ = Close(folder);
        }
    }

    private static IOException Failed(string path) => new($"the folder '{path}' cannot be flushed to the device: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
