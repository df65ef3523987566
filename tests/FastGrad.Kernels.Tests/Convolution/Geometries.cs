using FastGrad.Kernels.Convolution;

namespace FastGrad.Kernels.Tests.Convolution;

/// <summary>Shapes to test: chosen ones for each path, and random ones.</summary>
internal static class Geometries
{
    /// <summary>Tiles and their edges, several blocks of channels, strides beyond the kernel, groups, one output channel, products.</summary>
    public static IReadOnlyList<ConvolutionShape> Chosen =>
    [
        new(1, 1, 1, new(1, 1), new(1, 1)),
        new(0, 2, 3, new(4, 3), new(4, 3)),
        new(2, 3, 8, new(5, 3, 1, 1), new(6, 3, 1, 1)),
        new(2, 4, 9, new(7, 3, 2, 1), new(9, 3, 2, 1)),
        new(1, 2, 5, new(9, 2, 3), new(10, 2, 3)), // stride beyond the kernel: inputs that reach no output
        new(1, 3, 17, new(6, 3, 1, 4, 2), new(5, 2, 2, 3, 3)), // padding beyond the kernel, uneven everything
        new(2, 6, 6, new(5, 3, 1, 1), new(49, 3, 1, 1), 6), // depthwise, several vectors a row
        new(3, 4, 4, new(8, 3, 2, 1), new(35, 3, 2, 1), 4),
        new(1, 3, 6, new(4, 3, 1, 1), new(5, 3, 1, 1), 3), // two outputs a group
        new(2, 8, 4, new(5, 3), new(18, 3), 2),
        new(2, 12, 40, new(5, 1), new(7, 1)), // pointwise
        new(1, 8, 6, new(9, 1, 2), new(11, 1, 2)),
        new(3, 5, 7, new(1, 1), new(33, 5, 1, 2)), // one row
        new(1, 5, 1, new(6, 3), new(20, 3)), // one output channel
        new(1, 150, 10, new(4, 3, 1, 1), new(4, 3, 1, 1)), // steps beyond one block
        new(1, 2, 70, new(20, 3, 1, 1), new(20, 3, 1, 1)),
        new(2, 20, 30, new(20, 2), new(26, 2)), // more outputs than one block of dw
        new(2, 24, 25, new(12, 3, 1, 1), new(13, 3, 1, 1)), // Winograd, last tiles half outside
        new(1, 26, 31, new(14, 3), new(15, 3)), // without padding; dx with two rows of it
        new(1, 24, 24, new(12, 3, 1, 2), new(40, 3, 1, 1)), // more tiles a row than a vector has lanes
    ];

    public static ConvolutionShape Random(int seed)
    {
        var random = new Random(seed);
        int groups = random.Next(1, 4);
        ConvolutionShape shape = new(
            random.Next(1, 4), groups * random.Next(1, 7), groups * random.Next(1, 14), random.Next(5) == 0 ? new(1, 1) : Axis(9), Axis(random.Next(6) == 0 ? 60 : 18), groups);
        return random.Next(4) == 0 ? shape with { OutputChannels = shape.InputChannels, Groups = shape.InputChannels } : shape;

        ConvolutionAxis Axis(int most)
        {
            while (true)
            {
                ConvolutionAxis axis = new(random.Next(1, most), random.Next(1, 5), random.Next(1, 4), random.Next(0, 4), random.Next(1, 3));
                if (axis.Output > 0)
                    return axis;
            }
        }
    }
}
