"""The rules of the house that no linter knows."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click import Command

from comity.commands import VERBS
from comity.environment import ROOT

LONGEST_FILE, LONGEST_FUNCTION = 600, 60  # lines
SAYING_NOTHING = re.compile(r"(^|_)(utils?|helpers?|managers?|common|misc)(_|$)")
REGISTRY = re.compile(r"https?://\S*(pypi|pythonhosted|npmjs|/simple/)", re.IGNORECASE)
PINNED = re.compile(r"^([a-z0-9.-]+)(?:\[[a-z,]+])?==(\S+)", re.MULTILINE)


def tracked() -> list[Path]:
    """List the files that a clone holds."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


FILES = tracked()
SOURCES = [path for path in FILES if path.suffix == ".py" and "migrations" not in path.parts]
NAMES = [path.relative_to(ROOT).as_posix() for path in SOURCES]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the tests below ask of a statement: its place, what it is and names, and whether it is in a function."""

    place: str
    kind: type[ast.stmt | ast.ExceptHandler]
    lines: int
    names: tuple[str, ...]
    inside: bool


@cache
def seen() -> tuple[Seen, ...]:
    """Go through every source once, where a test asks; let go of each tree before the next is read.

    Millions of nodes would else be there, which the collector of cycles would visit with each that is added.
    """
    read = ((name, ast.parse(path.read_bytes())) for name, path in zip(NAMES, SOURCES, strict=True))
    return tuple(one for name, tree in read for one in statements(name, tree))


def statements(name: str, tree: ast.Module) -> Iterator[Seen]:
    """Give the functions, handlers and imports of a source, in whatever they stand: no expression holds one."""
    left: list[tuple[Any, bool]] = [(node, False) for node in tree.body]
    while left:
        node, inside = left.pop()
        function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if function or isinstance(node, (ast.ExceptHandler, ast.Import, ast.ImportFrom)):
            place = f"{name}:{node.lineno} {node.name if function else ''}".strip()
            yield Seen(place, type(node), node.end_lineno - node.lineno + 1, names(node), inside)
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            left += [(below, inside or function) for below in getattr(node, part, ())]


def names(node: ast.AST) -> tuple[str, ...]:
    """Give the modules that an import names, or the errors that a handler catches, an empty one for all."""
    match node:
        case ast.ImportFrom():
            return (node.module or "",)
        case ast.Import():
            return tuple(alias.name for alias in node.names)
        case ast.ExceptHandler(type=None):
            return ("",)
        case ast.ExceptHandler(type=ast.Tuple(elts=kinds)):
            return tuple(map(ast.unparse, kinds))
        case ast.ExceptHandler(type=ast.expr() as kind):
            return (ast.unparse(kind),)
    return ()


def pins(lock: str) -> dict[str, str]:
    """Read a lock: name → version."""
    return dict(PINNED.findall((ROOT / lock).read_text(encoding="utf-8")))


def test_no_file_holds_the_address_of_a_package_registry() -> None:
    holding = [path for path in FILES if REGISTRY.search(path.read_bytes().decode(errors="replace"))]
    assert holding == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-uv.lock"])
def test_a_lock_names_versions_and_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry for entry in entries if not ("==" in entry and "--hash=sha256:" in entry)] == []


def test_the_checks_run_on_what_is_run() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_all_that_is_declared_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for declared, lock in (
        (project["project"]["dependencies"], "requirements.lock"),
        (project["dependency-groups"]["dev"], "requirements-dev.lock"),
    ):
        names = {re.split(r"[^A-Za-z0-9.-]", line)[0] for line in declared}
        assert names - pins(lock).keys() == set()


def test_no_file_is_too_long_to_read() -> None:
    lines = {path.relative_to(ROOT): path.read_bytes().count(b"\n") for path in SOURCES}
    assert {path: length for path, length in lines.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long_to_see() -> None:
    functions = {one.place: one.lines for one in seen() if one.kind in (ast.FunctionDef, ast.AsyncFunctionDef)}
    assert {place: length for place, length in functions.items() if length > LONGEST_FUNCTION} == {}


def test_errors_are_caught_by_name() -> None:
    caught = [one for one in seen() if one.kind is ast.ExceptHandler]
    assert {one.place for one in caught if {"", "Exception", "BaseException"} & {*one.names}} == set()


def test_nothing_is_imported_inside_a_function() -> None:
    assert [one.place for one in seen() if one.inside and one.kind in (ast.Import, ast.ImportFrom)] == []


def test_names_say_something() -> None:
    assert [name for name in NAMES if SAYING_NOTHING.search(Path(name).stem)] == []


def test_tests_use_the_real_thing_or_a_fake() -> None:
    imported = {(one.place, name) for one in seen() if one.kind is not ast.ExceptHandler for name in one.names}
    assert {(place, name) for place, name in imported if name.startswith("unittest")} == set()


SLIPS = """
import unittest
from unittest.mock import patch
class Desk:
    def open(self):
        try:
            with self:
                import json
        except (ValueError, Exception):
            def again():
                from os import path
        except:
            pass
        else:
            match self:
                case 1:
                    import sys
"""


def test_slips_are_found_wherever_they_stand() -> None:
    found = sorted(statements("x.py", ast.parse(SLIPS)), key=lambda one: int(one.place[5:].split()[0]))
    assert [(one.kind.__name__, one.lines, one.names, one.inside) for one in found] == [
        ("Import", 1, ("unittest",), False), ("ImportFrom", 1, ("unittest.mock",), False),
        ("FunctionDef", 13, (), False), ("Import", 1, ("json",), True),
        ("ExceptHandler", 3, ("ValueError", "Exception"), True), ("FunctionDef", 2, (), True),
        ("ImportFrom", 1, ("os",), True), ("ExceptHandler", 2, ("",), True), ("Import", 1, ("sys",), True),
    ]  # fmt: skip


def test_every_verb_has_its_module_and_every_module_that_is_a_verb_its_line() -> None:
    modules = [path.stem for path in (ROOT / "src" / "comity" / "commands").glob("*.py") if path.stem != "__init__"]
    loaded = {name: import_module(f"comity.commands.{name}") for name in modules}
    assert set(VERBS) == {name for name, module in loaded.items() if isinstance(vars(module).get("command"), Command)}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented_as_the_help_says_it(verb: str) -> None:
    assert f"| `{verb}` | {VERBS[verb]} |" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_screen_of_the_readme_has_the_two_commands() -> None:
    first = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:24])
    assert "./comity up" in first
    assert "./comity test" in first


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in (path for path in FILES if path.suffix == ".md"):
        for target in re.findall(r"]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"


def test_the_licence_is_there_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_checks_of_a_push_are_those_of_a_developer() -> None:
    assert "exec ./comity test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert {path.name for path in (ROOT / "comity", ROOT / ".ci" / "run") if not path.stat().st_mode & 0o111} == set()
