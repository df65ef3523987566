using FastGrad.Data;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization.Options;
using FastGrad.Training;
using FastGrad.Workloads.DataSets;
using Xunit;

namespace FastGrad.Tests.Training;

public sealed class LinearRegressionTests
{
    [Fact]
    public void GradientDescentReachesTheNormalEquations()
    {
        DataSet<double> raw = BuiltInData.Load<double>("diabetes");
        DataSet<double> data = raw.Standardize(Standardizer<double>.Fit(raw.Features, raw.Columns));
        double[] exact = NormalEquations(data);

        // Standardised columns: the Hessian 2XᵀX/n has eigenvalues from 0.017 to 8.05, so a step of 0.24 < 2/L descends, and 30 000 of
        // them shrink the slowest error by e^-122.
        Linear<double> model = new(data.Columns, 1);
        Trainer<double> trainer = new(model, new MeanSquaredError<double>(), data, new()
        {
            Optimizer = "sgd",
            OptimizerOptions = new OptionValues { { "lr", 0.24 } },
            BatchSize = DataLoaderOptions.FullBatch,
            Shuffle = false,
            Epochs = 30_000,
        });
        Assert.Equal(TrainingStatus.Completed, trainer.Run().Status);
        double[] found = [.. model.Weight.Tensor.ToArray(), model.Bias!.Tensor.Item()];
        for (int j = 0; j < found.Length; j++)
            Assert.True(Math.Abs(found[j] - exact[j]) <= 1e-8 * Math.Max(1, Math.Abs(exact[j])), $"weight {j}: {found[j]:R}, expected {exact[j]:R}");
    }

    // (XᵀX)w = Xᵀy with a column of ones for the bias, by elimination with pivots.
    private static double[] NormalEquations(DataSet<double> data)
    {
        int n = data.Columns + 1;
        double[,] a = new double[n, n + 1];
        for (int row = 0; row < data.Rows; row++)
        {
            double[] x = [.. data.Row(row), 1];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    a[i, j] += x[i] * x[j];
                a[i, n] += x[i] * data.Targets[row];
            }
        }
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(a[i, k]));
            for (int j = 0; j <= n; j++)
                (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            for (int i = 0; i < n; i++)
            {
                double factor = i == k ? 0 : a[i, k] / a[k, k];
                for (int j = k; j <= n; j++)
                    a[i, j] -= factor * a[k, j];
            }
        }
        return [.. Enumerable.Range(0, n).Select(i => a[i, n] / a[i, i])];
    }
}
