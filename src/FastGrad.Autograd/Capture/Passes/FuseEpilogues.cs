namespace FastGrad.Autograd.Passes;

/// <summary>Lets matrix products and convolutions finish their elements: activation, sum with a residual, and, in backward, the activation's derivative.</summary>
/// <remarks>
/// A bias is part of a product from the beginning. The elementwise instruction moves up to its product, so all that it reads must be there by
/// then. A product that somebody else reads, as the derivative of GELU does, stays as it is: written twice it would be slower than two passes.
/// </remarks>
internal sealed class FuseEpilogues : IPass
{
    public string Name => "product epilogues";

    public bool IsOn(CaptureOptions options) => options.FuseEpilogues;

    public void Run(Draft draft, CaptureOptions options)
    {
        List<Instruction> list = draft.Instructions;
        Dictionary<Storage, int> writes = new(ReferenceEqualityComparer.Instance);
        foreach (Storage written in list.SelectMany(i => i.Writes))
            writes[draft.Home(written)] = writes.GetValueOrDefault(draft.Home(written)) + 1;
        for (int i = 0; i < list.Count; i++)
        {
            while (Finished(i) is var (whole, next))
            {
                list[i] = whole;
                list.RemoveAt(next);
            }
        }

        (Instruction Whole, int Next)? Finished(int at)
        {
            if (list[at].Unfinished is not { } product || !IsOwn(product))
                return null;
            int next = list.FindIndex(at + 1, i => i.HasEffects || i.Reads.Any(r => draft.Home(r) == draft.Home(product)));
            if (next < 0 || list[next].HasEffects || list[next].Writes.Count() != 1 || !IsOwn(list[next].Writes.Single()))
                return null;
            bool isReadAgain = draft.IsResult(draft.Home(product)) || list.Skip(next + 1).Any(i => i.Reads.Any(r => draft.Home(r) == draft.Home(product)));
            if (isReadAgain || list[next].Reads.Any(r => draft.Home(r) != draft.Home(product) && IsWritten(draft.Home(r), at, next)))
                return null;
            return list[at].FinishedBy(list[next], draft.Home) is { } whole ? (whole, next) : null;
        }

        // A value that is computed twice has two lives.
        bool IsOwn(Storage storage) => draft.Temporaries.Contains(draft.Home(storage)) && writes[draft.Home(storage)] == 1;

        bool IsWritten(Storage home, int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                if (list[i].Writes.Any(w => draft.Home(w) == home))
                    return true;
            }
            return false;
        }
    }
}
