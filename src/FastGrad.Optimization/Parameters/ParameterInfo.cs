using System.Collections.Immutable;

namespace FastGrad.Optimization.Parameters;

/// <summary>What an optimizer may know of a parameter before it sees its memory: name, shape, role.</summary>
public sealed class ParameterInfo
{
    /// <summary>Describes a parameter.</summary>
    /// <param name="name">Its name, unique in its optimizer, such as <c>0.weight</c>. Checkpoints use it.</param>
    /// <param name="shape">Its dimensions, outermost first; empty for a scalar.</param>
    /// <param name="role">What it is to its model.</param>
    /// <exception cref="ArgumentException">The name is empty, a dimension is negative, or the element count exceeds an array.</exception>
    public ParameterInfo(string name, ReadOnlySpan<int> shape, ParameterRole role = ParameterRole.Weight)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        long count = 1;
        foreach (int dimension in shape)
        {
            if (dimension < 0)
                throw new ArgumentException($"Parameter '{name}' has shape [{string.Join(", ", shape.ToArray())}]; expected no negative dimension.", nameof(shape));
            count *= dimension;
            if (count > Array.MaxLength)
                throw new ArgumentException($"Parameter '{name}' has shape [{string.Join(", ", shape.ToArray())}], more than {Array.MaxLength} elements.", nameof(shape));
        }
        (Name, Shape, Role, Count) = (name, [.. shape], role, (int)count);
    }

    /// <summary>The name, unique in its optimizer.</summary>
    public string Name { get; }

    /// <summary>The dimensions, outermost first.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>What the parameter is to its model.</summary>
    public ParameterRole Role { get; }

    /// <summary>The number of elements.</summary>
    public int Count { get; }

    /// <summary>The number of dimensions.</summary>
    public int Rank => Shape.Length;

    /// <summary>Name, shape and role, as error messages print them.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", Shape)}] {Role}";
}
