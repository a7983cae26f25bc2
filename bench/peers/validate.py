"""Run by the Python of stix2 and stix2-validator: judge each object that comes on standard input, tell times."""

import json
import sys
import time
from typing import Any

import stix2
import stix2.exceptions
from stix2validator import ValidationOptions, validate_instance
from stix2validator.errors import ValidationError


def timed(texts: list[str], work: Any) -> float:  # noqa: ANN401 - any function of a text
    """Return the seconds of processor time that *work* takes for all texts."""
    began = time.process_time()
    for text in texts:
        work(text)
    return time.process_time() - began


def main() -> None:
    """Answer one question."""
    asked = json.load(sys.stdin)
    options = ValidationOptions(version="2.1", disabled="all")

    def judged(text: str) -> bool:
        try:
            return bool(validate_instance(json.loads(text), options).is_valid)
        except ValidationError:
            return False

    def parsed(text: str) -> bool:
        try:
            stix2.parse(text, allow_custom=True, version="2.1")
        except (stix2.exceptions.STIXError, ValueError, KeyError, TypeError, AttributeError):
            return False
        return True

    found: dict[str, Any] = {name: {"validator": timed(texts[: asked["few"]], judged), "parse": timed(texts, parsed)}
                             for name, texts in asked["sets"].items()}  # fmt: skip
    corpus = asked["corpus"]
    found["verdicts"] = {"validator": [judged(text) for text in corpus], "parse": [parsed(text) for text in corpus]}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
