namespace FastGrad.Autograd.Passes;

/// <summary>Lets an elementwise result take the memory of an operand that nobody reads afterwards.</summary>
internal sealed class ReuseInPlace : IPass
{
    public string Name => "in-place reuse";

    public bool IsOn(CaptureOptions options) => options.ReuseInPlace;

    public void Run(Draft draft, CaptureOptions options)
    {
        Dictionary<Storage, int> overwrites = new(ReferenceEqualityComparer.Instance), last = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < draft.Instructions.Count; i++)
        {
            Instruction instruction = draft.Instructions[i];
            foreach (Storage storage in instruction.Reads.Concat(instruction.Writes))
                last[draft.Home(storage)] = i;
            foreach (Storage storage in instruction.Writes.Except(instruction.Reads))
                overwrites[draft.Home(storage)] = overwrites.GetValueOrDefault(draft.Home(storage)) + 1;
        }
        foreach (Storage result in draft.Results)
            last[draft.Home(result)] = draft.Instructions.Count;

        for (int i = 0; i < draft.Instructions.Count; i++)
        {
            Instruction instruction = draft.Instructions[i];
            if (!instruction.IsPure || instruction.Writes.Single() is not { } written || !IsWrittenOnce(written))
                continue;
            foreach (Storage read in instruction.Reads)
            {
                Storage home = draft.Home(read);
                if (last[home] == i && IsWrittenOnce(read) && !draft.IsResult(home) && home.GetType() == written.GetType() && home.ByteLength == written.ByteLength && instruction.MayOverwrite(read))
                {
                    int end = last[draft.Home(written)];
                    draft.MoveIn(written, home);
                    last[home] = end;
                    break;
                }
            }
        }

        // A value that is computed twice has two lives.
        bool IsWrittenOnce(Storage storage)
        {
            Storage home = draft.Home(storage);
            return draft.Temporaries.Contains(home) && overwrites.GetValueOrDefault(home) == 1;
        }
    }
}
