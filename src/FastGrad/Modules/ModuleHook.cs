namespace FastGrad.Modules;

/// <summary>A function that sees what goes through a module. <see cref="Dispose"/> takes it away.</summary>
public sealed class ModuleHook : IDisposable
{
    private Action? _remove;

    internal ModuleHook(Action remove) => _remove = remove;

    /// <summary>Takes the function away; a second time does nothing.</summary>
    public void Dispose()
    {
        _remove?.Invoke();
        _remove = null;
    }
}
