using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>The tape nodes of a thread's open scopes, and those that came back, in one stack: scopes nest, so the latest go first.</summary>
/// <remarks>Nobody outside sees a node, and whoever points at one remembers its generation: so a node serves again at once.</remarks>
internal sealed class NodePool<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Node<T>?[] _nodes = [];

    /// <summary>The number of nodes that open scopes hold.</summary>
    public int Issued { get; private set; }

    /// <summary>A node for the innermost scope.</summary>
    public Node<T> Issue()
    {
        if (Issued == _nodes.Length)
            Array.Resize(ref _nodes, Math.Max(16, 2 * _nodes.Length));
        return _nodes[Issued++] ??= new();
    }

    /// <summary>Takes back all nodes since a moment, or forgets them where their tape lives on.</summary>
    public void Return(int mark, bool escaped)
    {
        for (int i = mark; i < Issued; i++)
        {
            if (escaped)
                _nodes[i] = null;
            else
                _nodes[i]!.Recycle();
        }
        Issued = mark;
    }
}
