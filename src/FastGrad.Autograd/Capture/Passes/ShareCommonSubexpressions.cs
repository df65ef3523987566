namespace FastGrad.Autograd.Passes;

/// <summary>Leaves out an operation that was done before on the same values: the second result lies where the first one does.</summary>
internal sealed class ShareCommonSubexpressions : IPass
{
    public string Name => "common subexpressions";

    public bool IsOn(CaptureOptions options) => options.ShareCommonSubexpressions;

    public void Run(Draft draft, CaptureOptions options)
    {
        Dictionary<Storage, int> writes = draft.CountWrites();
        Dictionary<Storage, int> versions = new(ReferenceEqualityComparer.Instance); // how often a storage has been written so far
        int outside = 0; // how often anything may have happened to memory outside
        Dictionary<int, List<Known>> seen = [];
        List<Instruction> kept = [];
        foreach (Instruction instruction in draft.Instructions)
        {
            // What a checkpoint computes again stays: the first result would have to lie there until then.
            if (instruction.IsPure && !instruction.IsRecomputed && instruction.Writes.Single() is var written && IsOwn(written) && !draft.IsResult(written))
            {
                int[] versionsRead = [.. instruction.Reads.Select(Version), instruction.IsClosed ? 0 : outside];
                List<Known> alike = seen.TryGetValue(instruction.ValueHash, out List<Known>? found) ? found : seen[instruction.ValueHash] = [];
                if (alike.Find(k => k.Instruction.HasSameValue(instruction, draft.Home) && k.Versions.SequenceEqual(versionsRead)) is { } earlier)
                {
                    draft.MoveIn(written, earlier.Instruction.Writes.Single());
                    draft.Temporaries.Remove(written);
                    continue;
                }
                alike.Add(new(instruction, versionsRead));
            }
            kept.Add(instruction);
            if (instruction.HasEffects)
                outside++;
            foreach (Storage storage in instruction.Writes)
                versions[draft.Home(storage)] = versions.GetValueOrDefault(draft.Home(storage)) + 1;
        }
        draft.Instructions = kept;

        bool IsOwn(Storage storage) => draft.Temporaries.Contains(storage) && writes[storage] == 1;

        int Version(Storage storage)
        {
            Storage home = draft.Home(storage);
            bool own = draft.Temporaries.Contains(home) || draft.Constants.Contains(home);
            return versions.GetValueOrDefault(home) + (own ? 0 : 1000 * outside);
        }
    }

    private sealed record Known(Instruction Instruction, int[] Versions);
}
