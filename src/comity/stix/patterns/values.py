"""What patterns look for by equality: the path and the constant of each comparison that says `=` or `IN`."""

from collections.abc import Iterable, Iterator, Mapping

from comity.stix.patterns import indicators
from comity.stix.patterns.tree import Comparison, Condition, Expression, Path, Seen


def equals(objects: Iterable[Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of each comparison with a text in the patterns of indicators, negated ones left out."""
    found, _broken = indicators.of_objects(objects)
    for indicator in found:
        for condition in _conditions(indicator.expression):
            yield from _comparisons(condition)


def _conditions(expression: Expression) -> Iterator[Condition]:
    if isinstance(expression, Seen):
        yield expression.condition
        return
    inner = getattr(expression, "inner", None)
    for part in (inner,) if inner is not None else getattr(expression, "parts", ()):
        yield from _conditions(part)


def _comparisons(condition: Condition) -> Iterator[tuple[str, str]]:
    if not isinstance(condition, Comparison):
        for part in condition.parts:
            yield from _comparisons(part)
        return
    if condition.negated or condition.operator not in {"=", "IN"}:
        return
    operands = condition.operand if isinstance(condition.operand, tuple) else (condition.operand,)
    for operand in operands:
        if isinstance(operand, str):
            yield _written(condition.path), operand


def _written(path: Path) -> str:
    return f"{path.type}:{'.'.join(str(step) for step in path.steps)}"
