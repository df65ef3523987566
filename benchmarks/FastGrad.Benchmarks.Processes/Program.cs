// What whole processes take: from their start to the end of the first training step, and memory.
//   dotnet run -c Release --project benchmarks/FastGrad.Benchmarks.Processes -- start
//   dotnet run -c Release --project benchmarks/FastGrad.Benchmarks.Processes -- memory
// and the same after 'dotnet publish -r linux-x64', which compiles ahead of time.
using FastGrad.Benchmarks.Processes;

return args switch
{
    ["start"] => Start.Measure(),
    ["memory"] => Memory.Measure(),
    [Start.Empty] => Start.RunEmpty(),
    [Start.FirstStep] => Start.RunFirstStep(),
    [Memory.Of, var network] => Memory.Run(network),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: start | memory");
    return 2;
}
