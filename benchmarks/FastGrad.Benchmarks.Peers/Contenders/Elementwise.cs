using FastGrad.Workloads.Measuring;

namespace FastGrad.Benchmarks.Peers.Contenders;

/// <summary>What an id <c>elem.NAME.SIZE</c> says.</summary>
internal static class Elementwise
{
    public static (string Name, int Length, float Low, float High) Parse(string id)
    {
        string[] parts = id.Split('.');
        int length = Sizes.Elements.Single(size => size.Name == parts[2]).Length;
        return parts[1] == "log" ? (parts[1], length, 0.1f, 4) : (parts[1], length, -3, 3);
    }
}
