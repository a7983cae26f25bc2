"""A statement in one line, as the test files write it."""

from datetime import date
from functools import cache

from comity.acts import claim_catalogue
from comity.claims.finding import statements
from comity.claims.reading import of_text
from comity.claims.register import Register
from comity.claims.statements import Statement

TODAY = date(2026, 11, 23)


@cache
def register() -> Register:
    """Give the register of the shipped catalogue, read once."""
    return claim_catalogue.read(TODAY)


def line(one: Statement) -> str:
    """Write `sense | subject | act | object | with partner | when | as of`, leaving out what is not said."""
    parts = [f"{one.sense}{' not' if one.negated and one.sense != 'denied' else ''}"]
    parts += [one.subject.ref or one.subject.text if one.subject else "", one.act]
    parts += [one.object.ref or one.object.text] if one.object else []
    parts += [f"with {one.partner.ref or one.partner.text}"] if one.partner else []
    parts += [str(one.when)] if one.when else []
    parts += [f"as of {one.as_of}"] if one.as_of else []
    return " | ".join(parts)


def lines(text: str) -> list[str]:
    """Find the statements of a text."""
    return [line(one) for one in statements(of_text(text), register())]


def statements_of(text: str) -> tuple[Statement, ...]:
    """Find the statements of a text as they are."""
    return statements(of_text(text), register())
