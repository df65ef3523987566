namespace FastGrad.Autograd;

/// <summary>A function that sees, and may replace, a gradient on its way. <see cref="Dispose"/> takes it away.</summary>
/// <remarks>A copy of the hook's handle takes the same hook away; taking it away twice is once.</remarks>
public sealed class GradientHook : IDisposable
{
    private Action? _remove;

    internal GradientHook(Action remove) => _remove = remove;

    /// <summary>Takes the function away.</summary>
    public void Dispose()
    {
        _remove?.Invoke();
        _remove = null;
    }
}
