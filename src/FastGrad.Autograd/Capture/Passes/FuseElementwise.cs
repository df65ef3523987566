namespace FastGrad.Autograd.Passes;

/// <summary>Runs neighbouring elementwise instructions of one length together, tile by tile: what one writes, the next finds in L1.</summary>
internal sealed class FuseElementwise : IPass
{
    public string Name => "elementwise fusion";

    public bool IsOn(CaptureOptions options) => options.FuseElementwise;

    public void Run(Draft draft, CaptureOptions options)
    {
        List<Instruction> fused = [];
        List<ITiled> group = [];
        foreach (Instruction instruction in draft.Instructions)
        {
            if (instruction is ITiled { TileLength: >= TiledInstruction.MinLength } tiled)
            {
                if (group.Count > 0 && !Fits(tiled))
                    Close();
                group.Add(tiled);
                continue;
            }
            Close();
            fused.Add(instruction);
        }
        Close();
        draft.Instructions = fused;

        // A value that is read must lie, element by element, where the group wrote it, and be written where the group read it.
        bool Fits(ITiled next)
        {
            if (next.TileLength != group[0].TileLength)
                return false;
            foreach (ITiled earlier in group)
            {
                foreach (TileOperand a in earlier.Operands)
                {
                    foreach (TileOperand b in next.Operands)
                    {
                        if ((a.IsWritten || b.IsWritten) && draft.Home(a.Storage) == draft.Home(b.Storage) && (a.Offset != b.Offset || a.Length != b.Length))
                            return false;
                    }
                }
            }
            return true;
        }

        void Close()
        {
            if (group.Count > 0)
                fused.Add(new TiledInstruction([.. group]));
            group.Clear();
        }
    }
}
