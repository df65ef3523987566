using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FastGrad.Legs;

/// <summary>SHA-256 over the bytes of results. Every NaN counts as the same one: its sign and payload differ between x86 and Arm.</summary>
internal sealed class Digest
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] canonical = values.ToArray();
        for (int i = 0; i < canonical.Length; i++)
        {
            if (T.IsNaN(canonical[i]))
                canonical[i] = T.NaN;
        }
        _hash.AppendData(MemoryMarshal.AsBytes<T>(canonical));
    }

    public void AddIntegers(ReadOnlySpan<int> values) => _hash.AppendData(MemoryMarshal.AsBytes(values));

    public override string ToString() => Convert.ToHexStringLower(_hash.GetCurrentHash());
}
