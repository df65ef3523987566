using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using FastGrad.Cli.Output;
using FastGrad.Kernels.Simd;
using Spectre.Console;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad info</c>: instruction set in use and why, threads, versions.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("info", "Show the instruction set in use and why, threads and versions.") { json };
        command.SetAction((parse, _) => Task.FromResult(Run(parse.GetValue(json))));
        return command;
    }

    public static string Version { get; } =
        typeof(InfoCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static int Run(bool json)
    {
        (string Name, string Value)[] facts =
        [
            ("version", Version),
            ("isa", Isa.Name),
            ("isa_reason", Reason()),
            ("runtime", RuntimeInformation.FrameworkDescription),
            ("os", RuntimeInformation.OSDescription),
            ("architecture", RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()),
        ];
        if (json)
        {
            JsonLine.Write(writer =>
            {
                foreach ((string name, string value) in facts)
                    writer.WriteString(name, value);
                writer.WriteNumber("threads", Environment.ProcessorCount);
            });
            return Tool.Success;
        }

        var grid = new Grid().AddColumn().AddColumn();
        foreach ((string name, string value) in facts)
            grid.AddRow(new Text(name), new Text(value));
        grid.AddRow(new Text("threads"), new Text($"{Environment.ProcessorCount}"));
        Screen.Out.Write(grid);
        return Tool.Success;
    }

    private static string Reason()
    {
        string[] missing =
        [
            .. Isa.Has512 ? [] : new[] { "512-bit vectors" },
            .. Isa.Has512 || Isa.Has256 ? [] : new[] { "256-bit vectors with fused multiply-add" },
            .. Isa.Best > InstructionSet.Scalar ? [] : new[] { "128-bit vectors" },
        ];
        string found = Isa.Best switch
        {
            InstructionSet.Vector512 => "512-bit vectors in hardware",
            InstructionSet.Vector256 => "256-bit vectors with fused multiply-add in hardware",
            InstructionSet.Vector128 => "128-bit vectors in hardware",
            _ => "one lane at a time",
        };
        return missing.Length == 0
            ? $"the widest that FastGrad has kernels for: {found}"
            : $"{found}; the processor lacks, or DOTNET_Enable* variables hide, {string.Join(" and ", missing)}";
    }
}
