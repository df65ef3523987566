namespace FastGrad.Analysis.Curvature;

/// <summary>What kind of point it is.</summary>
public enum CriticalPointKind
{
    /// <summary>The gradient does not vanish.</summary>
    NotCritical,

    /// <summary>Nothing falls away from it.</summary>
    Minimum,

    /// <summary>Nothing rises from it.</summary>
    Maximum,

    /// <summary>Some directions rise, others fall.</summary>
    Saddle,

    /// <summary>No direction that was looked into changes the value.</summary>
    Plateau,
}
