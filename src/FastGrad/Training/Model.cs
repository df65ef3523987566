using System.Numerics;
using FastGrad.Data;

namespace FastGrad.Training;

/// <summary>From a data set to a model in one call.</summary>
public static class Model
{
    /// <summary>Holds rows out, scales, trains a standard model, and evaluates it.</summary>
    /// <param name="data">Features with classes or numbers to predict.</param>
    /// <param name="options">What to do otherwise than by default.</param>
    /// <param name="progress">Hears of every update.</param>
    /// <param name="cancellation">Looked at between updates; the result is then what training has reached.</param>
    /// <exception cref="ArgumentException">An option is unknown or out of range, or the data set has no targets or too few rows.</exception>
    public static FitResult<T> Fit<T>(DataSet<T> data, FitOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Fitting<T>(data, options).Run(progress, cancellation: cancellation);
}
