using System.Runtime.InteropServices;

namespace FastGrad.Kernels.Tests.Guarded;

/// <summary>Where the guard lies.</summary>
public enum Guard
{
    /// <summary>Right after the data: an over-run faults.</summary>
    After,

    /// <summary>Right before the data: an under-run faults.</summary>
    Before,
}

/// <summary>
/// Memory whose one end touches an inaccessible page, so that a kernel that reads or writes one element too far crashes the
/// test instead of passing. The other end, and both ends on systems without mmap, have canaries that <see cref="Dispose"/> checks.
/// </summary>
public sealed unsafe class GuardedMemory<T> : IDisposable
    where T : unmanaged
{
    private const byte Canary = 0xA5;

    private readonly byte* _region;
    private readonly nuint _size;
    private readonly byte* _inner;
    private readonly nuint _innerSize;
    private readonly byte* _data;
    private readonly int _length;
    private readonly bool _mapped;
    private bool _disposed;

    public GuardedMemory(int length, Guard guard = Guard.After)
    {
        _length = length;
        nuint bytes = (nuint)length * (nuint)sizeof(T);
        nuint page = (nuint)Environment.SystemPageSize;
        _innerSize = (bytes + page) / page * page;
        _size = _innerSize + 2 * page;
        _mapped = OperatingSystem.IsLinux();
        if (_mapped)
        {
            const int privateAnonymous = 0x22, readWrite = 3;
            _region = (byte*)Pages.mmap(null, _size, readWrite, privateAnonymous, -1, 0);
            if (_region == (byte*)-1)
                throw new OutOfMemoryException();
            if (Pages.mprotect(_region, page, 0) != 0 || Pages.mprotect(_region + _size - page, page, 0) != 0)
                throw new InvalidOperationException("mprotect failed.");
        }
        else
        {
            _region = (byte*)NativeMemory.AlignedAlloc(_size, page);
        }
        _inner = _region + page;
        new Span<byte>(_inner, (int)_innerSize).Fill(Canary);
        _data = guard == Guard.After ? _inner + _innerSize - bytes : _inner;
    }

    /// <summary>Memory with a copy of <paramref name="values"/>.</summary>
    public GuardedMemory(ReadOnlySpan<T> values, Guard guard = Guard.After)
        : this(values.Length, guard) => values.CopyTo(Span);

    public Span<T> Span => new(_data, _length);

    /// <summary>Frees the memory; throws when something was written around the data.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        byte* end = _data + (nuint)_length * (nuint)sizeof(T);
        bool intact = !new Span<byte>(_inner, (int)(_data - _inner)).ContainsAnyExcept(Canary)
            && !new Span<byte>(end, (int)(_inner + _innerSize - end)).ContainsAnyExcept(Canary);
        if (_mapped)
            _ = Pages.munmap(_region, _size);
        else
            NativeMemory.AlignedFree(_region);
        if (!intact)
            throw new InvalidOperationException("Something wrote outside of guarded memory.");
    }
}

/// <summary>The few system calls behind guarded memory.</summary>
internal static unsafe class Pages
{
    [DllImport("libc")]
    public static extern void* mmap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc")]
    public static extern int mprotect(void* address, nuint length, int protection);

    [DllImport("libc")]
    public static extern int munmap(void* address, nuint length);
}
