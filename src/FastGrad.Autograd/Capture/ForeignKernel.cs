using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>A kernel of a primitive from outside of this assembly: it reaches its operands through public members, which refuse a program's temporaries to everyone else.</summary>
internal sealed class ForeignKernel
{
    private Storage[]? _temporaries; // among the operands, known when memory has been planned

    private ForeignKernel()
    {
    }

    /// <summary>For a primitive from outside; null for those of this assembly.</summary>
    public static ForeignKernel? For<T>(Primitive<T> primitive)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        primitive.GetType().Assembly == typeof(ForeignKernel).Assembly ? null : new();

    /// <summary>Lets the operands be read until the result is disposed.</summary>
    public Showing Show(Instruction instruction) =>
        new(_temporaries ??= [.. instruction.Reads.Concat(instruction.Writes).Where(storage => storage.IsScratch).Distinct()]);

    /// <summary>Hides the operands again.</summary>
    public readonly ref struct Showing : IDisposable
    {
        private readonly Storage[] _temporaries;

        public Showing(Storage[] temporaries) => Mark(_temporaries = temporaries, isScratch: false);

        public void Dispose() => Mark(_temporaries, isScratch: true);

        private static void Mark(Storage[] temporaries, bool isScratch)
        {
            foreach (Storage storage in temporaries)
                storage.IsScratch = isScratch;
        }
    }
}
