using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>A higher layer's change of a leaf by its gradient, after which nobody reads that gradient: it lies among the temporaries.</summary>
internal sealed class UpdateInstruction<T>(string title, Tensor<T> leaf, Tensor<T> gradient, Action action) : Instruction
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Storage> Reads => [leaf.Storage, gradient.Storage];

    public override IEnumerable<Storage> Writes => [leaf.Storage];

    public override IEnumerable<(Storage Storage, string? Name)> Names => [(leaf.Storage, leaf.Name), (gradient.Storage, gradient.Name)];

    public override bool IsBackward => true;

    public override bool MayMoveUp => true;

    /// <summary>Shows the gradient to the action, and nobody else.</summary>
    public override void Execute()
    {
        gradient.Storage.IsScratch = false;
        leaf.MarkGradient(gradient);
        action();
        leaf.Grad = null;
        gradient.Storage.IsScratch = true;
    }

    public override string Describe(Func<Storage, string> name) => $"{title}({name(leaf.Storage)}, {name(gradient.Storage)})  {leaf.Shape}";
}
