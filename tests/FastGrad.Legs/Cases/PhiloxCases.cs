using System.Numerics;
using FastGrad.Kernels.Philox;

namespace FastGrad.Legs.Cases;

internal static class PhiloxCases
{
    private static readonly PhiloxStream s_stream = new(Seed: 42, Stream: 7);

    public static IEnumerable<Case> All() =>
    [
        new("philox.uniform.float", digest => Uniform<float>(digest)),
        new("philox.uniform.double", digest => Uniform<double>(digest)),
        new("philox.normal.float", digest => Normal<float>(digest)),
        new("philox.normal.double", digest => Normal<double>(digest)),
        new("philox.permutation", Permutation),
    ];

    private static void Uniform<T>(Digest digest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[10_001];
        s_stream.FillUniform<T>(values, T.CreateTruncating(-0.3), T.CreateTruncating(0.7), offset: 3);
        digest.Add<T>(values);
    }

    private static void Normal<T>(Digest digest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[10_001];
        s_stream.FillNormal<T>(values, T.CreateTruncating(0.1), T.CreateTruncating(1.7), offset: 3);
        digest.Add<T>(values);
    }

    private static void Permutation(Digest digest)
    {
        int[] order = new int[5000];
        s_stream.Permutation(order);
        digest.AddIntegers(order);
    }
}
