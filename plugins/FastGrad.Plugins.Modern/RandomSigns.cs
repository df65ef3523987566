using System.Numerics;
using FastGrad.Kernels.Philox;

namespace FastGrad.Plugins.Modern;

/// <summary>Random signs for Hutchinson's estimator, one bit each: a function of seed, update, parameter and element.</summary>
internal static class RandomSigns
{
    private const int BitsOfBlock = 128;

    /// <summary>The sign of one element: 1 or −1.</summary>
    public static double At(long seed, long update, int parameter, int element) =>
        Bit(Block(seed, update, parameter, element / BitsOfBlock), element % BitsOfBlock) ? -1 : 1;

    /// <summary>The signs of a parameter.</summary>
    public static void Fill<T>(long seed, long update, int parameter, Span<T> signs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PhiloxBlock block = default;
        for (int i = 0; i < signs.Length; i++)
        {
            if (i % BitsOfBlock == 0)
                block = Block(seed, update, parameter, i / BitsOfBlock);
            signs[i] = Bit(block, i % BitsOfBlock) ? T.NegativeOne : T.One;
        }
    }

    private static PhiloxBlock Block(long seed, long update, int parameter, int index) =>
        Philox4x32.Block((ulong)seed, ((ulong)update << 24) + (ulong)parameter, (ulong)index);

    private static bool Bit(PhiloxBlock block, int i) => ((block[i >> 5] >> (i & 31)) & 1) != 0;
}
