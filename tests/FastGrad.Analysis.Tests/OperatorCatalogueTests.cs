using System.Reflection;
using System.Text;
using System.Text.Json;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Analysis.Tests;

/// <summary>Every operator has a row, and every row passes its checks.</summary>
public sealed class OperatorCatalogueTests
{
    // They carry operators, each of which has its own row.
    private static readonly Type[] s_exempt = [typeof(UnaryPrimitive<,>), typeof(BinaryPrimitive<,>), typeof(TernaryPrimitive<,>)];

    public static TheoryData<string> Names => [.. OperatorCatalogue.All.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryOperatorPassesItsChecks(string name)
    {
        OperatorReport report = OperatorCheck.Run(OperatorCatalogue.Find(name)!);
        Assert.True(report.Passed, string.Join('\n', report.Failures));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryOperatorPassesAtAnotherPoint(string name)
    {
        OperatorReport report = OperatorCheck.Run(OperatorCatalogue.Find(name)!, CheckOptions.Default with { Seed = 77 });
        Assert.True(report.Passed, string.Join('\n', report.Failures));
    }

    [Fact]
    public void EveryOperatorOfTheKernelsHasARow()
    {
        Type[] kinds = [typeof(IUnaryOperator<>), typeof(IBinaryOperator<>), typeof(ITernaryOperator<>)];
        IEnumerable<Type> operators = typeof(IUnaryOperator<>).Assembly.GetExportedTypes()
            .Where(type => type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && kinds.Contains(i.GetGenericTypeDefinition())));
        AssertCovered(operators);
    }

    [Fact]
    public void EveryPrimitiveHasARow() => AssertCovered(typeof(Primitive<>).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && type.BaseType is { IsGenericType: true } parent
            && (parent.GetGenericTypeDefinition() == typeof(Primitive<>) || parent.GetGenericTypeDefinition() == typeof(FusedPrimitive<>))));

    [Fact]
    public void NamesAreUniqueAndAsTheToolPrintsThem()
    {
        Assert.Equal(OperatorCatalogue.All.Count, OperatorCatalogue.All.Select(row => row.Name).Distinct().Count());
        Assert.All(OperatorCatalogue.All, row => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", row.Name));
        Assert.Same(OperatorCatalogue.Find("exp"), OperatorCatalogue.Find("EXP"));
        Assert.Null(OperatorCatalogue.Find("no such operator"));
    }

    [Fact]
    public void AReportIsOneJsonObject()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
            OperatorCheck.Run(OperatorCatalogue.Find("tanh")!).WriteTo(writer);
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        Assert.Equal("tanh", document.RootElement.GetProperty("operator").GetString());
        Assert.True(document.RootElement.GetProperty("passed").GetBoolean());
        Assert.InRange(document.RootElement.GetProperty("gradient_error").GetDouble(), 0, 1e-6);
        Assert.InRange(document.RootElement.GetProperty("value_ulp").GetDouble(), 0.4, 2.5);
    }

    private static void AssertCovered(IEnumerable<Type> types)
    {
        HashSet<Type> rows = [.. OperatorCatalogue.All.Select(row => row.Implementation), .. s_exempt];
        Type[] all = [.. types];
        Assert.NotEmpty(all);
        string[] missing = [.. all.Where(type => !rows.Contains(type)).Select(type => type.Name)];
        Assert.True(missing.Length == 0, "no row for " + string.Join(", ", missing));
    }
}
