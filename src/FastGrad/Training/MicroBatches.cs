using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Losses;

namespace FastGrad.Training;

/// <summary>The batches of the update under way: their losses so far and, where someone will evaluate again, the batches themselves.</summary>
internal sealed class MicroBatches<T>(bool keepsBatches)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<(Tensor<T>, Target<T>)> _kept = [];
    private double _loss, _weight;
    private bool _first = true;

    public int Count { get; private set; }

    public int Rows { get; private set; }

    public int Correct { get; set; }

    /// <summary>Whether it is a single batch, whose gradients need no averaging.</summary>
    public bool IsWhole { get; private set; }

    public IReadOnlyList<(Tensor<T> Inputs, Target<T> Target)> Kept => _kept;

    /// <summary>Whether the next backward pass starts from no gradients.</summary>
    public bool IsFirst => _first;

    /// <summary>The mean of the losses by weight.</summary>
    public double Loss => IsWhole || _weight == 0 ? _loss : _loss / _weight;

    public void Add(Tensor<T> inputs, Target<T> target, bool isWhole)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Rank == 0)
            throw new ArgumentException("The inputs are a scalar; expected a batch of shape [rows, …].", nameof(inputs));
        Count++;
        Rows += inputs.Shape[0];
        IsWhole = isWhole;
        if (!keepsBatches)
            return;
        // A micro-batch may be gone, or its memory used again, by the time of the update.
        _kept.Add(isWhole ? (inputs, target) : (Copy(inputs), target.Clone()));
    }

    public void Record(double loss, double weight)
    {
        _loss += IsWhole ? loss : loss * weight;
        _weight += weight;
        _first = false;
    }

    /// <summary>Starts another evaluation of the same batches.</summary>
    public void Restart() => (_loss, _weight, _first) = (0, 0, true);

    public void Clear()
    {
        Restart();
        (Count, Rows, Correct) = (0, 0, 0);
        _kept.Clear();
    }

    private static Tensor<T> Copy(Tensor<T> inputs) => Tensor.Wrap(inputs.ToArray().AsMemory(), inputs.Shape);
}
