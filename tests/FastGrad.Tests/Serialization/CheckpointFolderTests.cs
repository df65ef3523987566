using System.Text;
using FastGrad.Serialization;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Tests.Serialization;

/// <summary>A folder of files that change together: old or new after a crash anywhere, and no changed byte unseen.</summary>
public sealed class CheckpointFolderTests : IDisposable
{
    private static readonly string[] s_names = ["checkpoint.safetensors", "model.safetensors"];

    private readonly string _root = Directory.CreateTempSubdirectory("fastgrad").FullName;

    private string Folder => Path.Combine(_root, "here");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_is_saved_is_there_under_its_plain_names()
    {
        CheckpointFolder folder = new(Folder);
        Assert.False(folder.HasCheckpoint);
        CheckpointManifest first = Save(folder, 1);
        Assert.Equal((1L, 2), (first.Generation, first.Files.Count));
        Assert.Equal(2, Save(folder, 2).Generation);
        Assert.Equal(["checkpoint.json", .. s_names], Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal((2f, 2f), Values(Folder));
        foreach (CheckpointFile file in folder.ReadManifest().Files)
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(Folder, file.Name));
            Assert.Equal((file.Bytes, file.Sha256), (bytes.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))));
        }
    }

    [Fact]
    public void A_file_that_the_new_checkpoint_lacks_is_removed()
    {
        CheckpointFolder folder = new(Folder);
        Save(folder, 1);
        folder.Save((s_names[0], Content(2)));
        Assert.Equal(["checkpoint.json", s_names[0]], Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("no 'model.safetensors'", Assert.Throws<InvalidDataException>(() => folder.Open(s_names[1])).Message, StringComparison.Ordinal);
    }

    /// <summary>A crash after every single step, then another one after every single step of the save that follows.</summary>
    [Fact]
    public void A_crash_between_any_two_steps_leaves_the_old_or_the_new()
    {
        int steps = Steps(() => { });
        Assert.True(steps >= 8, $"{steps} steps");
        bool old = false, @new = false;
        for (int crash = 1; crash <= steps; crash++)
        {
            Steps(() => Save(new(Folder), 1), () => Crash(2, crash));
            (float a, float b) = Values(Folder);
            Assert.Equal(a, b);
            Assert.True(a is 1 or 2, $"{a} after step {crash}");
            (old, @new) = (old || a == 1, @new || a == 2);
            for (int second = 1; second <= steps; second++)
            {
                Steps(() => Save(new(Folder), 1), () => Crash(2, crash), () => Crash(3, second));
                (float c, float d) = Values(Folder);
                Assert.Equal(c, d);
                Assert.True(c == a || c == 3, $"{c} after steps {crash} and {second}");
                Save(new(Folder), 4);
                Assert.Equal((4f, 4f), Values(Folder));
                Assert.Equal(3, Directory.EnumerateFiles(Folder).Count());
            }
        }
        Assert.True(old && @new);

        int Steps(params Action[] actions)
        {
            if (Directory.Exists(Folder))
                Directory.Delete(Folder, recursive: true);
            foreach (Action action in actions)
                action();
            int count = 0;
            Save(new CheckpointFolder(actions.Length == 1 ? Folder : Path.Combine(_root, "elsewhere")) { Reached = _ => count++ }, 9);
            return count;
        }

        void Crash(float value, int at)
        {
            int step = 0;
            try
            {
                Save(new CheckpointFolder(Folder) { Reached = _ => { if (++step == at) throw new TimeoutException(); } }, value);
            }
            catch (TimeoutException)
            {
                // the process is gone
            }
        }
    }

    /// <summary>Wherever the first save is, a second one is refused and changes nothing; what a killed one left locks nothing.</summary>
    [Fact]
    public void A_second_writer_at_once_is_refused()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, CheckpointFolder.LockName), "");
        int refused = 0;
        for (int value = 1; value <= 2; value++)
        {
            Save(
                new CheckpointFolder(Folder)
                {
                    Reached = _ =>
                    {
                        string message = Assert.Throws<IOException>(() => Save(new(Folder), 9)).Message;
                        Assert.Contains("another save into this folder is under way", message, StringComparison.Ordinal);
                        refused++;
                    },
                },
                value);
            Assert.Equal((value, value), Values(Folder));
        }
        Assert.True(refused >= 16, $"{refused} refused");
        Assert.Equal(3, Directory.EnumerateFiles(Folder).Count());
    }

    [Fact]
    public void A_file_may_be_a_symbolic_link()
    {
        if (OperatingSystem.IsWindows())
            return; // links need a privilege there
        CheckpointFolder folder = new(Folder);
        Save(folder, 1);
        string file = Path.Combine(Folder, s_names[0]), moved = Path.Combine(_root, "moved");
        File.Move(file, moved);
        File.CreateSymbolicLink(file, moved);
        Assert.Equal((1f, 1f), Values(Folder));
        File.Delete(moved);
        Assert.Contains("the file is missing", Assert.Throws<InvalidDataException>(() => folder.Open(s_names[0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_beside_a_writer_sees_whole_checkpoints()
    {
        CheckpointFolder folder = new(Folder);
        Save(folder, 0);
        using CancellationTokenSource done = new();
        Task writer = Task.Run(() =>
        {
            for (int i = 1; i < 60; i++)
                Save(folder, i);
            done.Cancel();
        });
        float last = 0;
        int reads = 0;
        while (!done.IsCancellationRequested || reads == 0)
        {
            float value = folder.Open(s_names[reads++ % 2]).Read<float>("x", [3])[0];
            Assert.True(value >= last, $"{value} after {last}");
            last = value;
        }
        await writer;
    }

    /// <summary>Every byte of every file, the manifest's too: changed, it is found, and the error names the file.</summary>
    [Fact]
    public void A_flipped_byte_anywhere_is_found()
    {
        CheckpointFolder folder = new(Folder);
        Save(folder, 1);
        foreach (string name in (string[])["checkpoint.json", .. s_names])
        {
            string path = Path.Combine(Folder, name);
            byte[] bytes = File.ReadAllBytes(path);
            for (int i = 0; i < bytes.Length; i++)
            {
                byte[] broken = [.. bytes];
                broken[i] ^= (byte)(1 << i % 8);
                File.WriteAllBytes(path, broken);
                string message = Assert.Throws<InvalidDataException>(() => folder.Open(name == "checkpoint.json" ? s_names[0] : name)).Message;
                Assert.StartsWith(path, message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', message);
            }
            File.WriteAllBytes(path, bytes);
        }
        Assert.Equal((1f, 1f), Values(Folder));
    }

    [Fact]
    public void A_missing_a_shorter_and_a_longer_file_are_named()
    {
        CheckpointFolder folder = new(Folder);
        Save(folder, 1);
        string path = Path.Combine(Folder, s_names[1]);
        byte[] bytes = File.ReadAllBytes(path);
        foreach (byte[] other in (byte[][])[bytes[..^1], [.. bytes, 0], []])
        {
            File.WriteAllBytes(path, other);
            Assert.Contains($"holds {other.Length} bytes; checkpoint.json says {bytes.Length}", Assert.Throws<InvalidDataException>(() => folder.Open(s_names[1])).Message, StringComparison.Ordinal);
        }
        File.Delete(path);
        Assert.Contains("missing", Assert.Throws<InvalidDataException>(() => folder.Open(s_names[1])).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(Folder, "checkpoint.json"));
        Assert.Throws<FileNotFoundException>(() => folder.Open(s_names[1]));
    }

    [Fact]
    public void A_broken_manifest_is_replaced_by_the_next_save()
    {
        CheckpointFolder folder = new(Folder);
        Save(folder, 1);
        File.WriteAllText(Path.Combine(Folder, "checkpoint.json"), "{");
        Save(folder, 2);
        Assert.Equal((2f, 2f), Values(Folder));
    }

    [Theory]
    [InlineData("{\"format\":\"other\"}", "'format' is not 'fastgrad-checkpoint'")]
    [InlineData("{\"format\":\"fastgrad-checkpoint\",\"format_version\":2}", "version 2; this library reads version 1")]
    [InlineData("{\"format\":\"fastgrad-checkpoint\",\"format_version\":1,\"generation\":1,\"files\":{\"../x\":{\"bytes\":1,\"sha256\":\"\"}},\"sha256\":\"\"}", "'../x' is no name of a file")]
    [InlineData("{\"format\":\"fastgrad-checkpoint\",\"format_version\":1,\"generation\":1,\"files\":{},\"sha256\":\"\"}", "checksum does not fit")]
    [InlineData("[]", "no manifest")]
    [InlineData("", "no manifest")]
    [InlineData("null", "no manifest")]
    [InlineData("{\"format\":\"\\ud800\"}", "no manifest")]
    [InlineData("[[[[[[[[[[]]]]]]]]]]", "no manifest")]
    public void A_foreign_manifest_is_refused(string text, string problem) => Assert.Contains(
        problem, Assert.Throws<InvalidDataException>(() => CheckpointManifest.Parse(Encoding.UTF8.GetBytes(text), "m.json")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("checkpoint.json")]
    [InlineData("model.next")]
    [InlineData("a\nb")]
    public void A_name_that_leads_elsewhere_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => new CheckpointFolder(Folder).Save((name, Content(1))));
        Assert.False(Directory.Exists(Folder));
    }

    /// <summary>Any change of the manifest's bytes is refused with one kind of error.</summary>
    [Property(MaxTest = 2000)]
    public void A_manifest_of_random_bytes_is_refused(byte[] noise, ushort at, bool insert)
    {
        ArgumentNullException.ThrowIfNull(noise);
        byte[] good = new CheckpointManifest(3, [new("a", 5, new string('0', 64))]).Write();
        Assert.Equal(3, CheckpointManifest.Parse(good, "m").Generation);
        int from = at % (good.Length + 1), to = insert ? from : Math.Min(good.Length, from + noise.Length);
        byte[] bad = [.. good[..from], .. noise, .. good[to..]];
        if (!bad.AsSpan().SequenceEqual(good))
            Assert.StartsWith("m: ", Assert.Throws<InvalidDataException>(() => CheckpointManifest.Parse(bad, "m")).Message, StringComparison.Ordinal);
    }

    private static SafeTensorsWriter Content(float value)
    {
        SafeTensorsWriter writer = new();
        writer.Add<float>("x", [3], [value, value, value]);
        return writer;
    }

    private static CheckpointManifest Save(CheckpointFolder folder, float value) => folder.Save([.. s_names.Select(name => (name, Content(value)))]);

    private static (float, float) Values(string folder) =>
        (new CheckpointFolder(folder).Open(s_names[0]).Read<float>("x", [3])[0], new CheckpointFolder(folder).Open(s_names[1]).Read<float>("x", [3])[0]);
}
