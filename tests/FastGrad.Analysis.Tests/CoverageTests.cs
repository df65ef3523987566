using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using FastGrad.Modules;

namespace FastGrad.Analysis.Tests;

/// <summary>Nothing public that has a derivative is without a row: every operation on tensors, every layer.</summary>
public sealed partial class CoverageTests
{
    /// <summary>What derives from a module and is no layer.</summary>
    private static readonly Dictionary<Type, string> s_noLayers = new()
    {
        [typeof(ModuleList<>)] = "a list is no function: its Forward throws",
    };

    /// <summary>Operations whose row has the operator's name, not the method's.</summary>
    private static readonly Dictionary<string, string> s_rows = new()
    {
        ["Neg"] = "negate",
        ["Ceil"] = "ceiling",
        ["Trunc"] = "truncate",
        ["MultiplyAdd"] = "fused-multiply-add",
        ["BroadcastTo"] = "broadcast",
        ["Expand"] = "broadcast",
        ["Gate"] = "gated-silu",
        ["Select"] = "select-index",
        ["ScaledDotProductAttention"] = "attention",
    };

    /// <summary>Operations without a derivative of their own.</summary>
    private static readonly Dictionary<string, string> s_noOperators = new()
    {
        ["Map"] = "carries an operator, which has a row",
        ["Zip"] = "carries an operator, which has a row",
        ["OneHot"] = "of labels, which are whole numbers",
        ["ToNumbers"] = "of masks, which are no numbers",
        ["StopGradient"] = "a constant by definition",
        ["CheckRange"] = "gives its argument back",
    };

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStarts();

    [Fact]
    public void EveryLayerHasARow()
    {
        HashSet<Type> rows = [.. OperatorCatalogue.All.Select(row => row.Implementation)];
        Type[] layers = [.. typeof(Module<>).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && IsModule(type.BaseType))];
        Assert.True(layers.Length >= 45, $"{layers.Length} layers");
        Assert.Equal([], layers.Where(layer => !rows.Contains(layer) && !s_noLayers.ContainsKey(layer)).Select(layer => layer.Name));
        Assert.All(s_noLayers.Keys, type => Assert.Contains(type, layers));
        Assert.All(s_noLayers.Keys, type => Assert.DoesNotContain(type, rows));

        static bool IsModule(Type? type) => type is not null && (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Module<>) || IsModule(type.BaseType));
    }

    [Fact]
    public void LayersWhoseModesDifferHaveARowForEach()
    {
        string[] names = [.. OperatorCatalogue.All.Select(row => row.Name)];
        foreach (string layer in (string[])["dropout-layer", "batch-norm1d-layer", "batch-norm2d-layer"])
        {
            Assert.Contains(layer, names);
            Assert.Contains(layer + "-eval", names);
        }
        // All others say the same in both modes.
        Tensor<double> x = Tensor.From<double>([.. Enumerable.Range(0, 12).Select(i => Math.Sin(i))], [2, 2, 3]);
        foreach (Module<double> module in (Module<double>[])[new LayerNorm<double>([3]), new GroupNorm<double>(1, 2), new InstanceNorm<double>(2), new Gru<double>(3, 2), new TransformerEncoderBlock<double>(3, 1)])
            Assert.Equal(module.Initialize(1).Train().Invoke(x).ToArray(), module.Eval().Invoke(x).ToArray());
    }

    [Fact]
    public void EveryOperationOnTensorsHasARow()
    {
        HashSet<string> rows = [.. OperatorCatalogue.All.Select(row => row.Name.Replace("-", "", StringComparison.Ordinal))];
        string[] operations = [.. Operations().Distinct().Order(StringComparer.Ordinal)];
        Assert.True(operations.Length >= 140, $"{operations.Length} operations");
        Assert.Equal([], operations.Where(name => !s_noOperators.ContainsKey(name) && !rows.Contains(Row(name).Replace("-", "", StringComparison.Ordinal))));
        // What is listed is there.
        Assert.Equal([], s_rows.Keys.Concat(s_noOperators.Keys).Except(operations));

        static string Row(string name) => s_rows.GetValueOrDefault(name) ?? WordStarts().Replace(name, "-").ToLowerInvariant();
    }

    // Extension members are static methods of their class; operators among them carry primitives, which have rows.
    private static IEnumerable<string> Operations() =>
        from type in typeof(Tensor<>).Assembly.GetExportedTypes()
        where type.IsAbstract && type.IsSealed && type.Name.StartsWith("Tensor", StringComparison.Ordinal) && type != typeof(Tensor)
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where !method.Name.StartsWith("op_", StringComparison.Ordinal) && !method.Name.Contains('<', StringComparison.Ordinal) && Returns(method.ReturnType)
        select method.Name;

    private static bool Returns(Type type) =>
        type.IsArray ? Returns(type.GetElementType()!)
        : type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Tensor<>) ? type.GetGenericArguments()[0].IsGenericParameter
            : type.IsAssignableTo(typeof(ITuple)) && type.GetGenericArguments().Any(Returns));
}
