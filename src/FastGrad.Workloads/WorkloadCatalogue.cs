using FastGrad.Workloads.Kernels;
using FastGrad.Workloads.Measuring;
using FastGrad.Workloads.Steps;

namespace FastGrad.Workloads;

/// <summary>Every workload, by id.</summary>
/// <remarks>
/// A family is one file with an <c>All</c>, in Kernels/ or Steps/; its line below makes the tool, the benchmark suites and the
/// comparison with peers find it. An id is <c>family.work.size</c>: peers are asked for the same work by the same id, so a size
/// says everything that the inputs do not. Work backwards is <c>work_backward</c>; a convolution is
/// <c>conv.{forward,input,weight}.NxCxHxW.KxRxS</c> with what differs from stride 1 and no padding appended (<c>.p1</c>, <c>.s2</c>,
/// <c>.g64</c>); attention is <c>attention.{forward,backward}.BATCHxHEADSxLENGTHxWIDTH</c>, with <c>.causal</c> where it is.
/// </remarks>
public static class WorkloadCatalogue
{
    /// <summary>All workloads. Making the list allocates no inputs.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        .. LimitWorkloads.All,
        .. MatrixProductWorkloads.All,
        .. EpilogueWorkloads.All,
        .. ElementwiseWorkloads.All,
        .. ConvolutionWorkloads.All,
        .. PoolingWorkloads.All,
        .. RowWorkloads.All,
        .. AxisWorkloads.All,
        .. AttentionWorkloads.All,
        .. OptimizerWorkloads.All,
        .. TrainingWorkloads.All,
        .. ConvolutionTrainingWorkloads.All,
        .. ConvolutionBlockWorkloads.All,
        .. LanguageModelWorkloads.All,
        .. DispatchWorkloads.All,
        .. OptionWorkloads.All,
    ];

    /// <summary>The workloads whose id contains the text; a matrix product of any other size is made from its full id.</summary>
    public static IReadOnlyList<Workload> Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Workload[] found = [.. All.Where(workload => workload.Id.Contains(text, StringComparison.Ordinal))];
        return found.Length == 0 && MatrixProductWorkloads.Parse(text) is { } made ? [made] : found;
    }
}
