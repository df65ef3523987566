namespace FastGrad.Cli;

/// <summary>The command line asks for what there is not: one line, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>Runs what reads the command line's names and values; what it refuses is wrong usage.</summary>
    public static TResult Wrap<TResult>(Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (ArgumentException error)
        {
            throw new UsageException(Sentence(error));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UsageException(error.Message);
        }
    }

    // The argument's name means something to programmers alone.
    private static string Sentence(ArgumentException error) =>
        error.ParamName is { } name ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : error.Message;
}
