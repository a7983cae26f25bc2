"""Run by the Python of stix2 and stix2-validator: judge the objects of each line of standard input.

A line is a word that says by what, and a JSON list of texts; the answer is one with the seconds of processor time and
each verdict.
"""

import json
import sys
import time

import stix2
import stix2.exceptions
from stix2validator import ValidationOptions, validate_instance
from stix2validator.errors import ValidationError

OPTIONS = ValidationOptions(version="2.1", disabled="all")


def judged(text: str) -> bool:
    """Judge an object by stix2-validator."""
    try:
        return bool(validate_instance(json.loads(text), OPTIONS).is_valid)
    except ValidationError:
        return False


def parsed(text: str) -> bool:
    """Judge an object by whether stix2 reads it."""
    try:
        stix2.parse(text, allow_custom=True, version="2.1")
    except (stix2.exceptions.STIXError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return True


def main() -> None:
    """Answer as long as there are questions."""
    for line in sys.stdin:
        how, texts = line.split(maxsplit=1)
        work, asked = {"parse": parsed, "validator": judged}[how], json.loads(texts)
        began = time.process_time()
        verdicts = [work(text) for text in asked]
        print(json.dumps([time.process_time() - began, verdicts]), flush=True)


if __name__ == "__main__":
    main()
