using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Training;

/// <summary>∇²f·v by differentiating ∇f·v: two backward passes, the first one recorded.</summary>
/// <param name="model">The model, whose mode is part of what is captured.</param>
/// <param name="parameters">The optimizer's parameters, whose order direction and product follow.</param>
/// <param name="loss">Computes the loss of a batch, or of all batches at hand where it is null, at the current parameters.</param>
/// <param name="captured">The batch whose product a program computes; null where it runs eagerly.</param>
/// <param name="options">What to do to the programs.</param>
internal sealed class HessianProduct<T>(
    Module<T> model, IReadOnlyList<IParameter<T>> parameters, Func<(Tensor<T>, Target<T>)?, Tensor<T>> loss, Func<(Tensor<T>, Target<T>)?> captured, CaptureOptions options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T>[] _directions = [.. parameters.Select(p => Tensor.Wrap(new T[p.Info.Count].AsMemory(), ((NamedParameter<T>)p).Tensor.Shape))];
    private readonly ModelStates<T> _states = new(model, [.. parameters.Select(p => ((NamedParameter<T>)p).Tensor)]);
    private Captured? _program; // of the last shape: an optimizer asks many times about one batch

    public void Write(ParameterVector<T> direction, ParameterVector<T> product)
    {
        using TensorScope scope = new();
        for (int i = 0; i < _directions.Length; i++)
            direction(i).CopyTo(_directions[i].AsSpan());
        Tensor<T>[]? columns;
        if (captured() is (Tensor<T> inputs, Target<T> target))
        {
            int state = State();
            if (_program?.Fits(inputs, target, state) != true)
                _program = new(inputs, target, state, batch => Columns(() => loss(batch)), options);
            columns = _program.Run(inputs, target);
        }
        else
        {
            columns = Columns(() => loss(null));
        }
        for (int i = 0; i < _directions.Length; i++)
        {
            if (columns is null)
                product(i).Clear(); // the gradient is constant: a linear loss
            else
                columns[i].CopyTo(product(i));
        }
    }

    private int State()
    {
        int state = _states.Find(adds: false);
        if (state == _states.Count)
            _states.Remember(adds: false);
        return state;
    }

    private Tensor<T>[]? Columns(Func<Tensor<T>> value)
    {
        Tensor<T>[] leaves = [.. parameters.Select(p => ((NamedParameter<T>)p).Tensor)];
        Tensor<T>[] gradients = Transforms.Gradients(value(), leaves, createGraph: true);
        Tensor<T>? slope = null;
        for (int i = 0; i < leaves.Length; i++)
        {
            Tensor<T> term = (gradients[i] * _directions[i]).Sum();
            slope = slope is null ? term : slope + term;
        }
        return slope is { RequiresGrad: true } ? Transforms.Gradients(slope, leaves) : null;
    }

    /// <summary>The product for batches of one shape as a program.</summary>
    private sealed class Captured
    {
        private readonly Tensor<T> _inputs;
        private readonly Target<T> _target;
        private readonly long _generation = Capture.Generation;
        private readonly int _state;
        private readonly Tensor<T>[]? _columns;
        private readonly Program _program;

        public Captured(Tensor<T> inputs, Target<T> target, int state, Func<(Tensor<T>, Target<T>)?, Tensor<T>[]?> columns, CaptureOptions options)
        {
            _inputs = Tensor.Wrap(inputs.ToArray().AsMemory(), inputs.Shape);
            _target = target.Clone();
            _state = state;
            Tensor<T>[]? results = null;
            _program = Capture.Prepare<T>(() => (results = columns((_inputs, _target))) ?? [], options);
            _columns = results;
        }

        public bool Fits(Tensor<T> inputs, Target<T> target, int state) =>
            _generation == Capture.Generation && state == _state && inputs.Shape == _inputs.Shape && target.Shape == _target.Shape && target.Labels is null == _target.Labels is null;

        public Tensor<T>[]? Run(Tensor<T> inputs, Target<T> target)
        {
            inputs.CopyTo(_inputs.AsSpan());
            target.CopyTo(_target);
            _program.Run();
            return _columns;
        }
    }
}
