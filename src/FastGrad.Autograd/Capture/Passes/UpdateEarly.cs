namespace FastGrad.Autograd.Passes;

/// <summary>Moves the update of each leaf into the backward pass: right behind the last instruction that reads the leaf or touches its gradient.</summary>
/// <remarks>The gradients' memory is then free for others, where otherwise all of them wait for the end. Nothing moves over an action whose reads are unknown.</remarks>
internal sealed class UpdateEarly : IPass
{
    public string Name => "update in backward";

    public bool IsOn(CaptureOptions options) => options.UpdateEarly;

    public void Run(Draft draft, CaptureOptions options)
    {
        List<Instruction> list = draft.Instructions;
        for (int i = 0; i < list.Count; i++)
        {
            if (!list[i].MayMoveUp)
                continue;
            Instruction update = list[i];
            HashSet<Storage> touched = new(update.Reads.Concat(update.Writes).Select(draft.Home), ReferenceEqualityComparer.Instance);
            int last = list.FindLastIndex(i - 1, i, other => other.HasEffects || other.Reads.Concat(other.Writes).Any(s => touched.Contains(draft.Home(s))));
            list.RemoveAt(i);
            list.Insert(last + 1, update);
        }
    }
}
