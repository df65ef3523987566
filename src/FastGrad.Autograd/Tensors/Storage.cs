using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastGrad.Autograd;

/// <summary>Memory that a scope may take back.</summary>
internal abstract class Storage
{
    /// <summary>Grows with each change in place: what was saved for backward remembers it.</summary>
    public int Version;

    /// <summary>Grows when the memory goes back to its pool: tensors that still point here notice.</summary>
    public int Generation;

    /// <summary>Whether it is a program's temporary, which shares memory with others: what it holds means nothing outside the program.</summary>
    public bool IsScratch;

    /// <summary>Whether the tensor's scope must leave it alone.</summary>
    public bool Kept;

    /// <summary>Whether it belongs to a thread's pool of small ones.</summary>
    public abstract bool IsSmall { get; }

    /// <summary>The bytes of the elements.</summary>
    public abstract long ByteLength { get; }

    /// <summary>Gives the memory back to its pool.</summary>
    public abstract void Return();

    /// <summary>Moves into the arena of its element type, which is made by the first that comes. Counts as a change in place: what it held is lost.</summary>
    /// <param name="arenas">The arenas so far.</param>
    /// <param name="arenaBytes">The length of an arena.</param>
    /// <param name="offset">Where to lie in it.</param>
    public abstract void MoveInto(Dictionary<Type, object> arenas, long arenaBytes, long offset);
}

/// <summary>The elements that a tensor and its views share.</summary>
internal sealed class Storage<T> : Storage
    where T : unmanaged
{
    // Arrays from the large-object threshold on are allocated pinned and used from a cache line's start. Below it, alignment is
    // not worth a pinned object.
    private const int LargeBytes = 85_000;
    private const int Alignment = 64;

    private T[]? _array;
    private int _start;
    private readonly Memory<T> _memory;
    private readonly StoragePool<T>? _pool;
    private readonly ScopePool<T>? _smallPool;
    private readonly int _size; // its class in the pool of small ones
    private int _length;
    private bool _isDeferred, _isBorrowed;

    private Storage(T[] array, int start, int length, StoragePool<T>? pool) =>
        (_array, _start, _length, _pool) = (array, start, length, pool);

    private Storage(T[] array, ScopePool<T> pool, int size) =>
        (_array, _length, _smallPool, _size) = (array, array.Length, pool, size);

    private Storage(Memory<T> memory) => (_memory, _length) = (memory, memory.Length);

    /// <summary>What tensors point at whose scope has ended: no memory.</summary>
    public static Storage<T> Ended { get; } = new([], 0, 0, null);

    public override bool IsSmall => _smallPool is not null;

    /// <summary>The number of elements that fit.</summary>
    public int Capacity => _array is null ? _memory.Length : _array.Length - _start;

    public Span<T> Span => _array is not null ? new Span<T>(_array, _start, _length) : _isDeferred ? Claim() : _memory.Span;

    /// <summary>A piece of <see cref="Span"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Slice(int offset, int length)
    {
        // Every operand of every kernel comes this way: one comparison, since the storage lies within its array.
        if (_array is { } array && (ulong)(uint)offset + (uint)length <= (uint)_length)
            return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), _start + offset), length);
        return Span.Slice(offset, length);
    }

    /// <summary>Storage whose memory is made when it is first touched, unless it moves into an arena before.</summary>
    public static Storage<T> Defer(int length) => new(default) { _length = length, _isDeferred = true };

    /// <summary>Wraps the caller's memory, without a copy.</summary>
    public static Storage<T> Wrap(Memory<T> memory) =>
        MemoryMarshal.TryGetArray(memory, out ArraySegment<T> segment)
            ? new(segment.Array!, segment.Offset, segment.Count, null)
            : new(memory);

    /// <summary>Memory of its own, not cleared.</summary>
    public static unsafe Storage<T> Allocate(int length, StoragePool<T>? pool = null)
    {
        if ((long)length * sizeof(T) < LargeBytes)
            return new(GC.AllocateUninitializedArray<T>(length), 0, length, pool);
        int slack = Alignment / sizeof(T);
        T[] array = GC.AllocateUninitializedArray<T>(checked(length + slack), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        int start = (int)((Alignment - address % Alignment) % Alignment / (nuint)sizeof(T));
        return new(array, start, length, pool);
    }

    /// <summary>Memory of its own, not cleared, that goes back to a thread's pool.</summary>
    public static Storage<T> Allocate(int length, ScopePool<T> pool, int size) => new(GC.AllocateUninitializedArray<T>(length), pool, size);

    /// <summary>Uses the memory for another number of elements.</summary>
    public Storage<T> Reuse(int length)
    {
        _length = length;
        Kept = false;
        return this;
    }

    public override unsafe long ByteLength => (long)_length * sizeof(T);

    public override unsafe void MoveInto(Dictionary<Type, object> arenas, long arenaBytes, long offset)
    {
        if (!arenas.TryGetValue(typeof(T), out object? arena))
            arenas[typeof(T)] = arena = Allocate(checked((int)(arenaBytes / sizeof(T))));
        var shared = (Storage<T>)arena;
        (_array, _start) = (shared._array, shared._start + (int)(offset / sizeof(T)));
        _isDeferred = false;
        Version++;
    }

    /// <summary>Lies where a piece of another storage does, as long as that stays; false where the other has no array.</summary>
    public bool Borrow(Storage<T> other, int offset)
    {
        if (other._array is not { } array)
            return false;
        if (_array != array)
            _array = array;
        (_start, _isDeferred, _isBorrowed) = (other._start + offset, false, true);
        Version++;
        return true;
    }

    /// <summary>Gives back what was borrowed; memory of its own is made when it is touched.</summary>
    public void Own()
    {
        if (_isBorrowed)
            (_array, _isDeferred, _isBorrowed) = (null, true, false);
    }

    private Span<T> Claim()
    {
        Storage<T> own = Allocate(_length);
        (_array, _start, _isDeferred) = (own._array, own._start, false);
        return Span;
    }

    public override void Return()
    {
        Generation++;
        if (_smallPool is not null)
            _smallPool.Give(this, _size);
        else
            _pool?.Give(this);
    }
}
