using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using FastGrad.Cli.Commands;
using FastGrad.Data;
using FastGrad.Optimization.Options;

namespace FastGrad.Cli;

/// <summary>The tool: commands, exit codes, Ctrl-C. Errors are one line each on standard error.</summary>
internal static class Tool
{
    public const int Success = 0, Failure = 1, WrongUsage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        // No RootCommand: that takes its name from the assembly's file, and people type 'fastgrad'.
        var root = new Command("fastgrad", "FastGrad: the calculus of learning. Trains, predicts, measures and proves.")
        {
            new HelpOption(), new VersionOption(),
            TrainCommand.Create(), PredictCommand.Create(), RateFindCommand.Create(), CompareCommand.Create(), ResultsCommand.Create(),
            PluginsCommand.Create(), CheckCommand.Create(), ConvexCommand.Create(), CurvatureCommand.Create(), FlowCommand.Create(), LandscapeCommand.Create(), FitCommand.Create(),
            InfoCommand.Create(), BenchCommand.Create(), PagesCommand.Create(),
        };
        ParseResult parse = root.Parse(args);
        if (parse.CommandResult.Command == root && args is [[not '-', ..], ..])
            return Report(WrongUsage, $"there is no command '{args[0]}'. {Nearest.Suggest(args[0], root.Subcommands.Select(command => command.Name))}");
        if (UnknownOption(parse) is { } unknown)
            return Report(WrongUsage, $"{CommandPath(parse)} has no option '{unknown}'. {Nearest.Suggest(unknown, parse.CommandResult.Command.Options.Select(option => option.Name))}");
        if (parse.Errors.Count > 0)
            return Report(WrongUsage, $"{string.Join(' ', parse.Errors.Select(error => error.Message).Distinct())} See '{CommandPath(parse)} --help'.");

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

    // An unknown option would be taken for an argument: a file of that name.
    private static string? UnknownOption(ParseResult parse) => parse.CommandResult.Children
        .OfType<ArgumentResult>()
        .SelectMany(argument => argument.Tokens)
        .Select(token => token.Value)
        .FirstOrDefault(IsOption);

    // -x and --long-name, but not a formula such as -log(x), nor -2*x.
    private static bool IsOption(string value) =>
        value.Length > 1 && value[0] == '-' && value.AsSpan().IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=:,.") < 0 && !char.IsAsciiDigit(value[1]);

    private static string CommandPath(ParseResult parse) =>
        parse.CommandResult.Command == parse.RootCommandResult.Command ? "fastgrad" : $"fastgrad {parse.CommandResult.Command.Name}";

    /// <summary>One line on standard error.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(int exitCode, string message)
    {
        Console.Error.WriteLine($"fastgrad: {message.ReplaceLineEndings(" ").Trim()}");
        return exitCode;
    }
}
