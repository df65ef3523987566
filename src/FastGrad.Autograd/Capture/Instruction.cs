namespace FastGrad.Autograd;

/// <summary>One step of a program: a kernel with its operands. Their memory is known, so running it allocates nothing.</summary>
internal abstract class Instruction
{
    /// <summary>The memory it reads; what it adds to is among it.</summary>
    public abstract IEnumerable<Storage> Reads { get; }

    /// <summary>The memory it writes.</summary>
    public abstract IEnumerable<Storage> Writes { get; }

    /// <summary>The names that its operands have, for dumps.</summary>
    public virtual IEnumerable<(Storage Storage, string? Name)> Names => [];

    /// <summary>Whether it writes one value, whole, that is a function of what it reads.</summary>
    public virtual bool IsPure => false;

    /// <summary>Whether it does what cannot be seen from its reads and writes.</summary>
    public virtual bool HasEffects => false;

    /// <summary>Whether a backward pass recorded it.</summary>
    public virtual bool IsBackward => false;

    /// <summary>Whether it may run earlier, as long as what it reads and writes is as it was.</summary>
    public virtual bool MayMoveUp => false;

    /// <summary>Whether <see cref="Reads"/> is all that it reads.</summary>
    public virtual bool IsClosed => false;

    /// <summary>Whether a checkpoint computes it again in the backward pass, to have the memory of the first result back meanwhile.</summary>
    public bool IsRecomputed { get; set; }

    /// <summary>Equal for instructions that <see cref="HasSameValue"/>.</summary>
    public virtual int ValueHash => 0;

    /// <summary>Whether another pure instruction computes the same, from operands in the same places.</summary>
    public virtual bool HasSameValue(Instruction other, Func<Storage, Storage> home) => false;

    /// <summary>Whether the result may lie exactly where this operand does.</summary>
    public virtual bool MayOverwrite(Storage operand) => false;

    /// <summary>What the result is a copy of, all of it: every element in its place, bit for bit. Null for what computes.</summary>
    public virtual Storage? CopyOf => null;

    /// <summary>The storage of a product that is complete, whose kernel would take an elementwise instruction as its epilogue; null for all others.</summary>
    public virtual Storage? Unfinished => null;

    /// <summary>This product with the next instruction, which reads <see cref="Unfinished"/>, as its epilogue; null where they do not fit.</summary>
    /// <param name="next">The instruction, alone in reading it.</param>
    /// <param name="home">Where a storage lies.</param>
    public virtual Instruction? FinishedBy(Instruction next, Func<Storage, Storage> home) => null;

    /// <summary>Its floating-point operations, for profiles; 0 where they are not counted.</summary>
    public virtual double Flops => 0;

    public abstract void Execute();

    /// <summary>One line of a dump; values are named by the caller.</summary>
    public abstract string Describe(Func<Storage, string> name);
}
