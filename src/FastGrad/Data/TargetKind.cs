namespace FastGrad.Data;

/// <summary>What the target column of a table is.</summary>
public enum TargetKind
{
    /// <summary>
    /// Decided by the column itself. Every target a number: classes if all are integers with at most
    /// <see cref="TableOptions.AutoClassLimit"/> distinct values, otherwise a regression target. Every target a text
    /// that is no number: classes. A mixture of both is an error that names the first row unlike the first one.
    /// </summary>
    Auto,

    /// <summary>Classes. A label is an integer or a text, white space around it not counted; a number that is no integer is an error.</summary>
    Classification,

    /// <summary>Numbers to predict. A text that is no number is an error.</summary>
    Regression,

    /// <summary>No target: rows to predict. Target columns that are named may be there; they are not read.</summary>
    None,
}
