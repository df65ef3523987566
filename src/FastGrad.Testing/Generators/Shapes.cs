using FastGrad.Autograd;
using FsCheck;
using FsCheck.Fluent;

namespace FastGrad.Testing.Generators;

/// <summary>Shapes, pairs of shapes that broadcast, and tensors of them.</summary>
public static class Shapes
{
    /// <summary>Ranks from 0 on, axes from 0 (rarely) and 1 on.</summary>
    public static Gen<Shape> Any(int maxRank = 4, int maxAxis = 5) =>
        from rank in Gen.Choose(0, maxRank)
        from axes in Gen.ArrayOf(Gen.Frequency((1, Gen.Constant(0)), (12, Gen.Choose(1, maxAxis))), rank)
        select Shape.Create(axes);

    /// <summary>Two shapes that broadcast with each other: axes stretch, and leading axes are missing, on either side.</summary>
    public static Gen<(Shape Left, Shape Right)> Broadcasting(int maxRank = 4, int maxAxis = 4) =>
        from rank in Gen.Choose(0, maxRank)
        from axes in Gen.ArrayOf(Gen.Choose(1, maxAxis), rank)
        from stretch in Gen.ArrayOf(Gen.Choose(0, 3), rank)
        from dropLeft in Gen.Choose(0, rank)
        from dropRight in Gen.Choose(0, dropLeft > 0 ? 0 : rank)
        select (
            Shape.Create([.. axes.Select((axis, i) => stretch[i] == 1 ? 1 : axis).Skip(dropLeft)]),
            Shape.Create([.. axes.Select((axis, i) => stretch[i] == 2 ? 1 : axis).Skip(dropRight)]));

    /// <summary>A tensor of a shape, with elements from a generator.</summary>
    public static Gen<Tensor<double>> Tensors(Shape shape, Gen<double> element) =>
        from elements in Gen.ArrayOf(element, shape.Length)
        select Tensor.From<double>(elements, shape);
}
