namespace FastGrad.Autograd.Passes;

/// <summary>The passes in their order.</summary>
internal static class PassList
{
    // Folding makes constants equal for sharing; both leave dead code, and what is left of copies can be told. Recomputation counts what is
    // left, and makes values with two lives, which epilogues and in-place reuse leave alone. Products take their epilogues before those take
    // another's place in memory. Fusion follows: within a fused instruction all operands live at once. Updates move when nothing else does any more.
    private static readonly IPass[] s_all =
        [new FoldConstants(), new ShareCommonSubexpressions(), new RemoveDeadCode(), new ShareCopies(), new Recompute(), new FuseEpilogues(), new ReuseInPlace(), new FuseElementwise(), new UpdateEarly()];

    public static List<PassDump> Run(Draft draft, CaptureOptions options)
    {
        List<PassDump> dumps = [];
        foreach (IPass pass in s_all)
        {
            if (!pass.IsOn(options))
                continue;
            string before = options.KeepDumps ? draft.ToString() : "";
            pass.Run(draft, options);
            if (options.KeepDumps)
                dumps.Add(new(pass.Name, before, draft.ToString()));
        }
        return dumps;
    }
}
