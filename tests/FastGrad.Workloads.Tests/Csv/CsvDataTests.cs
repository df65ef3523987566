using System.Globalization;
using System.Text;
using FastGrad.Data;
using FastGrad.Workloads.Csv;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Workloads.Tests.Csv;

public class CsvDataTests
{
    private static MemoryStream Utf8(string text) => new(Encoding.UTF8.GetBytes(text));

    private static DataSet<double> Read(string text, TableOptions? options = null) => CsvData.Read<double>(Utf8(text), "f.csv", options);

    private static DataFormatException Refused(string text, TableOptions? options = null)
    {
        var error = Assert.Throws<DataFormatException>(() => Read(text, options));
        Assert.Equal("f.csv", error.Origin);
        Assert.StartsWith("f.csv: ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.True(error.Message.Length < 300, error.Message);
        return error;
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void EveryLineEndingReadsTheSame(string end)
    {
        var data = Read($"a,b,y{end}1,-2.5e3,0{end}\" 4 \",5,1");
        Assert.Equal(["a", "b"], data.FeatureNames);
        Assert.Equal([1, -2500, 4, 5], data.Features.ToArray());
        Assert.Equal([0, 1], data.Labels.ToArray());
        Assert.Equal("y", Assert.Single(data.TargetNames));
    }

    [Fact]
    public void AByteOrderMarkIsNoPartOfTheFirstName() =>
        Assert.Equal("a", CsvData.Read<float>(new MemoryStream([0xEF, 0xBB, 0xBF, .. "a,y\n1,2\n"u8]), "f.csv").FeatureNames[0]);

    [Fact]
    public void TextLabelsAreOrderedOrdinally()
    {
        var data = Read("a,kind\n1,virginica\n2,Setosa\n3,versicolor\n4,Setosa\n");
        Assert.Equal(["Setosa", "versicolor", "virginica"], data.LabelNames);
        Assert.Equal([2, 0, 1, 0], data.Labels.ToArray());
    }

    [Theory]
    [InlineData("a,b,y\n1,2,0\n3,x,1\n", 2, 3, "b", "x", "f.csv: row 2 (line 3), column 'b': 'x' is no number.")]
    [InlineData("a,b,y\n1,2,0\n3,,1\n", 2, 3, "b", "", "f.csv: row 2 (line 3), column 'b': the value is missing.")]
    [InlineData("a,b,y\n1,2,0\n3,  ,1\n", 2, 3, "b", "", "f.csv: row 2 (line 3), column 'b': the value is missing.")]
    [InlineData("a,b,y\n1,2,\n", 1, 2, "y", "", "f.csv: row 1 (line 2), column 'y': the value is missing.")]
    [InlineData("a,b,y\nNaN,2,0\n", 1, 2, "a", "NaN", "f.csv: row 1 (line 2), column 'a': 'NaN' is not finite as Double; expected a finite number.")]
    [InlineData("a,b,y\n1,1e999,0\n", 1, 2, "b", "1e999", "f.csv: row 1 (line 2), column 'b': '1e999' is not finite as Double; expected a finite number.")]
    [InlineData("a,b,y\n1,\"1,5\",0\n", 1, 2, "b", "1,5", "f.csv: row 1 (line 2), column 'b': '1,5' is no number; texts may stand in the target alone, the last column 'y'.")]
    [InlineData("a,b,y\n1,2\n", 1, 2, null, null, "f.csv: row 1 (line 2): the row has 2 fields; expected 3.")]
    [InlineData("a,b,y\n1,2,0\n1,2,0,4\n", 2, 3, null, null, "f.csv: row 2 (line 3): the row has 4 fields; expected 3.")]
    [InlineData("a,b,y\n1,2,0\n\n1,2,0\n", 2, 3, null, null, "f.csv: row 2 (line 3): the row is empty.")]
    [InlineData("a,b,y\n1,\"2\n\",0\n", 1, 2, "b", "2\n", "f.csv: row 1 (line 2), column 'b': '2\\u000a' holds a line break.")]
    [InlineData("a,b,y\n1,2,x\n1,2,\"p\nq\"\n", 2, 3, "y", "p\nq", "f.csv: row 2 (line 3), column 'y': 'p\\u000aq' holds a line break.")]
    [InlineData("a,b,y\n1,2,0\n#1,2,0\n", 2, 3, "a", "#1", "f.csv: row 2 (line 3), column 'a': '#1' is no number.")]
    [InlineData("a,b,y\n1,\"2\"x,0\n", 1, 2, "b", null, "f.csv: row 1 (line 2), column 'b': the quotes are not balanced; expected a comma or the end of the line after a closing quote.")]
    [InlineData("a,b,y\n1,\"2,0\n", 1, 2, "b", null, "f.csv: row 1 (line 2), column 'b': the quotes are not balanced; expected a comma or the end of the line after a closing quote.")]
    [InlineData("a,y\n1,1\n1,2\n1,x\n", 3, 4, "y", "x", "f.csv: row 3 (line 4), column 'y': 'x' is no number, but the targets before it are.")]
    [InlineData("a,y\n1,x\n1,2\n", 2, 3, "y", "2", "f.csv: row 2 (line 3), column 'y': 2 is a number, but the targets before it are texts.")]
    public void AFaultyCellIsOneClearLine(string text, int row, int line, string? column, string? cell, string message)
    {
        var error = Refused(text);
        Assert.Equal(message, error.Message);
        Assert.Equal((row, line, column, cell), ((int)error.Row, (int)error.Line, error.Column, error.Text));
    }

    [Theory]
    [InlineData("", "f.csv: the file is empty; expected column names and rows.")]
    [InlineData("a,b,y\n", "f.csv: there are no rows; expected at least one below the column names.")]
    [InlineData("a,b,y", "f.csv: there are no rows; expected at least one below the column names.")]
    [InlineData("a,b,a\n1,2,3\n", "f.csv: column 'a': columns 1 and 3 have the same name 'a'.")]
    [InlineData("a,,y\n1,2,3\n", "f.csv: column 2 of 3 has no name.")]
    [InlineData("a;b;y\n1;2;3\n", "f.csv: there is no feature column beside the target; the columns are 'a;b;y'. Are the fields separated by commas?")]
    [InlineData("\0a,y\n1,2\n", "f.csv: a row begins with the character U+0000; expected text.")]
    [InlineData("\n\n", "f.csv: column 1 of 1 has no name.")]
    [InlineData("0.5,2,tall\n1,0.25,tall\n2,3,wide\n", "f.csv: the first line holds values like those below it; expected column names.")]
    [InlineData("0.5,2,-1.5\n1,0.25,2.5\n", "f.csv: the first line holds values like those below it; expected column names.")]
    public void AFaultyTableIsOneClearLine(string text, string message) => Assert.Equal(message, Refused(text).Message);

    [Theory]
    [InlineData("0,1,2\n0.5,2,1\n")]
    [InlineData("400.5,401,kind\n0.5,2,tall\n")]
    public void NumbersMayNameColumns(string text) => Assert.Equal(1, Read(text).Rows);

    [Fact]
    public void ANumberSignInTheHeadersIsNoComment() => Assert.Equal(["#a", "b"], Read("#a,b,y\n1,2,3\n").FeatureNames);

    [Fact]
    public void AHugeFieldIsRefusedInBoundedMemory()
    {
        var error = Refused("a,b,y\n1,2,3\n1," + new string('9', 10_000_000) + ",3\n");
        Assert.Equal($"f.csv: row 2 (line 3), column 'b': the row is longer than {CsvData.MaxRowLength} characters.", error.Message);
    }

    [Fact]
    public void ALongFieldWithinTheLimitIsShortened()
    {
        var error = Refused("a,b,y\n1," + new string('x', 1_000_000) + ",3\n");
        Assert.Equal($"f.csv: row 1 (line 2), column 'b': '{new string('x', 40)}…' (1000000 characters) is no number; texts may stand in the target alone, the last column 'y'.", error.Message);
        Assert.Equal(1_000_000, error.Text!.Length);
    }

    [Fact]
    public void BytesThatAreNotUtf8AreRefused()
    {
        var error = Assert.Throws<DataFormatException>(() => CsvData.Read<double>(new MemoryStream([.. "a,y\n1,"u8, 0xFF, 0xFE, 0xFF]), "f.csv"));
        Assert.StartsWith("f.csv: the file is not UTF-8 text", error.Message);
    }

    [Fact]
    public void PredictionTakesColumnsByNameInAnyOrder()
    {
        var data = CsvData.ReadFeatures<double>(Utf8("y,b,a\nnot read,2,1\n,4,3\n"), "f.csv", ["a", "b"], ["y"]);
        Assert.Equal(TargetKind.None, data.Kind);
        Assert.Equal([1, 2, 3, 4], data.Features.ToArray());
        Assert.Equal([1.0, 2], CsvData.ReadFeatures<double>(Utf8("a,b\n1,2\n"), "f.csv", ["a", "b"], ["y"]).Features.ToArray());
    }

    [Fact]
    public void ATargetThatIsNotReadMayNotBreakTheLineEither() =>
        Assert.Equal("f.csv: row 1 (line 2), column 'y': 'p\\u000aq' holds a line break.", Assert.Throws<DataFormatException>(() => CsvData.ReadFeatures<double>(Utf8("a,y\n1,\"p\nq\"\n"), "f.csv", ["a"], ["y"])).Message);

    [Theory]
    [InlineData("a,y\n1,2\n", "f.csv: column 'b': the columns do not fit: 1 features, expected 2; missing 'b'.")]
    [InlineData("a,b,c\n1,2,3\n", "f.csv: column 'c': the columns do not fit: 3 features, expected 2; unexpected 'c'.")]
    [InlineData("a,B\n1,2\n", "f.csv: column 'b': the columns do not fit: 2 features, expected 2; missing 'b'; unexpected 'B'.")]
    public void PredictionNamesTheColumnsThatDoNotFit(string text, string message) =>
        Assert.Equal(message, Assert.Throws<DataFormatException>(() => CsvData.ReadFeatures<double>(Utf8(text), "f.csv", ["a", "b"], ["y"])).Message);

    [Fact]
    public void ATargetColumnCanStandAnywhere()
    {
        var data = Read("y,a\n0.5,1\n", new TableOptions { TargetColumns = ["y"] });
        Assert.Equal((TargetKind.Regression, "a", 0.5), (data.Kind, data.FeatureNames[0], data.Targets[0]));
        Assert.Equal("f.csv: there is no target column 'z'; the columns are 'y', 'a'.", Refused("y,a\n0.5,1\n", new TableOptions { TargetColumns = ["z"] }).Message);
    }

    [Property]
    public void NumbersSurviveTheTextBitForBit(NonEmptyArray<NormalFloat> values)
    {
        double[] numbers = [.. values.Get.Select(value => value.Get), double.MaxValue, double.Epsilon, -0.0];
        float[] singles = [.. numbers.Select(x => (float)Math.Clamp(x, float.MinValue, float.MaxValue))];
        var options = new TableOptions { TargetKind = TargetKind.None };
        var text = "a\n" + string.Concat(numbers.Select(x => x.ToString("R", CultureInfo.InvariantCulture) + "\n"));
        Assert.Equal(numbers.Select(BitConverter.DoubleToInt64Bits), Read(text, options).Features.ToArray().Select(BitConverter.DoubleToInt64Bits));
        text = "a\n" + string.Concat(singles.Select(x => x.ToString("R", CultureInfo.InvariantCulture) + "\n"));
        Assert.Equal(singles.Select(BitConverter.SingleToInt32Bits), CsvData.Read<float>(Utf8(text), "f.csv", options).Features.ToArray().Select(BitConverter.SingleToInt32Bits));
    }

    [Property(MaxTest = 2000)]
    public void AnyChangedByteIsReadOrRefusedButNeverAnotherError(byte at, byte value, byte second, byte other)
    {
        var bytes = "sepal,\"petal\",kind\r\n5.1,3.5,a\r\n4.9,\"3.0\",b\r\n-4.7e1,3.2,\"a\"\r\n"u8.ToArray();
        bytes[at % bytes.Length] = value;
        bytes[second % bytes.Length] = other;
        try
        {
            CsvData.Read<double>(new MemoryStream(bytes), "f.csv");
        }
        catch (DataFormatException error)
        {
            Assert.StartsWith("f.csv: ", error.Message);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void AFileThatIsNotThereIsAnIOException() =>
        Assert.Throws<FileNotFoundException>(() => CsvData.Read<double>(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())));
}
