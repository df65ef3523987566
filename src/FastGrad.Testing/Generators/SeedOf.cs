using System.Globalization;
using FastGrad.Kernels.Philox;
using FsCheck;
using FsCheck.Fluent;

namespace FastGrad.Testing.Generators;

/// <summary>A seed of the library's own random numbers, as a generated case: a failing property prints it, and the case is made again from what was printed.</summary>
/// <param name="Value">The seed.</param>
public readonly record struct SeedOf(ulong Value)
{
    /// <summary>Seeds; they shrink towards 0.</summary>
    public static Arbitrary<SeedOf> Arbitrary() => Arb.From(
        from high in Gen.Choose(0, int.MaxValue)
        from low in Gen.Choose(0, int.MaxValue)
        select new SeedOf(((ulong)high << 31) | (uint)low),
        seed => seed.Value == 0 ? [] : [new SeedOf(0), new SeedOf(seed.Value / 2)]);

    /// <summary>One of the seed's streams.</summary>
    /// <param name="stream">The stream's number.</param>
    public PhiloxStream Stream(ulong stream = 0) => new(Value, stream);

    /// <summary>The seed as C# that makes it again: <c>new SeedOf(17)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"new SeedOf({Value})");
}
