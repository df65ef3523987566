namespace FastGrad.Kernels.Reductions;

/// <summary>Marks a reduction whose terms are written where the second span would be read: one pass serves the sum and its terms.</summary>
internal interface IStoredTerm;
