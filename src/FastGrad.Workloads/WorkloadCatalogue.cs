using FastGrad.Workloads.Kernels;
using FastGrad.Workloads.Measuring;
using FastGrad.Workloads.Steps;

namespace FastGrad.Workloads;

/// <summary>Every workload, by id.</summary>
public static class WorkloadCatalogue
{
    /// <summary>All workloads. Making the list allocates no inputs.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        .. MatrixProductWorkloads.All,
        .. ElementwiseWorkloads.All,
        .. RowWorkloads.All,
        .. OptimizerWorkloads.All,
        .. TrainingWorkloads.All,
    ];

    /// <summary>The workloads whose id contains the text; a matrix product of any other size is made from its full id.</summary>
    public static IReadOnlyList<Workload> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Workload[] found = [.. All.Where(workload => workload.Id.Contains(text, StringComparison.Ordinal))];
        return found.Length == 0 && MatrixProductWorkloads.Parse(text) is { } made ? [made] : found;
    }
}
