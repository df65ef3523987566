using FastGrad.Training;

namespace FastGrad.Cli.Commands;

/// <summary>What the command line of <c>fastgrad train</c> asks for.</summary>
internal sealed record TrainRequest
{
    public required string Data { get; init; }

    public required FitOptions Options { get; init; }

    public required int Threads { get; init; }

    public required string Precision { get; init; }

    public required string? Out { get; init; }

    public required int? SaveEvery { get; init; }

    public required bool Resume { get; init; }

    public required bool Json { get; init; }

    /// <summary>The data's name: a file's without folder and ending.</summary>
    public string Name => Path.GetFileNameWithoutExtension(Data);

    public string OutputFolder => Out ?? Path.Combine("fastgrad-out", Name);
}
