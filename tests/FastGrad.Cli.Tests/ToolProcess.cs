using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Xunit;

namespace FastGrad.Cli.Tests;

/// <summary>The built tool as a child process in a folder of its own.</summary>
public sealed class ToolProcess : IDisposable
{
    /// <summary>The built tool.</summary>
    public static string Tool { get; } = Path.Combine(AppContext.BaseDirectory, "FastGrad.Cli.dll");

    // A leg is its own variables alone, whatever leg these tests themselves run on.
    private static readonly string[] s_legVariables = ["DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic", "GLIBC_TUNABLES"];

    /// <summary>The folder that the tool runs in.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("fastgrad-").FullName;

    /// <summary>The source tree's root.</summary>
    public static string Root { get; } =
        Path.GetFullPath(typeof(ToolProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Root").Value!);

    /// <summary>The command that runs .NET programs.</summary>
    public static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs the tool to its end.</summary>
    public ToolResult Run(params string[] arguments) => Run([], arguments);

    /// <summary>Runs the tool to its end with further environment variables.</summary>
    public ToolResult Run((string Name, string Value)[] environment, params string[] arguments) =>
        Finish(Start(Host, [Tool, .. arguments], environment), TimeSpan.FromMinutes(5));

    /// <summary>Starts the tool so that it hears SIGINT, also where these tests were started in the background, which ignores it.</summary>
    public Process StartInterruptible(params string[] arguments) => OperatingSystem.IsLinux()
        ? Start("env", ["--default-signal=INT", Host, Tool, .. arguments], [])
        : Start(Host, [Tool, .. arguments], []);

    /// <summary>Starts any program in the folder.</summary>
    public Process Start(string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (string name in s_legVariables)
            start.Environment.Remove(name);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Reads what a process writes until it ends.</summary>
    public static ToolResult Finish(Process process, TimeSpan limit)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} did not end in {limit}.");
            }
            return new ToolResult(process.ExitCode, output.Result, error.Result);
        }
    }

    /// <summary>Writes a file into the folder.</summary>
    /// <returns>Its name.</returns>
    public string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(Folder, name), text);
        return name;
    }

    /// <summary>Everything in the folder, relative to it.</summary>
    public string[] Files() => [.. Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order()];

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>What a process said.</summary>
public sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of standard error.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The lines of standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Standard output as one JSON object; fails where anything else is there.</summary>
    public JsonElement Json
    {
        get
        {
            Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
            return JsonDocument.Parse(Assert.Single(Lines)).RootElement;
        }
    }

    /// <summary>Wrong usage: exit code 2, nothing on standard output, one line on standard error, no stack trace.</summary>
    public string AssertWrongUsage()
    {
        Assert.True(ExitCode == 2, $"exit code {ExitCode}: {Error}");
        Assert.Empty(Output);
        string line = Assert.Single(ErrorLines);
        Assert.StartsWith("fastgrad: ", line);
        Assert.DoesNotContain("   at ", line);
        return line;
    }
}
