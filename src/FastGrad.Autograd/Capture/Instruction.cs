using System.Numerics;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Autograd;

/// <summary>One step of a program: a kernel with its operands. Their memory is known, so running it allocates nothing.</summary>
internal abstract class Instruction
{
    /// <summary>The memory it reads.</summary>
    public abstract IEnumerable<Storage> Reads { get; }

    /// <summary>The memory it writes.</summary>
    public abstract Storage? Written { get; }

    /// <summary>Other memory that it writes: what a kernel leaves beside its output.</summary>
    public virtual Storage? AlsoWritten => null;

    public abstract void Execute();

    /// <summary>One line of a dump; values are named by the caller.</summary>
    public abstract string Describe(Func<Storage, string> name);
}

/// <summary>y = f(x₁, x₂, …).</summary>
internal sealed class ForwardInstruction<T>(Primitive<T> primitive, Tensor<T>[] inputs, Tensor<T> output, Tensor<T>? auxiliary) : Instruction
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Storage> Reads => inputs.Select(input => input.Storage);

    public override Storage Written => output.Storage;

    public override Storage? AlsoWritten => auxiliary?.Storage;

    public override void Execute()
    {
        if (auxiliary is null)
            primitive.Forward(inputs, output);
        else
            primitive.Forward(inputs, output, auxiliary);
    }

    public override string Describe(Func<Storage, string> name) =>
        $"{name(output.Storage)}{(auxiliary is null ? "" : $", {name(auxiliary.Storage)}")} = {primitive.Name}({string.Join(", ", inputs.Select(i => name(i.Storage)))})  {output.Shape}";
}

/// <summary>dxᵢ = Jᵢᵀ·dy, or dxᵢ += Jᵢᵀ·dy.</summary>
internal sealed class BackwardInstruction<T>(Node<T> node, int input, Tensor<T> dy, Tensor<T> dx, bool accumulate) : Instruction
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Storage> Reads
    {
        get
        {
            yield return dy.Storage;
            foreach (Tensor<T> saved in node.Saved)
                yield return saved.Storage;
            if (accumulate)
                yield return dx.Storage;
        }
    }

    public override Storage Written => dx.Storage;

    public override void Execute() => node.Primitive.Backward(input, new Linearization<T>(node), dy, dx, accumulate);

    public override string Describe(Func<Storage, string> name) =>
        $"{name(dx.Storage)} {(accumulate ? "+=" : "=")} {node.Primitive.Name}'[{input}]({string.Join(", ", node.Saved.Select(s => name(s.Storage)))}; {name(dy.Storage)})  {dx.Shape}";
}

/// <summary>y = x, or y += x, whatever the layout of x.</summary>
internal sealed class CopyInstruction<T>(Tensor<T> source, Tensor<T> target, bool accumulate) : Instruction
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Storage> Reads => accumulate ? [source.Storage, target.Storage] : [source.Storage];

    public override Storage Written => target.Storage;

    public override void Execute()
    {
        if (accumulate)
            Kernels.Elementwise.Binary.Apply(default(Kernels.Elementwise.Operators.Add<T>), target.Dense(), source.Dense(), target.Dense());
        else
            source.CopyElements(target.Dense());
    }

    public override string Describe(Func<Storage, string> name) =>
        $"{name(target.Storage)} {(accumulate ? "+=" : "=")} {name(source.Storage)}  {target.Shape}";
}

/// <summary>Whatever a higher layer does with spans: an optimizer's step, clipping.</summary>
internal sealed class OpaqueInstruction(string title, Action action, Storage[] reads) : Instruction
{
    public override IEnumerable<Storage> Reads => reads;

    public override Storage? Written => null;

    public override void Execute() => action();

    public override string Describe(Func<Storage, string> name) => $"{title}({string.Join(", ", reads.Select(name))})";
}
