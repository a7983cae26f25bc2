"""What states, bodies, instruments and provisions are called in the language that is spoken at the moment.

Names are kept in English; the catalogue of names gives others by those very words. So a name that somebody changed
here, or that the catalogue does not have, is said as it is kept. Norms and articles are called as in their frameworks.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

from django.utils.translation import get_language

from comity.acts import frameworks
from comity.acts.agreement_files import FileProblemError, read_tree
from comity.models import Instrument, Party, Provision
from comity.policy import collating, tree
from comity.policy.tree import Problem, Scalar

One = TypeVar("One")
CATALOGUE: Final = Path(__file__).parents[3] / "catalogues" / "names"
FRAMEWORKS: Final = ("budapest-2001", "un-norms-2015", "oas-cbms-2022", "un-cbms-2024")
"""Those whose parts are the register’s provisions."""


def named(one: object) -> str:
    """Give the name by which a page speaks of a party, an instrument or a provision; of a text, its translation."""
    if isinstance(one, Party):
        return called(one.short)
    if isinstance(one, Instrument):
        return called(one.short or one.title)
    if isinstance(one, Provision):
        return called(one.title)
    return called(str(one))


def called(words: str) -> str:
    """Give a name in the language that is spoken, the words themselves where there is none."""
    return table((get_language() or "en")[:2]).get(words, words)


def by_name(rows: Iterable[One], shown: Callable[[One], object] = lambda one: one) -> list[One]:
    """Put rows in the order of the names by which a page shows them, in the language that is spoken."""
    language = (get_language() or "en")[:2]
    known = table(language)

    def place(one: One) -> tuple[str, str]:
        said = shown(one)
        return collating.key(known.get(said, said) if isinstance(said, str) else named(said), language)

    return sorted(rows, key=place)


@functools.cache
def table(language: str) -> Mapping[str, str]:
    """Give every name of the catalogue in a language, by its English words."""
    return {} if language == "en" else dict(_of_frameworks(language)) | dict(_of_catalogue(language))


def _of_catalogue(language: str) -> Iterator[tuple[str, str]]:
    for path in sorted(CATALOGUE.glob("*.yaml")):
        for words, said in read(path):
            if language in said:
                yield words, said[language]


def read(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each name of a file with what it is in other languages; FileProblemError where something else stands."""
    root = read_tree(path.read_text(encoding="utf-8"))
    if not isinstance(root, tree.Mapping):
        mend = "write “The name: {es: …, fr: …}”"
        raise FileProblemError(Problem(root.line, root.column, "names are expected", mend))
    for key, node in root.entries:
        entries = node.entries if isinstance(node, tree.Mapping) else ()
        said = {language.text: text.text for language, text in entries if isinstance(text, Scalar)}
        if not said:
            raise FileProblemError(Problem(key.line, key.column, f"“{key.text}” has no other name",
                                           "write “{es: …, fr: …}” after it"))  # fmt: skip
        yield key.text, said


def _of_frameworks(language: str) -> Iterator[tuple[str, str]]:
    files = (frameworks.framework_file(frameworks.CATALOGUE / f"{name}.yaml") for name in FRAMEWORKS)
    there = [one.framework for one in files if one.framework is not None]
    for part in (part for one in there for level in range(len(one.levels)) for part in one.depth(level)):
        said = dict(part.name)
        if "en" in said and language in said:
            yield said["en"], said[language]
