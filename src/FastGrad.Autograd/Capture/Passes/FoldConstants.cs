namespace FastGrad.Autograd.Passes;

/// <summary>Computes once, at capture, what follows from constants alone: the seed of a backward pass spread over a batch, masks, scales.</summary>
internal sealed class FoldConstants : IPass
{
    // A larger constant would take memory for good that the plan gives to several.
    private const long MaxBytes = 64 * 1024;

    public string Name => "constant folding";

    public bool IsOn(CaptureOptions options) => options.FoldConstants;

    public void Run(Draft draft, CaptureOptions options)
    {
        Dictionary<Storage, int> writes = draft.CountWrites();
        List<Instruction> kept = [];
        foreach (Instruction instruction in draft.Instructions)
        {
            if (instruction.IsPure && instruction.IsClosed && instruction.Writes.Single() is var written
                && draft.Temporaries.Contains(written) && writes[written] == 1 && written.ByteLength <= MaxBytes && !draft.IsResult(written)
                && instruction.Reads.All(draft.Constants.Contains))
            {
                instruction.Execute();
                draft.Temporaries.Remove(written);
                draft.Constants.Add(written);
            }
            else
            {
                kept.Add(instruction);
            }
        }
        draft.Instructions = kept;
    }
}
