using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using FastGrad.Optimization.Plugins;

namespace FastGrad.Hosting.Loading;

/// <summary>What an assembly's metadata say of it. Nothing is loaded and none of its code runs.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">The assembly's simple name.</param>
/// <param name="Contracts">The contract of each plugin in it.</param>
/// <param name="References">The assemblies that it refers to.</param>
internal sealed record PluginFile(string Path, string Name, ImmutableArray<int> Contracts, ImmutableArray<AssemblyName> References)
{
    private const int Prolog = 1; // of every attribute's value, ECMA-335 II.23.3

    /// <summary>Reads a file.</summary>
    /// <exception cref="PluginLoadException">It cannot be read, or is no assembly.</exception>
    public static PluginFile Read(string path)
    {
        try
        {
            // Opening a pipe would wait for its other end for ever; pipes and devices have no length.
            if (LengthOf(path) == 0)
                throw new PluginLoadException(path, PluginFault.Unreadable, "is empty, or no regular file.");
            using PEReader image = new(File.OpenRead(path));
            if (!image.HasMetadata)
                throw Unreadable(path, null);
            MetadataReader metadata = image.GetMetadataReader();
            return new(
                path,
                metadata.GetString(metadata.GetAssemblyDefinition().Name),
                [.. metadata.GetAssemblyDefinition().GetCustomAttributes().Select(metadata.GetCustomAttribute).Where(a => IsPlugin(metadata, a)).Select(a => ContractOf(metadata, a))],
                [.. metadata.AssemblyReferences.Select(reference => metadata.GetAssemblyReference(reference).GetAssemblyName())]);
        }
        catch (Exception error) when (error is BadImageFormatException or InvalidOperationException)
        {
            throw Unreadable(path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PluginLoadException(path, PluginFault.Unreadable, $"cannot be read: {error.Message}", error);
        }
    }

    private static long LengthOf(string path) => new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Length;

    private static PluginLoadException Unreadable(string path, Exception? inner) => new(path, PluginFault.Unreadable, "is no assembly of .NET.", inner);

    // The attribute is generic: its constructor belongs to a type specification, whose signature is GENERICINST CLASS type …
    private static bool IsPlugin(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference
            || metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is not { Kind: HandleKind.TypeSpecification } parent)
            return false;
        BlobReader signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return false;
        signature.ReadCompressedInteger(); // CLASS
        if (signature.ReadTypeHandle() is not { Kind: HandleKind.TypeReference } type)
            return false;
        TypeReference reference = metadata.GetTypeReference((TypeReferenceHandle)type);
        return metadata.StringComparer.Equals(reference.Name, typeof(FastGradPluginAttribute<>).Name)
            && metadata.StringComparer.Equals(reference.Namespace, typeof(FastGradPluginAttribute<>).Namespace!);
    }

    private static int ContractOf(MetadataReader metadata, CustomAttribute attribute)
    {
        BlobReader value = metadata.GetBlobReader(attribute.Value);
        return value.ReadUInt16() == Prolog ? value.ReadInt32() : throw new BadImageFormatException("The plugin's attribute has no value.");
    }
}
