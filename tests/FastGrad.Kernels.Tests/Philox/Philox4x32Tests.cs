using FastGrad.Kernels.Philox;
using Xunit;

namespace FastGrad.Kernels.Tests.Philox;

public class Philox4x32Tests
{
    /// <summary>The known answers of the Random123 distribution (file kat_vectors, philox4x32 with 10 rounds).</summary>
    [Theory]
    [InlineData("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void Known_answers(string counter, string key, string answer)
    {
        uint[] c = Words(counter), k = Words(key), w = Words(answer);
        PhiloxBlock block = Philox4x32.Block(c[0], c[1], c[2], c[3], k[0], k[1]);
        Assert.Equal(new PhiloxBlock(w[0], w[1], w[2], w[3]), block);
    }

    [Fact]
    public void Seed_is_the_key_and_stream_the_high_counter()
    {
        PhiloxBlock block = Philox4x32.Block(seed: 0x299f31d0_a4093822, stream: 0x03707344_13198a2e, index: 0x85a308d3_243f6a88);
        Assert.Equal(new PhiloxBlock(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1), block);
    }

    private static uint[] Words(string text) => [.. text.Split(' ').Select(w => Convert.ToUInt32(w, 16))];
}
