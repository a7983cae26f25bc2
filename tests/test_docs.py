"""The pages say what is so: their commands run, their links lead somewhere, and every verb has its place.

On a page, a block tagged `sh` is run in the order of the page, beside a running node with the example state, and a
block tagged `text` right after it is what it prints (`…` stands for anything). A line may end in `# exit code 1`.
Blocks tagged `console` are for reading only: they need what the reader alone has, or other software.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from comity.commands import VERBS, main
from tests.nodes import Made, free_port, up

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
STORIES = [page for page in PAGES if "```sh\n" in page.read_text(encoding="utf-8")]
BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:]+)(?:#([^)]*))?\)")
NEXT = "-- next block --"
CURL = """#!{python}
import base64, pathlib, sys, urllib.request
words = sys.argv[1:]
who, file, body = (words[words.index(option) + 1] if option in words else "" for option in ("-u", "-o", "-d"))
asked = urllib.request.Request(next(word for word in words if word.startswith("http:")), body.encode() or None)
if who:
    asked.add_header("Authorization", "Basic " + base64.b64encode(who.encode()).decode())
for header in (words[place + 1] for place, word in enumerate(words) if word == "-H"):
    asked.add_header(*header.split(": ", 1))
with urllib.request.urlopen(asked, timeout=30) as answer:
    said = answer.read()
pathlib.Path(file).write_bytes(said) if file else sys.stdout.buffer.write(said)
"""


def place(folder: Path, name: str, text: str) -> None:
    """Put a program into a folder of programs."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name).chmod(0o755)


@contextmanager
def reader(folder: Path, port: int, comity: Path, made: Made | None) -> Iterator[dict[str, str]]:
    """Serve a node as `./comity up` does, in a folder that looks like a clone; give its reader's environment.

    The node is a copy of what was *made* by a first start, or makes its first start here.
    """
    place(folder, "comity", f'#!/bin/sh\nexec "{comity}" "$@"\n')
    place(folder / "bin", "curl", CURL.format(python=sys.executable))
    (folder / "catalogues").symlink_to(ROOT / "catalogues")
    kept = {name: value for name, value in os.environ.items() if name not in {"COMITY_DATABASE", "COMITY_DATA"}}
    environ = {**kept, "PATH": f"{folder / 'bin'}{os.pathsep}{kept['PATH']}"}
    printed = folder / "printed"
    if made is not None:
        shutil.copytree(made.home, folder / "comity-data")
        shutil.copy(made.printed, printed)
    with up(folder, port, environ, printed, *([comity] if made else [])):
        secrets = re.findall(r"partner (\w+)\s+username (\S+)\s+secret\s+(\S+)", printed.read_text(encoding="utf-8"))
        yield {**environ, **{code: f"{username}:{secret}" for code, username, secret in secrets}}


def script(blocks: list[str], port: int) -> str:
    """Write a page's blocks as one shell script that stops where a command ends otherwise than the page says."""
    whole = f"\necho '{NEXT}'\n".join(blocks).replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    refused = r'if \1; then exit 99; else [ "$?" = \2 ]; fi'
    return "set -e\n" + re.sub(r"^(.*?)\s+# exit code (\d)$", refused, whole, flags=re.MULTILINE)


def pattern(expected: str) -> str:
    """Turn what a page says is printed into a pattern: `…` is anything, and a run of blanks is like any other."""
    return r"\s+".join(".*".join(map(re.escape, word.split("…"))) for word in expected.split())


@pytest.mark.parametrize("page", STORIES, ids=lambda page: str(page.name))
def test_what_a_page_tells_one_to_type_does_what_the_page_says(
    page: Path, tmp_path: Path, comity: Path, request: pytest.FixtureRequest
) -> None:
    made = None if page == PAGES[0] else request.getfixturevalue("example_node")
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    port = free_port()
    with reader(tmp_path, port, comity, made) as environ:
        told = script([commands for commands, _ in blocks], port)
        ran = subprocess.run(["sh", "-c", told], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for (commands, expected), printed in zip(blocks, ran.stdout.split(NEXT), strict=True):
        if expected:
            assert re.fullmatch(pattern(expected), printed.strip(), re.DOTALL), f"{commands}\nprinted\n{printed}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [name for name, _ in links if not (page.parent / name).exists()] == []
    assert [(name, place) for name, place in links if place and place not in places(page.parent / name)] == []


def test_every_page_is_reached_from_the_readme() -> None:
    readme = PAGES[0].read_text(encoding="utf-8")
    assert [page.name for page in PAGES[1:] if f"]({page.relative_to(ROOT)})" not in readme] == []


def places(page: Path) -> set[str]:
    """Name the places of a page that a link can lead to: its headings, in small letters, with hyphens for blanks."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_verb_stands_in_the_readme_with_its_line() -> None:
    readme = PAGES[0].read_text(encoding="utf-8")
    assert [verb for verb, line in VERBS.items() if f"| `{verb}` | {line} |" not in readme] == []


def verbs() -> Iterator[str]:
    """Name every verb with each of its options, as one types it: `comity ledger verify --key`."""
    context = click.Context(main)
    for name in VERBS:
        command = main.get_command(context, name)
        group = command if isinstance(command, click.Group) else None
        names = group.list_commands(context) if group else [""]
        parts = {part: group.get_command(context, part) if group else command for part in names}
        for part, one in parts.items():
            yield f"comity {name} {part}".strip()
            for parameter in one.params if one else []:
                yield from (f"{option}" for option in parameter.opts if option.startswith("--"))


def test_every_verb_and_every_option_is_on_a_page() -> None:
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [words for words in verbs() if words not in pages] == []
