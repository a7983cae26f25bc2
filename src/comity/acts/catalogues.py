"""The catalogues that are shipped with the program: read, and put into the register when they have changed."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from comity.acts import register
from comity.acts.agreement_files import FileProblemError, read_tree
from comity.models import Node
from comity.policy.register_entries import Catalogue
from comity.policy.register_form import read_catalogue
from comity.policy.tree import Problem

SHIPPED: Final = Path(__file__).parents[3] / "catalogues" / "register"
ORDER: Final = ("states", "groups", "treaties", "commitments")
"""What others name comes first; files not named here follow by their names."""
STAMP: Final = "catalogue"


class CatalogueProblem(Exception):
    """A catalogue cannot be used; `lines` say where and how to mend it. Nothing was stored."""

    def __init__(self, *lines: str) -> None:
        """Carry the lines."""
        super().__init__("\n".join(lines))
        self.lines = lines


def files(folder: Path = SHIPPED) -> list[Path]:
    """List the catalogues of a folder in the order in which they are read."""
    rank = {name: place for place, name in enumerate(ORDER)}
    return sorted(folder.glob("*.yaml"), key=lambda path: (rank.get(path.stem, len(rank)), path.stem))


def read(path: Path) -> Catalogue:
    """Read one catalogue; CatalogueProblem names each problem with its place."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        line = f"{path.name}: the file cannot be read ({error.strerror}). Mend: name another."
        raise CatalogueProblem(line) from error
    except UnicodeDecodeError as error:
        first = Problem(1, 1, "the file is not UTF-8 text", "save it as UTF-8")
        raise CatalogueProblem(first.at(path.name)) from error
    try:
        found, problems = read_catalogue(read_tree(content))
    except FileProblemError as error:
        raise CatalogueProblem(error.problem.at(path.name)) from error
    if problems:
        raise CatalogueProblem(*(problem.at(path.name) for problem in problems))
    return found


def load(paths: Sequence[Path], actor: str, now: datetime) -> register.Stored:
    """Put catalogues into the register, all or nothing."""
    try:
        return register.store([read(path) for path in paths], actor, now)
    except register.NotInRegister as error:
        raise CatalogueProblem(f"{', '.join(path.name for path in paths)}: {error}") from error


def try_out(paths: Sequence[Path], actor: str, now: datetime) -> register.Stored:
    """Put catalogues into the register and take them out again: what would be added, or what is wrong."""
    with transaction.atomic():
        stored = load(paths, actor, now)
        transaction.set_rollback(True)
    return stored


def refresh(data: Path, now: datetime) -> register.Stored | None:
    """Put the shipped catalogues into a made node where they have changed since; None where they have not."""
    stamp, digest = data / STAMP, _digest()
    if not Node.objects.exists() or (stamp.exists() and stamp.read_text(encoding="ascii") == digest):
        return None
    stored = load(files(), register.ACTOR, now)
    stamp.write_text(digest, encoding="ascii")
    return stored


def _digest() -> str:
    found = hashlib.sha256()
    for path in files():
        found.update(path.read_bytes())
    return found.hexdigest()
