using FastGrad.Kernels.Workers;
using FastGrad.Legs.Cases;

namespace FastGrad.Legs;

/// <summary>All results that are compared between legs. A new kernel adds a line in its file under Cases.</summary>
internal static class Registry
{
    public static IEnumerable<Case> All(WorkerTeam workers) =>
    [
        .. PhiloxCases.All(),
        .. LinearAlgebraCases.All(),
        .. MatrixProductCases.All(workers),
        .. OptimizerCases.All(workers),
        .. FunctionCases.All(),
        .. ElementwiseCases.All(),
        .. LossCases.All(),
        .. ReductionCases.All(workers),
        .. NormalizationCases.All(),
        .. AxisSoftmaxCases.All(workers),
        .. AttentionCases.All(workers),
        .. IndexingCases.All(workers),
        .. ConvolutionCases.All(workers),
        .. EpilogueCases.All(workers),
    ];
}
