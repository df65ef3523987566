namespace FastGrad.Autograd;

// What makes a tensor a leaf of the tape, and the memory of its gradient.
public sealed partial class Tensor<T>
{
    private Tensor<T>? _grad;
    private bool _hasGrad;
    private bool _ownsGrad; // whether this tensor made its gradient's memory, so that it may write there

    /// <summary>Whether derivatives with respect to this tensor are recorded. Settable on leaves: tensors that no operation made.</summary>
    /// <exception cref="NotSupportedException">The element type is not floating-point.</exception>
    /// <exception cref="InvalidOperationException">The tensor is the result of a recorded operation.</exception>
    public bool RequiresGrad
    {
        get => _node is not null || Trace is not null;
        set
        {
            if (value == (Node is not null))
                return;
            if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
                throw new NotSupportedException($"A tensor of {typeof(T).Name} has no gradient; expected float or double.");
            if (Node is { IsLeaf: false })
                throw new InvalidOperationException($"{this} is the result of a recorded operation, so it requires a gradient; use Detach() for one that does not.");
            Node = value ? new LeafNode<T>(this) : null;
        }
    }

    /// <summary>Whether no recorded operation made this tensor.</summary>
    public bool IsLeaf => _node is null or { IsLeaf: true };

    /// <summary>What <c>Backward()</c> has accumulated for this leaf; null where nothing has come yet, or since <see cref="ZeroGrad"/>.</summary>
    /// <remarks>
    /// Its memory is used again by the next backward pass after <see cref="ZeroGrad"/>: clone it to keep it. A tensor that is set here
    /// is read, but never written: a pass that adds to it takes memory of its own.
    /// </remarks>
    public Tensor<T>? Grad
    {
        get => _hasGrad ? _grad : null;
        set
        {
            if (value is not null && value.Shape != Shape)
                throw new ArgumentException($"The gradient has shape {value.Shape}; expected {Shape}.", nameof(value));
            _ownsGrad &= ReferenceEquals(value, _grad);
            (_grad, _hasGrad) = (value, value is not null);
        }
    }

    /// <summary>Forgets the gradient: the next backward pass writes the first contribution instead of adding to the old sum.</summary>
    public void ZeroGrad() => _hasGrad = false;

    /// <summary>Where a kernel writes, or adds, a contribution to this leaf's gradient. It never lies in a scope's memory.</summary>
    internal Tensor<T> GradientTarget(out bool accumulate)
    {
        accumulate = _hasGrad;
        if (_grad is null || !_ownsGrad)
        {
            Tensor<T> fresh = new(Storage<T>.Allocate(Length), Shape) { Name = Name is null ? null : Name + ".grad" };
            if (_hasGrad)
                _grad!.CopyElements(fresh.Dense());
            (_grad, _ownsGrad) = (fresh, true);
        }
        _hasGrad = true;
        _grad._storage.Version++;
        return _grad;
    }

    /// <summary>Says that <see cref="Grad"/> is the gradient that a program has just written, whatever was set in between.</summary>
    internal void MarkGradient(Tensor<T> written)
    {
        (_grad, _hasGrad, _ownsGrad) = (written, true, true);
        written._storage.Version++;
    }
}
