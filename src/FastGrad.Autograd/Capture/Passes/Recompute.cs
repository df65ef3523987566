namespace FastGrad.Autograd.Passes;

/// <summary>Stays within a budget of memory: values of the forward pass are dropped, and computed again when the backward pass asks for them.</summary>
/// <remarks>
/// Every k-th of the values that wait for the backward pass is kept (Chen, Xu, Zhang, Guestrin 2016, arXiv:1604.06174); the others
/// are computed from those, a segment at a time, at the first question. The smallest k that fits wins. A value that is computed again
/// takes the same place in memory a second time, which others have used meanwhile.
/// </remarks>
internal sealed class Recompute : IPass
{
    public string Name => "recomputation";

    public bool IsOn(CaptureOptions options) => options.MemoryBudget is not null;

    public void Run(Draft draft, CaptureOptions options)
    {
        List<Instruction> whole = draft.Instructions;
        long budget = options.MemoryBudget!.Value, least = MemoryPlan.Create(draft).PeakBytes;
        List<Instruction> best = whole;
        Storage[] waiting = Waiting(draft);
        for (int every = 2; least > budget && every <= 2 * waiting.Length; every = every < 8 ? every + 1 : every * 5 / 4)
        {
            HashSet<Storage> dropped = new(waiting.Where((_, i) => i % every != 0), ReferenceEqualityComparer.Instance);
            draft.Instructions = Rewrite(draft, whole, dropped);
            if (MemoryPlan.Create(draft).PeakBytes is var peak && peak < least)
                (least, best) = (peak, draft.Instructions);
        }
        draft.Instructions = best;
        if (least > budget)
            throw new InvalidOperationException($"The program needs at least {least} bytes for its temporaries; expected a budget of no less than that, but it is {budget}.");
    }

    /// <summary>What the forward pass computes and the backward pass reads, in the order of computation.</summary>
    private static Storage[] Waiting(Draft draft)
    {
        int backward = draft.Instructions.FindIndex(i => i.IsBackward);
        if (backward < 0)
            return [];
        Dictionary<Storage, int> writes = draft.CountWrites();
        HashSet<Storage> read = new(draft.Instructions.Skip(backward).SelectMany(i => i.Reads).Select(draft.Home), ReferenceEqualityComparer.Instance);
        return
        [
            .. draft.Instructions.Take(backward)
                .Where(i => i.IsPure)
                .Select(i => i.Writes.Single())
                .Where(s => draft.Temporaries.Contains(s) && writes[s] == 1 && read.Contains(s) && !draft.IsResult(s)),
        ];
    }

    private static List<Instruction> Rewrite(Draft draft, List<Instruction> whole, HashSet<Storage> dropped)
    {
        int backward = whole.FindIndex(i => i.IsBackward);
        Dictionary<Storage, Instruction> makers = new(ReferenceEqualityComparer.Instance);
        foreach (Instruction instruction in whole.Take(backward).Where(i => i.IsPure))
            makers[draft.Home(instruction.Writes.Single())] = instruction;
        // What only the forward pass needed is gone as well, and comes back with what is computed from it.
        HashSet<Storage> here = new(makers.Keys.Where(s => !IsGone(s)), ReferenceEqualityComparer.Instance);
        List<Instruction> result = [.. whole.Take(backward)];
        foreach (Instruction instruction in whole.Skip(backward))
        {
            foreach (Storage storage in instruction.Reads)
                Bring(draft.Home(storage));
            result.Add(instruction);
        }
        return result;

        bool IsGone(Storage storage) => draft.Temporaries.Contains(storage) && !draft.IsResult(storage)
            && (dropped.Contains(storage) || !IsReadLater(storage));

        bool IsReadLater(Storage storage) => whole.Skip(backward).Any(i => i.Reads.Any(r => draft.Home(r) == storage));

        void Bring(Storage storage)
        {
            if (!makers.TryGetValue(storage, out Instruction? maker) || !here.Add(storage))
                return;
            foreach (Storage operand in maker.Reads)
                Bring(draft.Home(operand));
            result.Add(maker);
        }
    }
}
