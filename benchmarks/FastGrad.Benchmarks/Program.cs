using BenchmarkDotNet.Running;

// For example: dotnet run -c Release --project benchmarks/FastGrad.Benchmarks -- --filter '*Training*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
