namespace FastGrad.Autograd.Passes;

/// <summary>Leaves out instructions whose results nobody reads: neither a later instruction nor the caller.</summary>
internal sealed class RemoveDeadCode : IPass
{
    public string Name => "dead code";

    public bool IsOn(CaptureOptions options) => options.RemoveDeadCode;

    public void Run(Draft draft, CaptureOptions options)
    {
        HashSet<Storage> read = new(draft.Results, ReferenceEqualityComparer.Instance);
        List<Instruction> kept = [];
        foreach (Instruction instruction in Enumerable.Reverse(draft.Instructions))
        {
            // What lies outside the program, a leaf's gradient or an optimizer's parameter, may be read by anyone.
            bool live = instruction.HasEffects || instruction.Writes.Any(w => !draft.Temporaries.Contains(draft.Home(w)) || read.Contains(draft.Home(w)));
            if (!live)
                continue;
            kept.Add(instruction);
            foreach (Storage storage in instruction.Reads)
                read.Add(draft.Home(storage));
        }
        kept.Reverse();
        draft.Instructions = kept;
    }
}
