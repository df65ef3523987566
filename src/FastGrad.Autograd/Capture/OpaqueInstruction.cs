namespace FastGrad.Autograd;

/// <summary>Whatever a higher layer does with spans: an optimizer's step, clipping.</summary>
internal sealed class OpaqueInstruction(string title, Action action, Storage[] reads) : Instruction
{
    public override IEnumerable<Storage> Reads => reads;

    public override IEnumerable<Storage> Writes => [];

    public override bool HasEffects => true;

    public override void Execute() => action();

    public override string Describe(Func<Storage, string> name) => $"{title}({string.Join(", ", reads.Select(name))})";
}
