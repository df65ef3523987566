using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

// For example: dotnet run -c Release --project benchmarks/FastGrad.Benchmarks -- --filter '*RowSuite*' --job short
// Columns as wide as the longest id, which says what was measured.
IConfig config = DefaultConfig.Instance.WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(48));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
