using FastGrad.Benchmarks.Accuracy;

return AccuracyCommand.Create().Parse(args).Invoke();
