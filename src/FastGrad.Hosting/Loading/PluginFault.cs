namespace FastGrad.Hosting.Loading;

/// <summary>Why a plugin's file was refused.</summary>
public enum PluginFault
{
    /// <summary>The file cannot be read, or is no assembly of .NET.</summary>
    Unreadable,

    /// <summary>The assembly has no <c>[assembly: FastGradPlugin&lt;…&gt;]</c>, and no plugin beside it refers to it.</summary>
    NoPlugin,

    /// <summary>The plugin was compiled for another version of the contract.</summary>
    WrongContract,

    /// <summary>An assembly that it needs is neither beside it nor in the host, or the host's is older.</summary>
    MissingDependency,

    /// <summary>It brings a name that is taken.</summary>
    NameClash,

    /// <summary>It threw while it was made or registered.</summary>
    Failed,
}
