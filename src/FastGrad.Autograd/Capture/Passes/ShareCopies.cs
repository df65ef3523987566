namespace FastGrad.Autograd.Passes;

/// <summary>Leaves out copies within the backward pass: the copy lies where its original does, as long as neither changes while the other is read.</summary>
/// <remarks>A sum hands its gradient on to both operands; where they part, a residual connection, one of them is added to after the other was read last.</remarks>
internal sealed class ShareCopies : IPass
{
    public string Name => "copies";

    public bool IsOn(CaptureOptions options) => options.ShareCopies;

    public void Run(Draft draft, CaptureOptions options)
    {
        List<Instruction> list = draft.Instructions;
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i].CopyOf is not { } original || list[i].Writes.Single() is not { } copy)
                continue;
            (Storage from, Storage to) = (draft.Home(original), draft.Home(copy));
            if (from != to && !MayShare(i, from, to))
                continue;
            if (from != to)
                draft.MoveIn(to, from);
            list.RemoveAt(i--);
        }

        bool MayShare(int at, Storage from, Storage to)
        {
            if (!IsOwn(from) || !IsOwn(to) || from.GetType() != to.GetType() || from.ByteLength != to.ByteLength || list.Take(at).Any(i => Touches(i, to)))
                return false;
            int fromChanges = Next(at, i => Writes(i, from)), toChanges = Next(at, i => Writes(i, to));
            return !list.Skip(toChanges).Any(i => Reads(i, from)) && !list.Skip(fromChanges).Any(i => Reads(i, to));
        }

        bool IsOwn(Storage home) => draft.Temporaries.Contains(home) && !draft.IsResult(home);

        bool Reads(Instruction instruction, Storage home) => instruction.Reads.Any(r => draft.Home(r) == home);

        bool Writes(Instruction instruction, Storage home) => instruction.Writes.Any(w => draft.Home(w) == home);

        bool Touches(Instruction instruction, Storage home) => Reads(instruction, home) || Writes(instruction, home);

        int Next(int at, Predicate<Instruction> what) => list.FindIndex(at + 1, what) is var found and >= 0 ? found : list.Count;
    }
}
