using System.CommandLine;
using System.Runtime.InteropServices;
using FastGrad.Cli.Commands;
using FastGrad.Data;

namespace FastGrad.Cli;

/// <summary>The tool: commands, exit codes, Ctrl-C. Errors are one line each on standard error.</summary>
internal static class Tool
{
    public const int Success = 0, Failure = 1, WrongUsage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("FastGrad: the calculus of learning. Trains, predicts, measures and proves.")
        {
            TrainCommand.Create(), PredictCommand.Create(), ResultsCommand.Create(),
            PluginsCommand.Create(), CheckCommand.Create(), InfoCommand.Create(), BenchCommand.Create(),
        };
        ParseResult parse = root.Parse(args);
        if (parse.Errors.Count > 0)
            return Report(WrongUsage, $"{string.Join(' ', parse.Errors.Select(error => error.Message).Distinct())} See 'fastgrad {string.Join(' ', CommandPath(parse))} --help'.");

        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            // Errors and signals are handled here, so that every command answers alike.
            return await parse.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Report(Failure, "stopped.");
        }
        catch (Exception error) when (error is UsageException or DataFormatException)
        {
            return Report(WrongUsage, error.Message);
        }
        catch (Exception error)
        {
            return Report(Failure, error.Message);
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested; // asked twice, the process ends as the system would end it
            stop.Cancel();
        }
    }

    private static IEnumerable<string> CommandPath(ParseResult parse) =>
        parse.CommandResult.Command is RootCommand ? [] : [parse.CommandResult.Command.Name];

    private static int Report(int exitCode, string message)
    {
        Console.Error.WriteLine($"fastgrad: {message.ReplaceLineEndings(" ").Trim()}");
        return exitCode;
    }
}
