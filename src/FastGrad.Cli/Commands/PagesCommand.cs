using System.CommandLine;
using FastGrad.Cli.Pages;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad pages</c>: pages whose code, output and pictures come from the programs beside them.</summary>
internal static class PagesCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "A folder with pages NAME.md and programs NAME.cs beside them." };
        var name = new Option<string?>("--only") { Description = "One page.", HelpName = "NAME" };
        var built = new Option<string?>("--programs") { Description = "A folder with the programs compiled already; otherwise they are compiled and run by 'dotnet run'.", HelpName = "FOLDER" };
        var command = new Command("pages", "Run the programs of pages, and write their code, output and pictures into the pages anew.") { folder, name, built };
        command.SetAction((parse, stop) => Task.FromResult(Write(parse.GetValue(folder)!, parse.GetValue(name), new ProgramRun(parse.GetValue(built)), stop)));
        return command;
    }

    private static int Write(string folder, string? only, ProgramRun run, CancellationToken stop)
    {
        string[] programs = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.cs").Where(path => only is null || Path.GetFileNameWithoutExtension(path) == only).Order(StringComparer.Ordinal)] : [];
        if (programs.Length == 0)
            throw new UsageException($"'{folder}' has no program{(only is null ? "" : $" '{only}.cs'")}; expected pages NAME.md with NAME.cs beside them.");
        foreach (string program in programs)
        {
            stop.ThrowIfCancellationRequested();
            string page = Path.ChangeExtension(program, ".md"), pictures = Path.ChangeExtension(program, null);
            if (!File.Exists(page))
                throw new UsageException($"'{program}' has no page; expected '{page}'.");
            if (Directory.Exists(pictures)) // so that none stays that is no longer drawn
                Directory.Delete(pictures, recursive: true);
            string output = run.Output(program, pictures);
            try
            {
                File.WriteAllText(page, ProgramPage.Fill(File.ReadAllText(page), File.ReadAllText(program), output));
            }
            catch (FormatException error) // a page, not the tool, is wrong
            {
                throw new UsageException($"{page}: {error.Message}");
            }
            Console.Error.WriteLine($"wrote {page} and {(Directory.Exists(pictures) ? Directory.GetFiles(pictures).Length : 0)} pictures.");
        }
        return Tool.Success;
    }
}
