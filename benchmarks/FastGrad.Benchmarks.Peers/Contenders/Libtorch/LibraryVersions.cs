using System.Buffers.Binary;

namespace FastGrad.Benchmarks.Peers.Contenders.Libtorch;

/// <summary>Makes a shared library's wish for one symbol version weak, so that an older system library will do.</summary>
/// <remarks>
/// TorchSharp's native part asks for GLIBCXX_3.4.32 (GCC 13). All that stands behind it is an initializer that nothing calls, so the
/// library works with older ones; the loader only has to be told that the version may be missing. In ELF's section
/// <c>.gnu.version_r</c> every needed version is an entry with flags (System V ABI, Linux Standard Base: Elf64_Verneed, Elf64_Vernaux).
/// </remarks>
internal static class LibraryVersions
{
    private const int SectionType = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 2; // VER_FLG_WEAK

    /// <summary>Marks the version in the file; a file that has the mark, or no such wish, is left alone.</summary>
    public static void MakeWeak(string path, string version)
    {
        byte[] file = File.ReadAllBytes(path);
        int sections = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(0x28));
        int size = Word16(file, 0x3a), count = Word16(file, 0x3c);
        for (int i = 0; i < count; i++)
        {
            int section = sections + i * size;
            if (Word32(file, section + 4) != SectionType)
                continue;
            int strings = Offset(file, sections + Word32(file, section + 40) * size); // sh_link: the names
            int needed = Offset(file, section), entries = Word32(file, section + 44);
            foreach (int entry in Entries(file, needed, entries))
                if (Name(file, strings + Word32(file, entry + 8)) == version && (Word16(file, entry + 4) & Weak) == 0)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(entry + 4), (ushort)(Word16(file, entry + 4) | Weak));
                    File.WriteAllBytes(path, file);
                    return;
                }
        }
    }

    // Each library's list of versions, one after the other.
    private static IEnumerable<int> Entries(byte[] file, int needed, int libraries)
    {
        for (int library = 0; library < libraries; library++, needed += Word32(file, needed + 12))
        {
            int entry = needed + Word32(file, needed + 8);
            for (int i = 0; i < Word16(file, needed + 2); i++, entry += Word32(file, entry + 12))
                yield return entry;
        }
    }

    private static int Offset(byte[] file, int section) => (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(section + 24));

    private static int Word32(byte[] file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));

    private static int Word16(byte[] file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));

    private static string Name(byte[] file, int at) => System.Text.Encoding.ASCII.GetString(file, at, Array.IndexOf(file, (byte)0, at) - at);
}
