"""Events of MISP as STIX 2.1 objects, by misp-stix, which the MISP project itself maintains and uses.

It pins versions that ours cannot live with, so it has an environment of its own below `.cache/beside`, made when it is
first needed.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from comity import beside, environment

HERE = Path(__file__).parent
LOCK = HERE / "misp.lock"
CHILD = HERE / "misp_child.py"


class ConverterLost(Exception):
    """The converter cannot be had, or ended before its work; the message says why. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of an event: its objects, what was lost, what is of note. `failed` says why there are none."""

    objects: list[dict[str, Any]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: str = ""


class Converter:
    """The child process; events go in one by one."""

    def __init__(self, child: "subprocess.Popen[bytes]", said: Any) -> None:  # noqa: ANN401 - an unnamed file
        """Take the process, and the file that its standard error goes to."""
        self._child, self._said = child, said
        self._read = msgspec.json.Decoder(Converted).decode

    def convert(self, event: dict[str, Any]) -> Converted:
        """Convert one event; ConverterLost when the process ends over it."""
        given, told = self._child.stdin, self._child.stdout
        if given is None or told is None:
            raise ConverterLost("the converter of MISP events has no way in or out")
        try:
            given.write(msgspec.json.encode(event) + b"\n")
            given.flush()
            line = told.readline()
        except BrokenPipeError:
            line = b""
        if not line.endswith(b"\n"):
            self._said.seek(0)
            last = beside.last_line(self._said.read())
            raise ConverterLost(f"the converter of MISP events ended over event {event.get('uuid')}: {last}. "
                                "Leave that event out; nothing was stored")  # fmt: skip
        return self._read(line)


@contextmanager
def converter() -> Iterator[Converter]:
    """Start the converter, its environment made where it is missing; end it afterwards."""
    try:
        python = beside.made("misp-stix", LOCK, environment.ROOT / ".cache" / "beside", "to convert MISP events")
    except beside.NotHad as error:
        raise ConverterLost(str(error)) from error
    command = [str(python), "-I", "-X", "utf8", str(CHILD)]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, env=beside.clean()
        ) as child,
    ):
        try:
            yield Converter(child, said)
        finally:
            child.kill()
