using FastGrad.Analysis.Reference;

namespace FastGrad.Analysis.Catalogue;

/// <summary>Small matrices by their definitions, in about 31 digits: determinants by expansion, systems by Cramer's rule, eigenvalues by Jacobi's rotations.</summary>
internal static class MatrixLoops
{
    public static Precise[,] Identity(int n) => Make(n, n, (i, j) => i == j ? 1 : 0);

    public static Precise[,] Transpose(Precise[,] a) => Make(a.GetLength(1), a.GetLength(0), (i, j) => a[j, i]);

    public static Precise[,] Lower(Precise[,] a, bool unit = false) => Make(a.GetLength(0), a.GetLength(1), (i, j) => i == j && unit ? 1 : j <= i ? a[i, j] : 0);

    public static Precise[,] Multiply(Precise[,] a, Precise[,] b) => Make(a.GetLength(0), b.GetLength(1), (i, j) =>
    {
        Precise sum = 0;
        for (int k = 0; k < a.GetLength(1); k++)
            sum += a[i, k] * b[k, j];
        return sum;
    });

    /// <summary>By expansion along the first row.</summary>
    public static Precise Determinant(Precise[,] a)
    {
        int n = a.GetLength(0);
        if (n == 0)
            return 1;
        Precise sum = 0;
        for (int j = 0; j < n; j++)
            sum += a[0, j] * Cofactor(a, 0, j);
        return sum;
    }

    public static Precise[,] Cofactors(Precise[,] a) => Make(a.GetLength(0), a.GetLength(1), (i, j) => Cofactor(a, i, j));

    /// <summary>By Cramer's rule.</summary>
    public static Precise[,] Solve(Precise[,] a, Precise[,] b)
    {
        Precise determinant = Determinant(a);
        return Make(b.GetLength(0), b.GetLength(1), (row, column) => Determinant(Make(a.GetLength(0), a.GetLength(1), (i, j) => j == row ? b[i, column] : a[i, j])) / determinant);
    }

    /// <summary>Row by row, from Aᵢⱼ = Σₖ Lᵢₖ·Lⱼₖ.</summary>
    public static Precise[,] Cholesky(Precise[,] a)
    {
        int n = a.GetLength(0);
        Precise[,] l = Make(n, n, (_, _) => 0);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                Precise rest = a[i, j];
                for (int k = 0; k < j; k++)
                    rest -= l[i, k] * l[j, k];
                l[i, j] = i == j ? Precise.Sqrt(rest) : rest / l[j, j];
            }
        }
        return l;
    }

    /// <summary>Q above R, R's diagonal positive.</summary>
    public static Precise[,] GramSchmidt(Precise[,] a)
    {
        int m = a.GetLength(0), n = a.GetLength(1);
        Precise[,] both = Make(m + n, n, (i, j) => i < m ? a[i, j] : 0);
        for (int j = 0; j < n; j++)
        {
            for (int k = 0; k < j; k++)
            {
                Precise share = 0;
                for (int i = 0; i < m; i++)
                    share += both[i, k] * both[i, j];
                for (int i = 0; i < m; i++)
                    both[i, j] -= share * both[i, k];
                both[m + k, j] = share;
            }
            Precise square = 0;
            for (int i = 0; i < m; i++)
                square += both[i, j] * both[i, j];
            both[m + j, j] = Precise.Sqrt(square);
            for (int i = 0; i < m; i++)
                both[i, j] /= both[m + j, j];
        }
        return both;
    }

    /// <summary>By Jacobi's rotations; the ascending eigenvalues as a row, or, weighted 1, 3, −2, the projections onto their vectors.</summary>
    public static Precise[,] Eigen(Precise[,] a, int what)
    {
        int n = a.GetLength(0);
        Precise[,] v = Identity(n);
        for (int sweep = 0; sweep < 12; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    if (Math.Abs(a[p, q].High) < 1e-35)
                        continue;
                    Precise theta = (a[q, q] - a[p, p]) / (a[p, q] + a[p, q]);
                    Precise t = (Precise)1 / (Precise.Abs(theta) + Precise.Sqrt(theta * theta + 1));
                    t = theta < 0 ? -t : t;
                    Precise c = (Precise)1 / Precise.Sqrt(t * t + 1), s = t * c;
                    Precise[,] turn = Make(n, n, (i, j) => (i == p || i == q) && (j == p || j == q) ? i == j ? c : i == p ? s : -s : i == j ? 1 : 0);
                    a = Multiply(Multiply(Transpose(turn), a), turn);
                    v = Multiply(v, turn);
                }
            }
        }
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => a[i, i].High)];
        Precise[] weights = [1, 3, -2];
        return what == 0
            ? Make(1, n, (_, i) => a[order[i], order[i]])
            : Make(n, n, (i, j) =>
            {
                Precise sum = 0;
                for (int k = 0; k < n; k++)
                    sum += weights[k] * v[i, order[k]] * v[j, order[k]];
                return sum;
            });
    }

    private static Precise Cofactor(Precise[,] a, int row, int column)
    {
        int n = a.GetLength(0) - 1;
        Precise minor = Determinant(Make(n, n, (i, j) => a[i < row ? i : i + 1, j < column ? j : j + 1]));
        return (row + column) % 2 == 0 ? minor : -minor;
    }

    private static Precise[,] Make(int rows, int columns, Func<int, int, Precise> element)
    {
        var m = new Precise[rows, columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                m[i, j] = element(i, j);
        return m;
    }
}
