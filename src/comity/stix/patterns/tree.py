"""A STIX pattern as a tree of small frozen values (STIX 2.1 §9).

A pattern is an observation expression: comparison expressions in square brackets, each of which one object of one
observation must satisfy, joined by AND, OR and FOLLOWEDBY and narrowed by qualifiers.
"""

from typing import Final

import msgspec

ALL: Final = -1
"""The step `[*]`: any member of a list (§9.7.2). Other whole numbers are positions from 0."""

Step = str | int
"""A property's or dictionary key's name, a list position, or ALL."""


class Moment(msgspec.Struct, frozen=True):
    """A timestamp constant, as it was written, without its quotation marks: any number of fraction digits (§9.2)."""

    text: str


Literal = str | int | float | bool | bytes | Moment
"""A constant (§9.2). Binary and hexadecimal constants are both bytes."""


class Path(msgspec.Struct, frozen=True):
    """An object path (§9.7): the type of the object it starts from, and the steps from there."""

    type: str
    steps: tuple[Step, ...]


class Comparison(msgspec.Struct, frozen=True):
    """One comparison (§9.6.1): `path operator operand`.

    `operator` is one of = != > < >= <= IN LIKE MATCHES ISSUBSET ISSUPERSET EXISTS. The operand of IN is a tuple of
    constants, that of EXISTS is empty, that of the others is one constant.
    """

    path: Path
    operator: str
    operand: "Literal | tuple[Literal, ...]"
    negated: bool = False


class Both(msgspec.Struct, frozen=True):
    """Comparison expressions joined by AND: the same object satisfies each (§9.6)."""

    parts: "tuple[Condition, ...]"


class Either(msgspec.Struct, frozen=True):
    """Comparison expressions joined by OR."""

    parts: "tuple[Condition, ...]"


Condition = Comparison | Both | Either


class Seen(msgspec.Struct, frozen=True):
    """A comparison expression in square brackets: one observation has an object that satisfies it (§9.5)."""

    condition: Condition


class AllOf(msgspec.Struct, frozen=True):
    """Observation expressions joined by AND: each is satisfied, by different observations (§9.5.2)."""

    parts: "tuple[Expression, ...]"


class AnyOf(msgspec.Struct, frozen=True):
    """Observation expressions joined by OR."""

    parts: "tuple[Expression, ...]"


class Followed(msgspec.Struct, frozen=True):
    """Observation expressions joined by FOLLOWEDBY, from left to right: each no earlier than all that precede it."""

    parts: "tuple[Expression, ...]"


class Within(msgspec.Struct, frozen=True):
    """`WITHIN seconds SECONDS`: all observations lie less than so many seconds apart (§9.5.1)."""

    inner: "Expression"
    seconds: int | float


class Repeated(msgspec.Struct, frozen=True):
    """`REPEATS times TIMES`: satisfied so many times, each time by different observations (§9.5.1)."""

    inner: "Expression"
    times: int


class Between(msgspec.Struct, frozen=True):
    """`START start STOP stop`: all observations at `start` or later and before `stop` (§9.5.1)."""

    inner: "Expression"
    start: Moment
    stop: Moment


Expression = Seen | AllOf | AnyOf | Followed | Within | Repeated | Between
