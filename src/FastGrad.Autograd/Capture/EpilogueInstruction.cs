using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Autograd;

/// <summary>A product whose elements are finished while they are in the cache: f(x) + r, or x·f′ for a gradient.</summary>
/// <remarks>Each element goes through the same operations in the same order as in the instructions that it replaces.</remarks>
internal sealed unsafe class EpilogueInstruction<T> : Instruction
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Instruction _product;
    private readonly Instruction[] _next;
    private readonly Tensor<T> _result; // in the product's shape, where the last instruction puts its result
    private readonly int _columns;
    private readonly IFinish<T>? _function;
    private readonly bool _isDerivative;
    private readonly Tensor<T>? _operand;

    private EpilogueInstruction(Instruction product, Instruction[] next, Tensor<T> result, int columns, IFinish<T>? function, bool isDerivative, Tensor<T>? operand)
    {
        (_product, _next, _result, _columns, _function, _isDerivative, _operand) = (product, next, result, columns, function, isDerivative, operand);
        // What passes from one to the next stays in registers.
        HashSet<Storage> inner = new(next.SkipLast(1).SelectMany(i => i.Writes).Concat(product.Writes), ReferenceEqualityComparer.Instance);
        Reads = [.. product.Reads, .. next.SelectMany(i => i.Reads).Where(r => !inner.Contains(r))];
    }

    public override IEnumerable<Storage> Reads { get; }

    public override IEnumerable<Storage> Writes => [_result.Storage];

    public override IEnumerable<(Storage Storage, string? Name)> Names => _next.Prepend(_product).SelectMany(i => i.Names);

    public override bool IsBackward => _product.IsBackward;

    /// <summary>A product and the instruction after it; null where that is no epilogue of it.</summary>
    public static EpilogueInstruction<T>? Create(Instruction product, Tensor<T> x, int columns, Instruction next, Func<Storage, Storage> home) => next switch
    {
        ForwardInstruction<T> forward when forward.AsEpilogueOf(x, home) is { } epilogue =>
            new(product, [next], Like(x, forward.Result), columns, epilogue.Function, isDerivative: false, epilogue.Residual),
        BackwardInstruction<T> backward when backward.AsEpilogueOf(x, home) is { } epilogue =>
            new(product, [next], Like(x, backward.Result), columns, epilogue.Function, isDerivative: true, epilogue.Kept),
        _ => null,
    };

    // A residual may follow an activation.
    public override Storage? Unfinished => !_isDerivative && _operand is null ? _result.Storage : null;

    public override Instruction? FinishedBy(Instruction next, Func<Storage, Storage> home) =>
        next is ForwardInstruction<T> forward && forward.AsEpilogueOf(_result, home) is { Function: null, Residual: { } residual }
            ? new EpilogueInstruction<T>(_product, [.. _next, next], Like(_result, forward.Result), _columns, _function, isDerivative: false, residual)
            : null;

    public override double Flops => _product.Flops;

    public override void Execute()
    {
        var product = (IFinishable<T>)_product;
        ReadOnlySpan<T> operand = _operand is null ? default : _operand.Dense();
        fixed (T* pOperand = operand)
        {
            if (_function is null)
            {
                ResidualEpilogue<T> epilogue = new(pOperand, _columns);
                product.Execute(_result, BoundEpilogue<T>.Of(ref epilogue));
            }
            else if (_isDerivative)
            {
                _function.FinishWithDerivative(product, _result, pOperand, _columns);
            }
            else
            {
                _function.FinishWithValue(product, _result, pOperand, _columns);
            }
        }
    }

    public override string Describe(Func<Storage, string> name) =>
        $"product {{{Environment.NewLine}{string.Concat(_next.Prepend(_product).Select(i => $"  {i.Describe(name)}{Environment.NewLine}"))}}}";

    // An object of its own: the scope around the capture would use a view of its pool again.
    private static Tensor<T> Like(Tensor<T> x, Tensor<T> result) => new(result.Storage, x.Shape, null, result.Offset);
}
