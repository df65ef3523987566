using System.Globalization;
using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Philox;

namespace FastGrad.Modules;

/// <summary>In training, each element becomes 0 with a probability, else is divided by 1 − probability; in evaluation nothing changes. Srivastava et al. 2014.</summary>
/// <remarks>
/// Draw n of a seed is stream n of <see cref="PhiloxStream"/>: the mask is a function of seed, number of the draw, and position, on any machine and
/// team. The buffer <c>draws</c> counts, in two parts of 2²⁰, and is saved with the model, so that a resumed training goes on with the masks it
/// would have had. A captured program draws anew in each run; a checkpointed segment uses its mask again. Modules of one model need different seeds.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Dropout<T> : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const ulong Purpose = 0xD0UL << 56; // apart from other users of the seed
    private const int Part = 1 << 20;

    private readonly ulong _seed, _place;
    private readonly Tensor<T> _draws;

    /// <summary>Dropout.</summary>
    /// <param name="probability">That an element becomes 0: from 0 up to, not including, 1.</param>
    /// <param name="seed">What the masks come from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1).</exception>
    public Dropout(double probability, ulong seed)
        : this(probability, seed, 0)
    {
    }

    /// <summary>One of several in a module that has one seed: places have streams of their own.</summary>
    internal Dropout(double probability, ulong seed, int place)
    {
        _place = Purpose | ((ulong)place << 48);
        DropoutArguments.Check(probability, nameof(probability));
        (Probability, _seed) = (probability, seed);
        _draws = Buffer("draws", Tensor.Zeros<T>([2]));
    }

    /// <summary>That an element becomes 0.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Draw() is { } draw ? x.Dropout(Probability, draw) : x;
    }

    /// <summary>The next draw: one a run in captured programs, the first run's in a segment that is computed again. Null where nothing is dropped.</summary>
    internal DropoutDraw? Draw() => !IsTraining || Probability == 0 ? null : Recomputation.Once(() =>
    {
        DropoutDraw next = new();
        Capture.Opaque<T>("draw", () => next.Stream = new(_seed, _place | Count()));
        return next;
    });

    internal override string Attributes => string.Create(CultureInfo.InvariantCulture, $"({Probability})");

    // The number of this draw; the next is one more.
    private ulong Count()
    {
        Span<T> parts = _draws.AsSpan();
        ulong count = ulong.CreateTruncating(parts[1]) * Part + ulong.CreateTruncating(parts[0]);
        (parts[0], parts[1]) = (T.CreateTruncating((count + 1) % Part), T.CreateTruncating((count + 1) / Part));
        return count;
    }
}
