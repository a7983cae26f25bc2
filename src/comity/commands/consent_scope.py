"""The options by which a question or an answer on passing on says what it speaks of."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

import click

from comity.commands.output import BadInput
from comity.policy.consent_scopes import Reach, Scope
from comity.policy.markings import LABELS, Tlp
from comity.policy.vocabulary import Information, Purpose

LABEL: Final = click.Choice(LABELS, case_sensitive=False)


@dataclass(frozen=True, slots=True)
class Scoped:
    """What the options say: the scope, and the objects that are named as belonging to a case."""

    scope: Scope
    objects: tuple[str, ...] = ()


def scope_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--object`, `--case` and what tells a kind; it gets them together as `scoped`."""

    @click.option("--object", "objects", multiple=True, metavar="ID",
                  help="Of one object and what derives from it; with --case: one that belongs to it, and so on.")
    @click.option("--case", "case", default="", metavar="NAME",
                  help="Of a case: its number, or the id of a report and so of all that it refers to.")
    @click.option("--information", type=click.Choice([one.value for one in Information]), default=None,
                  help="Of a kind: this category of information.")
    @click.option("--purpose", type=click.Choice([one.value for one in Purpose]), default=None,
                  help="Of a kind: for this purpose.")
    @click.option("--tlp", type=LABEL, default=None, help="Of a kind: up to this TLP label.")
    @wraps(command)
    def with_scope(*, objects: tuple[str, ...], case: str, information: str | None, purpose: str | None,
                   tlp: str | None, **others: Any) -> None:  # noqa: ANN401 - what click passes
        kind = (information, purpose, tlp)
        command(scoped=_scoped(objects, case, any(kind), Scope(Reach.KIND, "", information or "", purpose or "",
                                                               Tlp.read(tlp) if tlp else None)), **others)

    return with_scope


def _scoped(objects: tuple[str, ...], case: str, of_kind: bool, kind: Scope) -> Scoped:
    if of_kind and (objects or case):
        raise BadInput("a scope is an object, a case or a kind", "leave --information, --purpose and --tlp out")
    if case:
        return Scoped(Scope(Reach.CASE, case), objects)
    if len(objects) > 1:
        raise BadInput("several objects are a case", "name it with --case, or say it of one object")
    if objects:
        return Scoped(Scope(Reach.OBJECT, objects[0]))
    return Scoped(kind if of_kind else Scope())
