using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>Small storages that a thread's scopes gave back, and the tensor objects of scopes that reuse them. No other thread comes here, so nothing locks.</summary>
/// <remarks>
/// <para>Storages are listed by size class, powers of two; what is larger goes to the context's <see cref="StoragePool{T}"/>, which all threads share.</para>
/// <para>
/// Tensor objects are seen by users, who may still hold one when it stands for another tensor. So there are two stacks of them, and scopes
/// take turns: an object rests while the scope after its own makes tensors, and a reader of then is told.
/// </para>
/// <para>
/// A slot that is free keeps its object. A steady loop asks for the same in the same order each time, finds it in its place, and a
/// reference that is not stored again costs no write barrier; these would be half of an operator's cost.
/// </para>
/// </remarks>
internal sealed class ScopePool<T>
    where T : unmanaged
{
    /// <summary>The most elements of a small storage.</summary>
    public const int MaxLength = 1 << (Classes - 1);

    private const int Classes = 13;

    private readonly Storage<T>[][] _free = new Storage<T>[Classes][];
    private readonly int[] _freeCounts = new int[Classes];
    private Tensor<T>?[] _even = [], _odd = [];

    /// <summary>The number of tensor objects that open scopes of the even turn hold.</summary>
    public int Even { get; private set; }

    /// <summary>The number of tensor objects that open scopes of the odd turn hold.</summary>
    public int Odd { get; private set; }

    /// <summary>Storage for at most <see cref="MaxLength"/> elements.</summary>
    public Storage<T> Take(int length)
    {
        int size = length <= 1 ? 0 : BitOperations.Log2((uint)(length - 1)) + 1;
        ref int count = ref _freeCounts[size];
        return (count == 0 ? Storage<T>.Allocate(1 << size, this, size) : _free[size][--count]).Reuse(length);
    }

    /// <summary>Takes a storage back.</summary>
    public void Give(Storage<T> storage, int size)
    {
        ref Storage<T>[] free = ref _free[size];
        ref int count = ref _freeCounts[size];
        if (free is null || count == free.Length)
            Array.Resize(ref free, Math.Max(8, 2 * count));
        if (free[count] != storage)
            free[count] = storage;
        count++;
    }

    /// <summary>A tensor object for the innermost scope: one that has rested, or a new one.</summary>
    public Tensor<T> Issue(bool isOdd)
    {
        ref Tensor<T>?[] objects = ref isOdd ? ref _odd : ref _even;
        int place = isOdd ? Odd++ : Even++;
        if (place == objects.Length)
            Array.Resize(ref objects, Math.Max(16, 2 * place));
        return objects[place] ??= new();
    }

    /// <summary>Takes back the tensor objects since a moment; kept ones, and all where a tape lives on, become the collector's.</summary>
    public void Return(int even, int odd, bool escaped)
    {
        Return(_even.AsSpan(even, Even - even), escaped);
        Return(_odd.AsSpan(odd, Odd - odd), escaped);
        (Even, Odd) = (even, odd);
    }

    private static void Return(Span<Tensor<T>?> objects, bool escaped)
    {
        foreach (ref Tensor<T>? tensor in objects)
        {
            if (escaped || tensor!.Storage.Kept)
                tensor = null;
            else
                tensor.End();
        }
    }
}
