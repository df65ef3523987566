using System.Globalization;
using FastGrad.Optimization.Options;

namespace FastGrad.Analysis.Expressions;

/// <summary>Reads formulas.</summary>
/// <remarks>
/// <code>
/// sum     = [ "-" ] product { ("+" | "-") product }    a leading sign is of the whole product: -x*y = -(x*y)
/// product = signed { ("*" | "/") signed | power }      a number times what follows it needs no sign: 2x, 3(a + b)
/// signed  = [ "+" | "-" ] signed | power
/// power   = atom [ ("^" | "**") signed ]               from the right: 2^3^2 = 2^9, -x^2 = -(x^2)
/// atom    = number | name | function "(" sum { "," sum } ")" | "(" sum ")"
/// </code>
/// Names are letters, digits and underscores, and begin with a letter or an underscore. <c>pi</c> and <c>e</c> are numbers. Functions: <see cref="Functions.All"/>.
/// </remarks>
internal sealed class ExpressionParser(string text)
{
    private const int MaximumDepth = 200, MaximumLength = 10_000;

    private readonly string _text = text ?? throw new ArgumentNullException(nameof(text));
    private int _at;
    private int _depth;

    public Expression Read()
    {
        if (_text.Length > MaximumLength)
            throw new FormatException($"The formula has {_text.Length} characters; expected at most {MaximumLength}.");
        Expression e = Sum();
        return Peek() == '\0' ? e : throw Unexpected("an operator or the end");
    }

    private Expression Sum()
    {
        bool negative = Peek() == '-';
        if (negative)
            _at++;
        Expression e = negative ? Negated(Product()) : Product();
        while (Peek() is '+' or '-')
            e = new Application(_text[_at++] == '+' ? Functions.Add : Functions.Subtract, e, Product());
        return e;
    }

    private Expression Product()
    {
        Expression e = Signed();
        while (true)
        {
            if (Peek() is '*' or '/')
                e = new Application(_text[_at++] == '*' ? Functions.Multiply : Functions.Divide, e, Signed());
            else if (e is Number && (char.IsLetter(Peek()) || Peek() is '_' or '('))
                e = new Application(Functions.Multiply, e, Power());
            else
                return e;
        }
    }

    private Expression Signed()
    {
        Enter();
        char sign = Peek();
        if (sign is '+' or '-')
            _at++;
        Expression e = sign is '+' or '-' ? Signed() : Power();
        _depth--;
        return sign == '-' ? Negated(e) : e;
    }

    private static Expression Negated(Expression e) => e is Number { Value: var value } ? new Number(-value) : new Application(Functions.Negate, e);

    private Expression Power()
    {
        Expression e = Atom();
        bool stars = Peek() == '*' && _at + 1 < _text.Length && _text[_at + 1] == '*';
        if (Peek() != '^' && !stars)
            return e;
        _at += stars ? 2 : 1;
        return new Application(Functions.Power, e, Signed());
    }

    private Expression Atom()
    {
        char next = Peek();
        if (char.IsAsciiDigit(next) || next == '.')
            return ReadNumber();
        if (next == '(')
        {
            _at++;
            return Closed(Bracket());
        }
        if (!char.IsLetter(next) && next != '_')
            throw Unexpected("a number, a name or '('");
        int start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] == '_'))
            _at++;
        string name = _text[start.._at];
        if (Peek() == '(')
            return Call(name, start);
        return name switch
        {
            "pi" or "π" => new Number(Math.PI),
            "e" => new Number(Math.E),
            _ when Functions.Find(name) is { } => throw Error(start, $"'{name}' is a function; expected '{name}(…)'"),
            _ => new Variable(name),
        };
    }

    private Expression Call(string name, int start)
    {
        Function function = Functions.Find(name) ?? throw Error(start, $"there is no function '{name}'. {Nearest.Suggest(name, Functions.All.Select(f => f.Name))}");
        List<Expression> arguments = [];
        do
        {
            _at++;
            arguments.Add(Bracket());
        }
        while (Peek() == ',');
        if (arguments.Count < function.Least || arguments.Count > function.Most)
            throw Error(start, $"'{name}' of {arguments.Count} arguments; expected {(function.Least == function.Most ? $"{function.Least}" : $"{function.Least} or more")}");
        return Closed(new Application(function, [.. arguments]));
    }

    private Expression Bracket()
    {
        Enter();
        Expression e = Sum();
        _depth--;
        return e;
    }

    private Expression Closed(Expression e)
    {
        if (Peek() != ')')
            throw Unexpected("')'");
        _at++;
        return e;
    }

    private Number ReadNumber()
    {
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.'))
            _at++;
        // 2e3 and 2e-3, but 2e is 2 times e.
        int exponent = _at;
        if (exponent < _text.Length && _text[exponent] is 'e' or 'E')
        {
            exponent++;
            if (exponent < _text.Length && _text[exponent] is '+' or '-')
                exponent++;
            if (exponent < _text.Length && char.IsAsciiDigit(_text[exponent]))
            {
                while (exponent < _text.Length && char.IsAsciiDigit(_text[exponent]))
                    exponent++;
                _at = exponent;
            }
        }
        string digits = _text[start.._at];
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? new Number(value)
            : throw Error(start, $"'{digits}' is no number of double precision");
    }

    private char Peek()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private void Enter()
    {
        if (++_depth > MaximumDepth)
            throw Error(_at, $"brackets and signs are nested deeper than {MaximumDepth}");
    }

    private FormatException Unexpected(string expected) => Error(_at, _at < _text.Length ? $"'{_text[_at]}'; expected {expected}" : $"the formula ends; expected {expected}");

    private FormatException Error(int at, string what) => new($"The formula '{_text}', at character {at + 1}: {what}{(what.EndsWith('.') ? "" : ".")}");
}
