using System.CommandLine;
using System.Text.Json;
using FastGrad.Cli.Output;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Schedules;
using FastGrad.Optimization.State;
using FastGrad.Optimization.Wrappers;
using FastGrad.Plugins;
using Spectre.Console;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad plugins</c>: optimizers, wrappers and schedules, from their declared tables.</summary>
internal static class PluginsCommand
{
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("plugins", "List optimizers, wrappers and schedules with their options.") { json };
        command.SetAction((parse, _) => Task.FromResult(Run(parse.GetValue(json))));
        return command;
    }

    private static int Run(bool json)
    {
        if (json)
            JsonLine.Write(WriteAll);
        else
            ShowAll();
        return Tool.Success;
    }

    private static void WriteAll(Utf8JsonWriter json)
    {
        json.WriteStartArray("optimizers");
        foreach (OptimizerDefinition optimizer in OptimizerRegistry.Standard)
        {
            json.WriteStartObject();
            json.WriteString("name", optimizer.Name);
            json.WriteString("source", optimizer.Source);
            json.WriteString("plugin", OptimizerRegistry.Standard.PluginOf(optimizer.Name).Name);
            json.WriteTexts("traits", Flags(optimizer.Traits));
            json.WriteTexts("needs", Flags(optimizer.Needs));
            json.WriteString("couples", optimizer.Coupling.ToString());
            json.WriteStartArray("state");
            foreach (StateEntry slot in optimizer.DescribeState())
            {
                json.WriteStartObject();
                json.WriteString("slot", slot.Slot);
                json.WriteString("dtype", slot.Type.ToString());
                json.WriteString("shape", $"[{string.Join(", ", slot.Shape)}]"); // of a matrix [8, 8]
                json.WriteEndObject();
            }
            json.WriteEndArray();
            WriteOptions(json, optimizer.Options);
            json.WriteEndObject();
        }
        json.WriteEndArray();

        json.WriteStartArray("wrappers");
        foreach (WrapperDefinition wrapper in WrapperRegistry.Standard)
        {
            json.WriteStartObject();
            json.WriteString("name", wrapper.Name);
            json.WriteString("source", wrapper.Source);
            json.WriteString("summary", wrapper.Summary);
            json.WriteString("plugin", WrapperRegistry.Standard.PluginOf(wrapper.Name).Name);
            json.WriteTexts("needs", Flags(wrapper.Needs));
            WriteOptions(json, wrapper.Options);
            json.WriteEndObject();
        }
        json.WriteEndArray();

        json.WriteStartArray("schedules");
        foreach (ScheduleDefinition schedule in ScheduleRegistry.Standard)
        {
            json.WriteStartObject();
            json.WriteString("name", schedule.Name);
            json.WriteString("formula", schedule.Summary);
            json.WriteString("plugin", ScheduleRegistry.Standard.PluginOf(schedule.Name).Name);
            json.WriteBoolean("metric_driven", false);
            WriteOptions(json, schedule.Options);
            json.WriteEndObject();
        }
        foreach (MetricScheduleDefinition schedule in ScheduleRegistry.Standard.MetricDriven)
        {
            json.WriteStartObject();
            json.WriteString("name", schedule.Name);
            json.WriteString("formula", schedule.Summary);
            json.WriteString("source", schedule.Source);
            json.WriteString("plugin", ScheduleRegistry.Standard.MetricDriven.PluginOf(schedule.Name).Name);
            json.WriteBoolean("metric_driven", true);
            WriteOptions(json, schedule.Options);
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

    private static void ShowAll()
    {
        foreach (OptimizerDefinition optimizer in OptimizerRegistry.Standard)
        {
            string state = string.Join(", ", optimizer.DescribeState().Select(slot => slot.Slot));
            Show($"optimizer {optimizer.Name}: {optimizer.Source}", $"state per parameter: {(state.Length == 0 ? "none" : state)}", optimizer.Options);
        }
        foreach (WrapperDefinition wrapper in WrapperRegistry.Standard)
            Show($"wrapper {wrapper.Name}: {wrapper.Source}", wrapper.Summary, wrapper.Options);
        foreach (ScheduleDefinition schedule in ScheduleRegistry.Standard)
            Show($"schedule {schedule.Name}", schedule.Summary, schedule.Options);
        foreach (MetricScheduleDefinition schedule in ScheduleRegistry.Standard.MetricDriven)
            Show($"schedule {schedule.Name}, by a metric", schedule.Summary, schedule.Options);
    }

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
