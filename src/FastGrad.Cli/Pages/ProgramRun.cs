using System.Diagnostics;

namespace FastGrad.Cli.Pages;

/// <summary>Runs the programs of pages as processes of their own.</summary>
/// <param name="built">A folder with the programs compiled, among the libraries they use; null where they are to be compiled by <c>dotnet run</c>.</param>
internal sealed class ProgramRun(string? built)
{
    /// <summary>What a program prints. It is told in which folder to put its pictures.</summary>
    /// <exception cref="InvalidOperationException">The program failed.</exception>
    public string Output(string source, string pictures)
    {
        // The settings beside the tool are those of any program here: the runtime's version, invariant culture.
        string[] program = built is null
            ? ["run", "-c", "Release", source, "--"]
            : ["exec", "--runtimeconfig", Path.ChangeExtension(typeof(ProgramRun).Assembly.Location, ".runtimeconfig.json"), Path.Combine(built, Path.GetFileNameWithoutExtension(source) + ".dll")];
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[.. program, pictures])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Result.ReplaceLineEndings("\n")
            : throw new InvalidOperationException($"{source} ended with exit code {process.ExitCode}: {error.Result}{output.Result}");
    }
}
