namespace FastGrad.Workloads.Measuring;

/// <summary>One piece of work that the tool and the benchmarks measure.</summary>
/// <param name="Id">What scripts call it, such as <c>sgemm.nn.512x512x512</c>.</param>
/// <param name="Amount">What one step does, in <paramref name="Unit"/>s.</param>
/// <param name="Unit">What the rate counts.</param>
/// <param name="Prepare">Makes the inputs. The argument is the number of threads at most.</param>
public sealed record Workload(string Id, double Amount, WorkUnit Unit, Func<int, WorkloadRun> Prepare)
{
    /// <summary>Whether steps build on each other, as training does; then the 20th step is checked too.</summary>
    public bool IsTraining { get; init; }

    /// <summary>Whether every thread does the amount, as where a limit of the machine is measured; else the threads share it.</summary>
    public bool IsPerThread { get; init; }

    /// <summary>The same work without capture, where there is such a thing.</summary>
    public Workload? Eager { get; init; }

    /// <summary>The check of the first step as libtorch 2.10 computes it, where that was recorded.</summary>
    public double? ExpectedCheck { get; init; }

    /// <summary>The check of the 20th step as libtorch 2.10 computes it, where that was recorded.</summary>
    public double? ExpectedCheck20 { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Id;
}
