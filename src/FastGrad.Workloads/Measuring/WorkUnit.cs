namespace FastGrad.Workloads.Measuring;

/// <summary>What a workload's rate counts.</summary>
public enum WorkUnit
{
    /// <summary>Floating-point operations; a fused multiply-add counts twice.</summary>
    Flops,

    /// <summary>Bytes read and written, each operand once.</summary>
    Bytes,

    /// <summary>Calls of an operator, its kernel with what is around it.</summary>
    Calls,
}
