using FsCheck;
using FsCheck.Fluent;

namespace FastGrad.Autograd.Tests;

/// <summary>Random graphs, random passes, budgets: a program has the bits of the eager operations.</summary>
public sealed class RandomGraphTests
{
    [Property(MaxTest = 150, Replay = "(20261123,7)")]
    public Property RandomGraphsGiveTheSameBits() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        Random random = new(seed);
        // Large enough for tiles in half of the cases.
        int rows = random.Next(2) == 0 ? 3 : 90, columns = rows == 3 ? 4 : 100;
        Tensor<float> x = Values(seed % 1000, rows, columns), w = Values(seed % 997 + 1, rows, columns), b = Values(5, columns), u = Values(11, columns, columns) * 0.1f;
        x.RequiresGrad = w.RequiresGrad = b.RequiresGrad = u.RequiresGrad = true;
        int[] choices = [.. Enumerable.Range(0, 10).Select(_ => random.Next(17))];
        CaptureOptions options = new()
        {
            FoldConstants = random.Next(4) > 0,
            ShareCommonSubexpressions = random.Next(4) > 0,
            RemoveDeadCode = random.Next(4) > 0,
            ShareCopies = random.Next(4) > 0,
            UpdateEarly = random.Next(4) > 0,
            FuseEpilogues = random.Next(4) > 0,
            ReuseInPlace = random.Next(4) > 0,
            FuseElementwise = random.Next(4) > 0,
        };

        Tensor<float> eager = Graph();
        eager.Backward();
        float value = eager.Item();
        float[][] expected = Gradients();

        (Program program, Tensor<float> result) = Prepare(options);
        bool same = Agrees();
        if (random.Next(2) == 0)
        {
            // As little memory as can be: halve until it is refused.
            for (long budget = program.PeakBytes * 3 / 4; budget > 0; budget = budget * 3 / 4)
            {
                try
                {
                    (program, result) = Prepare(options with { MemoryBudget = budget });
                }
                catch (InvalidOperationException)
                {
                    break;
                }
            }
            same &= Agrees();
        }
        return same;

        bool Agrees()
        {
            program.Run();
            program.Run();
            return result.Item().Equals(value) && Gradients().Zip(expected).All(pair => pair.First.SequenceEqual(pair.Second));
        }

        float[][] Gradients() => [.. new[] { x, w, b, u }.Select(t => t.Grad?.ToArray() ?? [])];

        (Program, Tensor<float>) Prepare(CaptureOptions with)
        {
            Tensor<float> graph = null!;
            Program prepared = Capture.Prepare<float>(
                () =>
                {
                    x.ZeroGrad();
                    w.ZeroGrad();
                    b.ZeroGrad();
                    u.ZeroGrad();
                    graph = Graph();
                    graph.Backward();
                    return [graph];
                },
                with);
            return (prepared, graph);
        }

        Tensor<float> Graph()
        {
            List<Tensor<float>> values = [x, w];
            foreach (int choice in choices)
            {
                Tensor<float> left = values[choice % values.Count], right = values[^1];
                values.Add(choice switch
                {
                    0 => left + right,
                    1 => left * right,
                    2 => left.Tanh(),
                    3 => left.Sigmoid() - right,
                    4 => left.Softmax(),
                    5 => left.MatMul(right.Transpose()).Tanh().MatMul(right) * 0.01f,
                    6 => left / (1f + right * right),
                    7 => left + right.Sum([0]) * 0.1f,
                    8 => (left + b).Relu(),
                    9 => left * right.Mean(),
                    11 => left.Linear(u, b).Gelu(),
                    12 => left.Linear(u).Tanh() + right,
                    13 => right + left.MatMul(u),
                    14 => left.MatMul(u).Relu() * left.MatMul(u),
                    15 => left.Gelu().Linear(u).Sigmoid().Linear(u, b),
                    10 => left.Tanh() * left.Tanh() + Tensor.Full<float>(left.Shape, 0.5f).Exp(),
                    _ => TensorShapes.Concatenate(1, left.Slice(1, 2, columns - 2), right.Slice(1, 0, 2)),
                });
            }
            return values[^1].Square().Mean() + (x * x).Mean() + b.Sum();
        }
    });

    private static Tensor<float> Values(int seed, params int[] axes)
    {
        Shape shape = Shape.Create(axes);
        return Tensor.From<float>([.. Enumerable.Range(0, shape.Length).Select(i => MathF.Sin(1.7f * i + seed))], shape);
    }
}
