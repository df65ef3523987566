using System.CommandLine;
using System.Text.Json;
using FastGrad.Cli.Output;
using FastGrad.Optimization;
using FastGrad.Optimization.Minimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Schedules;
using FastGrad.Optimization.State;
using FastGrad.Optimization.Wrappers;
using Spectre.Console;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad plugins</c>: optimizers, wrappers, schedules and minimizers, from their declared tables.</summary>
internal static class PluginsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "One optimizer, wrapper, schedule or minimizer; all without it.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = CommonOptions.Json();
        Option<string?> folder = PluginOptions.Folder();
        var command = new Command("plugins", "List optimizers, wrappers and schedules with their options, and minimizers.") { name, folder, json };
        command.SetAction((parse, _) => Task.FromResult(Run(parse.GetValue(name), parse.GetValue(folder), parse.GetValue(json))));
        return command;
    }

    // Every file of the folder is judged, and what is good is listed, so that one run tells all that is wrong.
    private static int Run(string? name, string? folder, bool json)
    {
        int exitCode = Tool.Success;
        PluginRegistry plugins = PluginOptions.Read(folder, refused => exitCode = Tool.Report(Tool.Failure, refused.Message));
        Func<string, bool> asked = Asked(name, plugins);
        if (json)
            JsonLine.Write(writer => WriteAll(writer, plugins, asked));
        else
            ShowAll(plugins, asked);
        return exitCode;
    }

    private static Func<string, bool> Asked(string? name, PluginRegistry plugins)
    {
        if (name is null)
            return _ => true;
        string[] known = [.. plugins.Optimizers.Names, .. plugins.Wrappers.Names, .. plugins.Schedules.Names, .. plugins.Schedules.MetricDriven.Names, .. plugins.Minimizers.Select(m => m.Name)];
        return known.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? other => string.Equals(name, other, StringComparison.OrdinalIgnoreCase)
            : throw new UsageException($"there is no optimizer, wrapper, schedule or minimizer '{name}'. {Nearest.Suggest(name, known)}");
    }

    private static void WriteAll(Utf8JsonWriter json, PluginRegistry plugins, Func<string, bool> asked)
    {
        OptimizerRegistry optimizers = plugins.Optimizers;
        ScheduleRegistry schedules = plugins.Schedules;
        WrapperRegistry wrappers = plugins.Wrappers;
        json.WriteStartArray("optimizers");
        foreach (OptimizerDefinition optimizer in optimizers.Where(o => asked(o.Name)))
        {
            json.WriteStartObject();
            json.WriteString("name", optimizer.Name);
            json.WriteString("source", optimizer.Source);
            json.WriteString("plugin", optimizers.PluginOf(optimizer.Name).Name);
            json.WriteTexts("traits", Flags(optimizer.Traits));
            json.WriteTexts("needs", Flags(optimizer.Needs));
            json.WriteString("couples", optimizer.Coupling.ToString());
            WriteState(json, optimizer.DescribeState());
            WriteOptions(json, optimizer.Options);
            json.WriteEndObject();
        }
        json.WriteEndArray();

        json.WriteStartArray("wrappers");
        foreach (WrapperDefinition wrapper in wrappers.Where(w => asked(w.Name)))
        {
            json.WriteStartObject();
            json.WriteString("name", wrapper.Name);
            json.WriteString("source", wrapper.Source);
            json.WriteString("summary", wrapper.Summary);
            json.WriteString("plugin", wrappers.PluginOf(wrapper.Name).Name);
            json.WriteTexts("needs", Flags(wrapper.Needs));
            WriteState(json, wrapper.DescribeState());
            WriteOptions(json, wrapper.Options);
            json.WriteEndObject();
        }
        json.WriteEndArray();

        json.WriteStartArray("schedules");
        foreach (ScheduleDefinition schedule in schedules.Where(s => asked(s.Name)))
        {
            json.WriteStartObject();
            json.WriteString("name", schedule.Name);
            json.WriteString("source", schedule.Source);
            json.WriteString("formula", schedule.Summary);
            json.WriteString("plugin", schedules.PluginOf(schedule.Name).Name);
            json.WriteBoolean("metric_driven", false);
            WriteOptions(json, schedule.Options);
            json.WriteEndObject();
        }
        foreach (MetricScheduleDefinition schedule in schedules.MetricDriven.Where(s => asked(s.Name)))
        {
            json.WriteStartObject();
            json.WriteString("name", schedule.Name);
            json.WriteString("formula", schedule.Summary);
            json.WriteString("source", schedule.Source);
            json.WriteString("plugin", schedules.MetricDriven.PluginOf(schedule.Name).Name);
            json.WriteBoolean("metric_driven", true);
            WriteOptions(json, schedule.Options);
            json.WriteEndObject();
        }
        json.WriteEndArray();

        json.WriteStartArray("minimizers");
        foreach (Minimizer minimizer in plugins.Minimizers.Where(m => asked(m.Name)))
        {
            json.WriteStartObject();
            json.WriteString("name", minimizer.Name);
            json.WriteString("source", minimizer.Source);
            json.WriteString("plugin", plugins.Minimizers.PluginOf(minimizer.Name).Name);
            json.WriteTexts("needs", Flags(minimizer.Needs));
            json.WriteBoolean("bounds", minimizer.HonoursBounds);
            json.WriteBoolean("regularizer", minimizer.HonoursRegularizer);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    // Of a matrix [8, 8]; what belongs to none has an owner that begins with '@'.
    private static void WriteState(Utf8JsonWriter json, IReadOnlyList<StateEntry> state)
    {
        json.WriteStartArray("state");
        foreach (StateEntry slot in state)
        {
            json.WriteStartObject();
            json.WriteString("slot", slot.Slot);
            json.WriteString("owner", slot.Owner.StartsWith('@') ? slot.Owner : "parameter");
            json.WriteString("dtype", slot.Type.ToString());
            json.WriteString("shape", $"[{string.Join(", ", slot.Shape)}]");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteOptions(Utf8JsonWriter json, OptionTable options)
    {
        json.WriteStartArray("options");
        foreach (OptionEntry option in options)
        {
            json.WriteStartObject();
            json.WriteString("name", option.Name);
            json.WriteString("type", option.Kind.ToString().ToLowerInvariant());
            json.WriteString("default", option.Default);
            json.WriteString("expected", option.Expected);
            json.WriteBoolean("schedulable", option.CanSchedule);
            json.WriteString("summary", option.Summary);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void ShowAll(PluginRegistry plugins, Func<string, bool> asked)
    {
        foreach (OptimizerDefinition optimizer in plugins.Optimizers.Where(o => asked(o.Name)))
        {
            Show($"optimizer {optimizer.Name}: {optimizer.Source}", $"state per parameter: {Slots(optimizer.DescribeState())}", optimizer.Options);
        }
        foreach (WrapperDefinition wrapper in plugins.Wrappers.Where(w => asked(w.Name)))
            Show($"wrapper {wrapper.Name}: {wrapper.Source}", $"{wrapper.Summary}; state: {Slots(wrapper.DescribeState())}", wrapper.Options);
        foreach (ScheduleDefinition schedule in plugins.Schedules.Where(s => asked(s.Name)))
            Show($"schedule {schedule.Name}: {schedule.Source}", schedule.Summary, schedule.Options);
        foreach (MetricScheduleDefinition schedule in plugins.Schedules.MetricDriven.Where(s => asked(s.Name)))
            Show($"schedule {schedule.Name}, by a metric: {schedule.Source}", schedule.Summary, schedule.Options);
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("minimizer", "needs", "bounds", "regularizer", "source");
        foreach (Minimizer minimizer in plugins.Minimizers.Where(m => asked(m.Name)))
            table.AddRow(minimizer.Name, string.Join(", ", Flags(minimizer.Needs)), minimizer.HonoursBounds ? "yes" : "", minimizer.HonoursRegularizer ? "yes" : "", Markup.Escape(minimizer.Source));
        if (table.Rows.Count > 0)
            Screen.Out.Write(table);
    }

    private static string Slots(IReadOnlyList<StateEntry> state) => state.Count == 0 ? "none" : string.Join(", ", state.Select(slot => slot.Slot));

    private static void Show(string title, string detail, OptionTable options)
    {
        Screen.Out.WriteLine(title);
        Screen.Out.WriteLine(detail);
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("option", "default", "expected", "what it is");
        foreach (OptionEntry option in options)
            table.AddRow(Markup.Escape(option.Name), Markup.Escape(option.Default), Markup.Escape(option.Expected), Markup.Escape(option.Summary));
        Screen.Out.Write(table);
        Screen.Out.WriteLine();
    }

    private static IEnumerable<string> Flags<TEnum>(TEnum flags)
        where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Where(flag => Convert.ToInt64(flag) != 0 && flags.HasFlag(flag)).Select(flag => flag.ToString());
}
