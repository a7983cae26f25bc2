"""Writing a pattern's tree as text: reading it again gives the same tree."""

from comity.stix.patterns.lexer import KEYWORDS
from comity.stix.patterns.literals import quoted, written
from comity.stix.patterns.tree import (
    ALL,
    AllOf,
    AnyOf,
    Between,
    Both,
    Comparison,
    Condition,
    Either,
    Expression,
    Followed,
    Path,
    Repeated,
    Seen,
    Within,
)

_WORDS = {AllOf: " AND ", AnyOf: " OR ", Followed: " FOLLOWEDBY "}
_BINDS = {Followed: 1, AnyOf: 2, AllOf: 3, Either: 2, Both: 3}
"""How close an operator binds; what binds no closer than what it stands in goes into parentheses."""
_TIGHTEST = 4


def text(expression: Expression) -> str:
    """Write a pattern."""
    if isinstance(expression, Seen):
        return f"[{condition(expression.condition)}]"
    if isinstance(expression, (AllOf, AnyOf, Followed)):
        floor = _BINDS[type(expression)]
        return _WORDS[type(expression)].join(_inside(part, floor) for part in expression.parts)
    inner = text(expression.inner)
    if _must_enclose(expression):
        inner = f"({inner})"
    if isinstance(expression, Within):
        return f"{inner} WITHIN {written(expression.seconds)} SECONDS"
    if isinstance(expression, Repeated):
        return f"{inner} REPEATS {expression.times} TIMES"
    return f"{inner} START {written(expression.start)} STOP {written(expression.stop)}"


def _must_enclose(expression: Within | Repeated | Between) -> bool:
    """Say whether what is qualified needs parentheses: it is joined of parts, or has this qualifier already."""
    inner: Expression = expression.inner
    while isinstance(inner, (Within, Repeated, Between)):
        if type(inner) is type(expression):
            return True
        inner = inner.inner
    return isinstance(inner, (AllOf, AnyOf, Followed)) and inner is expression.inner


def _inside(part: Expression, floor: int) -> str:
    return f"({text(part)})" if _BINDS.get(type(part), _TIGHTEST) <= floor else text(part)


def condition(read: Condition) -> str:
    """Write a comparison expression, without the square brackets."""
    if isinstance(read, Comparison):
        return comparison(read)
    word, floor = (" AND ", 3) if isinstance(read, Both) else (" OR ", 2)
    return word.join(
        f"({condition(part)})" if _BINDS.get(type(part), _TIGHTEST) <= floor else condition(part)
        for part in read.parts
    )


def comparison(read: Comparison) -> str:
    """Write one comparison."""
    negation = "NOT " if read.negated else ""
    if read.operator == "EXISTS":
        return f"{negation}EXISTS {path(read.path)}"
    if isinstance(read.operand, tuple):
        operand = "(" + ", ".join(written(one) for one in read.operand) + ")"
    else:
        operand = written(read.operand)
    return f"{path(read.path)} {negation}{read.operator} {operand}"


def path(read: Path) -> str:
    """Write an object path."""
    shown = [f"{read.type}:"]
    for place, step in enumerate(read.steps):
        if isinstance(step, int):
            shown.append("[*]" if step == ALL else f"[{step}]")
        else:
            shown.append(("." if place else "") + _key(step))
    return "".join(shown)


def _key(name: str) -> str:
    plain = name.isascii() and name.isidentifier() and name not in KEYWORDS
    return name if plain else quoted(name)
