using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>Memory that scopes gave back, by size class: powers of two.</summary>
/// <remarks>It holds only what was given back, so memory that nobody gives back is the collector's: slower, never lost.</remarks>
internal sealed class StoragePool<T>
    where T : unmanaged
{
    private readonly Stack<Storage<T>>[] _free = [.. Enumerable.Range(0, 32).Select(_ => new Stack<Storage<T>>())];
    private readonly Lock _gate = new();

    /// <summary>One pool for each element type and compute context.</summary>
    public Storage<T> Take(int length)
    {
        int size = SizeClass(length);
        lock (_gate)
        {
            if (_free[size].TryPop(out Storage<T>? storage))
                return storage.Reuse(length);
        }
        return Storage<T>.Allocate(size >= 31 ? length : 1 << size, this).Reuse(length);
    }

    public void Give(Storage<T> storage)
    {
        lock (_gate)
            _free[BitOperations.Log2((uint)Math.Max(1, storage.Capacity))].Push(storage);
    }

    /// <summary>Lets the collector have everything that is free.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            foreach (Stack<Storage<T>> stack in _free)
                stack.Clear();
        }
    }

    private static int SizeClass(int length) => length <= 1 ? 0 : BitOperations.Log2((uint)(length - 1)) + 1;
}
