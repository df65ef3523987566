namespace FastGrad.Autograd.Tests;

/// <summary>Views share memory, mistakes are named, equations mean what torch means; values and derivatives are the catalogue's.</summary>
public sealed class RearrangementTests
{
    [Fact]
    public void ViewsShareMemory()
    {
        Tensor<double> x = Tensor.Zeros<double>([2, 1, 3]);
        Tensor<double>[] views =
        [
            x.Squeeze(), x.Squeeze(1), x.Unsqueeze(-1), x.Expand([2, 4, 3]), x.MoveAxis(0, 2), x.Split(1)[0], x.Chunk(2, 2)[0], x.Transpose(0, 2).Squeeze(1),
            x.Squeeze().Diagonal(), x.Unfold(2, 2), x.Transpose(0, 2).Reshape([3, 1, 1, 2, 1]), x.Squeeze().Transpose().Unsqueeze(1).Reshape([3, 2]),
        ];
        x[0, 0, 0] = 7;
        Assert.All(views, view => Assert.Equal(7, view.ToArray()[0]));
        Tensor<double> copy = x.Squeeze().Transpose().Reshape([6]); // no strides express it
        x[0, 0, 0] = 8;
        Assert.Equal(7, copy[0]);
    }

    [Fact]
    public void ReshapedViewsHaveTheElementsOfACopy()
    {
        Tensor<double> x = Tensor.From([.. Enumerable.Range(0, 48).Select(i => (double)i)], [2, 3, 4, 2]);
        foreach (Tensor<double> view in new[] { x.Permute(2, 0, 1, 3), x.Slice(2, 0, 2, 2), x.Slice(0, 1, 1), x.Permute(3, 2, 1, 0), x.Slice(3, 1, 1).Permute(0, 3, 2, 1) })
        {
            foreach (Shape shape in (Shape[])[[view.Length], [2, view.Length / 2], [1, view.Length / 4, 2, 1, 2], [view.Length / 2, 1, 2], [view.Length / 6, 6]])
                Assert.Equal(view.ToArray(), view.Reshape(shape).ToArray());
        }
    }

    [Fact]
    public void EquationsAreTorchs()
    {
        Tensor<double> a = Tensor.From<double>([1, 2, 3, 4, 5, 6], [2, 3]), b = Tensor.From<double>([1, -1, 2, 0, 3, 1], [3, 2]), square = a.Slice(1, 0, 2);
        Assert.Equal(a.MatMul(b).ToArray(), TensorProducts.Einsum("ij,jk", a, b).ToArray());
        Assert.Equal(a.Transpose().ToArray(), TensorProducts.Einsum("ba", a).ToArray()); // implicit results are in alphabetical order
        Assert.Equal([5], TensorProducts.Einsum("ii->", square.Slice(0, 0, 2) * Tensor.From<double>([1, 0, 0, 1], [2, 2])).ToArray().Select(v => v - 1));
        Assert.Equal(21, TensorProducts.Einsum("ij->", a).Item());
        Assert.Equal([6, 15], TensorProducts.Einsum("i...->i", a).ToArray());
        Assert.Equal(a.Outer1(b).ToArray(), TensorProducts.Einsum("ij,kl->ijkl", a, b).ToArray());
        Tensor<double> stacked = TensorRearrangements.Stack(0, a, a + a);
        Assert.Equal(stacked.MatMul(b).ToArray(), TensorProducts.Einsum("...ij,...jk->...ik", stacked, b).ToArray());
        Assert.Equal((a * a).ToArray(), TensorProducts.Einsum("ij,ij->ij", a, a).ToArray());
        Assert.Equal((a * Tensor.From<double>([2, 3], [2, 1])).ToArray(), TensorProducts.Einsum("ij,ij->ij", a, Tensor.From<double>([2, 3], [2, 1])).ToArray());
    }

    [Theory]
    [InlineData("ij,jk->iq", "'q' is in the result")]
    [InlineData("ij->i", "has 1 operands, but 2 tensors")]
    [InlineData("ij,ik->jk", "'i' has length 2 in one operand and 3 in another")]
    [InlineData("ijk,jk->i", "names 3 axes of a tensor of shape [2, 3]")]
    [InlineData("i1,jk->i", "something other than letters")]
    [InlineData("ij,jk->ii", "one twice")]
    public void WrongEquationsAreExplained(string equation, string expected) => Assert.Contains(
        expected, Assert.Throws<ArgumentException>(() => TensorProducts.Einsum(equation, Tensor.Zeros<double>([2, 3]), Tensor.Zeros<double>([3, 2]))).Message);

    [Fact]
    public void MistakesAreNamed()
    {
        Tensor<double> x = Tensor.Zeros<double>([2, 3]);
        Tensor<int> index = Tensor.From(0, 5);
        AssertMessage<ArgumentOutOfRangeException>("places from", "a place from 0 to 2", () => x.Unsqueeze(4));
        AssertMessage<ArgumentException>("", "add up to 4; expected 3", () => x.Split([2, 2], 1));
        AssertMessage<ArgumentException>("", "expected 0 to 2 on each side", () => x.Pad([3, 0], PadMode.Reflect));
        AssertMessage<ArgumentException>("", "a pair for each padded axis", () => x.Pad([3]));
        AssertMessage<ArgumentException>("", "expected a matrix", () => x.Unsqueeze(0).Trace());
        AssertMessage<ArgumentException>("", "named twice", () => x.Flip(0, -2));
        AssertMessage<ArgumentException>("", "spans 4, more than axis 1", () => x.Unfold(1, 4));
        AssertMessage<ArgumentOutOfRangeException>("", "Index 5 at position 1 lies outside an axis of length 3; expected 0 to 2.", () => x.IndexSelect(1, index));
        AssertMessage<ArgumentException>("", "the same lengths on all other axes", () => x.ScatterAdd(1, index, x));
        AssertMessage<ArgumentException>("", "expected one that broadcasts", () => x.MaskedFill(Tensor.Zeros<bool>([2]), 0));
        AssertMessage<ArgumentException>("", "Element 1 is 0.5; expected a whole number", () => Tensor.From(1, 0.5).ToIndices());
        AssertMessage<ArgumentException>("", "expected [..., time, 3·width]", () => x.PackedAttention(2));
        AssertMessage<ArgumentException>("", "with the same axes before", () => x.ScaledDotProductAttention(x, Tensor.Zeros<double>([3, 3])));
        AssertMessage<ArgumentException>("", "with all 2 keys", () => x.ScaledDotProductAttention(x, x, mask: Tensor.Zeros<double>([2, 1])));
        AssertMessage<ArgumentException>("", "two vectors", () => x.Outer(x));
    }

    [Fact]
    public void PaddingRowsGetNoGradientInAnyMode()
    {
        Tensor<int> indices = Tensor.From(0, 1, 1, 2);
        Tensor<double> table = Tensor.Ones<double>([3, 2]);
        table.RequiresGrad = true;
        table.Embedding(indices, padding: 1).Sum().Backward();
        Assert.Equal([1, 1, 0, 0, 1, 1], table.Grad!.ToArray());
        Assert.Equal([1, 1, 0, 0, 1, 1], Transforms.Grad<double>(t => t.Embedding(indices, padding: 1).Sum())(table).ToArray());
        (_, Tensor<double> tangent) = Transforms.Jvp<double>(t => t.Embedding(indices, padding: 1), table, Tensor.Ones<double>([3, 2]));
        Assert.Equal([1, 1, 0, 0, 0, 0, 1, 1], tangent.ToArray());
    }

    private static void AssertMessage<TException>(string title, string expected, Action action)
        where TException : Exception
    {
        Exception? exception = Record.Exception(action);
        Assert.True(exception is TException && exception.Message.Contains(expected, StringComparison.Ordinal), $"{title}: {exception}");
    }
}

internal static class Products
{
    public static Tensor<double> Outer1(this Tensor<double> a, Tensor<double> b) => a.Reshape([2, 3, 1, 1]) * b;
}
