namespace FastGrad.Optimization.Options;

/// <summary>The type of an option.</summary>
public enum OptionKind
{
    /// <summary>A number. Only these can be scheduled.</summary>
    Real,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>One of a list of words.</summary>
    Choice,

    /// <summary>A list of rising integers.</summary>
    Integers,
}

/// <summary>What an option is to the engine, where that matters.</summary>
public enum OptionMeaning
{
    /// <summary>Nothing special.</summary>
    None,

    /// <summary>The learning rate.</summary>
    LearningRate,

    /// <summary>A weight decay: zero for the roles that the settings exempt.</summary>
    Decay,
}
