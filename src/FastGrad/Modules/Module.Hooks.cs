using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Modules;

// What sees, and may replace, the values and gradients that go through a module.
public abstract partial class Module<T>
{
    private readonly List<Func<Module<T>, Tensor<T>, Tensor<T>?>> _before = [];
    private readonly List<Func<Module<T>, Tensor<T>, Tensor<T>, Tensor<T>?>> _after = [];
    private readonly List<Action<Module<T>, Tensor<T>?, Tensor<T>>> _backward = [];

    private bool HasHooks => _before.Count + _after.Count + _backward.Count > 0;

    /// <summary>The output for a batch of inputs, with hooks: what containers, training and prediction call. Without hooks it is <see cref="Forward"/>.</summary>
    /// <inheritdoc cref="Forward"/>
    public Tensor<T> Invoke(Tensor<T> x) => HasHooks ? InvokeHooked(x) : Forward(x);

    /// <summary>Shows each input to a function, before the module gets it.</summary>
    /// <remarks>A module with hooks is not captured: what they do may differ from call to call. Training steps notice hooks that come and go.</remarks>
    /// <param name="hook">(module, input) ↦ the input to go on with, or null to leave it.</param>
    /// <returns>What takes the function away again.</returns>
    public ModuleHook RegisterForwardPreHook(Func<Module<T>, Tensor<T>, Tensor<T>?> hook) => Add(_before, hook);

    /// <summary>Shows each input and output to a function, after the module.</summary>
    /// <param name="hook">(module, input, output) ↦ the output to go on with, or null to leave it.</param>
    /// <inheritdoc cref="RegisterForwardPreHook"/>
    public ModuleHook RegisterForwardHook(Func<Module<T>, Tensor<T>, Tensor<T>, Tensor<T>?> hook) => Add(_after, hook);

    /// <summary>Shows the gradients of each output and input to a function, in the backward pass.</summary>
    /// <param name="hook">(module, the input's gradient through this module, the output's gradient); the first is null where the input requires none.</param>
    /// <inheritdoc cref="RegisterForwardPreHook"/>
    public ModuleHook RegisterBackwardHook(Action<Module<T>, Tensor<T>?, Tensor<T>> hook) => Add(_backward, hook);

    private static ModuleHook Add<TFunction>(List<TFunction> functions, TFunction function)
        where TFunction : class
    {
        ArgumentNullException.ThrowIfNull(function, nameof(function));
        functions.Add(function);
        Capture.Invalidate();
        return new(() =>
        {
            functions.Remove(function);
            Capture.Invalidate();
        });
    }

    private Tensor<T> InvokeHooked(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        foreach (Func<Module<T>, Tensor<T>, Tensor<T>?> hook in _before.ToArray())
            x = hook(this, x) ?? x;
        bool watched = _backward.Count > 0 && x.RequiresGrad && !NoGrad.IsActive;
        // A place on the tape of its own: the input's gradient there comes through this module alone.
        Tensor<T> entry = watched ? new Reshape<T>(x.Shape).Apply(x) : x;
        Tensor<T> y = Forward(entry);
        foreach (Func<Module<T>, Tensor<T>, Tensor<T>, Tensor<T>?> hook in _after.ToArray())
            y = hook(this, x, y) ?? y;
        if (_backward.Count > 0 && y.RequiresGrad && !NoGrad.IsActive)
            y = Watch(watched ? entry : null, y);
        return y;
    }

    private Tensor<T> Watch(Tensor<T>? entry, Tensor<T> y)
    {
        Tensor<T> exit = new Reshape<T>(y.Shape).Apply(y);
        Tensor<T>? gradient = null;
        exit.RegisterHook(dy =>
        {
            gradient = dy;
            if (entry is null)
                Show(null, dy);
            return null;
        });
        entry?.RegisterHook(dx =>
        {
            Show(dx, gradient!);
            return null;
        });
        return exit;
    }

    private void Show(Tensor<T>? dx, Tensor<T> dy)
    {
        foreach (Action<Module<T>, Tensor<T>?, Tensor<T>> hook in _backward.ToArray())
            hook(this, dx, dy);
    }
}
