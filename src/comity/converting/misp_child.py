"""Run by the Python that has misp-stix: turns each event that comes as a line into a line of STIX 2.1 objects.

A line out is {"objects": [...], "lost": [...], "notes": [...]}, or {"failed": "why"} for an event that cannot be
converted.
"""

import json
import logging
import sys
from typing import Any

from misp_stix_converter import MISPtoSTIX21Parser
from misp_stix_converter.misp2stix.exceptions import MISPtoSTIXError
from pymisp import PyMISPError
from stix2.exceptions import STIXError
from stix2.serialization import STIXJSONEncoder

FAULTS = (MISPtoSTIXError, PyMISPError, STIXError, ArithmeticError, AssertionError, AttributeError, LookupError,
          RecursionError, TypeError, ValueError)  # fmt: skip


def short(message: str) -> str:
    """Return a message without the traceback in its middle: its first line and its last."""
    lines = [line.strip() for line in str(message).strip().splitlines() if line.strip()]
    return " ".join(lines if len(lines) < 2 else [lines[0], lines[-1]])[:300]  # noqa: PLR2004 - the first and the last


def converted(event: dict[str, Any]) -> dict[str, Any]:
    """Convert one event."""
    parser = MISPtoSTIX21Parser()
    try:
        parser.parse_misp_event(event)
        objects = list(parser.stix_objects)
    except FAULTS as error:
        return {"failed": short(f"{type(error).__name__}: {error}")}
    return {"objects": objects, "lost": told(parser.errors), "notes": told(parser.warnings)}


def told(messages: dict[str, list[str]]) -> list[str]:
    """Return all messages, each once."""
    return list(dict.fromkeys(short(one) for several in messages.values() for one in several))


def main() -> None:
    """Convert until there is nothing more."""
    logging.disable()  # what it logs comes back as messages too
    out, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer of ours
    for line in sys.stdin:
        out.write(json.dumps(converted(json.loads(line)), cls=STIXJSONEncoder) + "\n")  # at once: in C
        out.flush()


if __name__ == "__main__":
    main()
