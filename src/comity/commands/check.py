"""`comity check`: what a document says about states and instruments, against the register."""

import os
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from comity.acts import claims
from comity.claims.judging import Judgement
from comity.claims.reading import Unreadable
from comity.claims.register import Register
from comity.claims.scoring import Score
from comity.claims.statements import Statement
from comity.commands.output import BadInput, answer, data_option, json_option, show


@click.command()
@click.argument("document", type=click.Path(dir_okay=False, path_type=Path), metavar="DOCUMENT")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As of this day (YYYY-MM-DD). Else: today.")
@click.option("--score", "labels", type=click.Path(dir_okay=False, path_type=Path), metavar="LABELS",
              help="Compare with labels that a person wrote: precision and recall.")  # fmt: skip
@data_option
@json_option
def command(*, document: Path, on: datetime | None, labels: Path | None, data: Path, as_json: bool) -> None:
    """Find the claims of DOCUMENT (text, Markdown, HTML, PDF, DOCX) and say what the register makes of each.

    Exit code 1: at least one claim is contradicted or a category error (with --score: something was missed, wrong or
    false); 0: none is.
    """
    register = _register(data, (on or datetime.now(UTC)).date())
    try:
        found = claims.check(document.name, _content(document), register)
    except Unreadable as error:
        raise BadInput(f"{document}: {error}", "give text, Markdown, HTML, PDF or DOCX") from error
    if labels is not None:
        _score(found, labels, as_json=as_json)
        return
    value = {"document": str(document), "text": found.document.text, "statements": [told(one) for one in found.judged]}
    show(value, in_words(found), as_json=as_json)
    answer(not any(one.verdict in {"contradicted", "category error"} for one in found.judged))


def _register(data: Path, today: date) -> Register:
    """Give this node's register; where there is no node yet, the one that is shipped, and nothing is made."""
    if not (data / "schema").exists():
        return claims.register_value(today)
    return stored(data, today) or claims.register_value(today)


def stored(data: Path, today: date) -> Register | None:
    """Give the register of a node's home; what needs the store is loaded here."""
    os.environ["COMITY_DATA"] = str(data.expanduser().absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.settings")
    import_module("django").setup()
    import_module("comity.commands.node").open_home(data)
    found: Register | None = import_module("comity.acts.claim_register").read(today)
    return found


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(claims.LARGEST + 1)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "name a document that can be read") from error
    if len(content) > claims.LARGEST:
        raise BadInput(f"{path}: larger than {claims.LARGEST // 1_000_000} MB", "cut it into parts")
    return content


def told(one: Judgement) -> dict[str, Any]:
    """Give a judgement as plain values for JSON."""
    statement = one.statement
    named = {"subject": statement.subject, "object": statement.object, "partner": statement.partner}
    return {
        "verdict": one.verdict,
        "sense": statement.sense,
        "act": statement.act,
        **{key: {"name": value.text, "ref": value.ref} if value else None for key, value in named.items()},
        "denied": statement.negated,
        "when": str(statement.when) if statement.when else None,
        "as_of": str(statement.as_of) if statement.as_of else None,
        "topic": statement.topic,
        "said_by": statement.by,
        "sentence": statement.sentence,
        "start": statement.start,
        "end": statement.end,
        "words": [statement.at, statement.until],
        "grounds": [
            {"says": ground.says, "sources": [{"address": one.address, "read": one.read} for one in ground.sources]}
            for ground in one.grounds
        ],
        "would_settle": one.settles,
    }


def in_words(found: claims.Check) -> str:
    """Write a check for a reader."""
    if not found.judged:
        return "No statement of a kind that the register could speak to was found."
    return "\n\n".join(_judgement(one) for one in found.judged)


def _judgement(one: Judgement) -> str:
    statement = one.statement
    head = one.verdict.upper() if one.verdict is not None else f"NOT A CLAIM OF FACT ({statement.sense})"
    lines = [f"{head}: {claim(statement)}", f"  “{statement.sentence}” [{statement.start}–{statement.end}]"]
    for ground in one.grounds:
        lines.append(f"  because {ground.says}")
        lines += [f"    {source.address}{f', read {source.read}' if source.read else ''}" for source in ground.sources]
    if one.settles is not None:
        lines.append(f"  would settle it: {one.settles}")
    return "\n".join(lines)


def claim(statement: Statement) -> str:
    """Write what is claimed, in a line."""
    parts = [statement.subject.text if statement.subject else "", f"[{statement.act}]"]
    parts += [statement.object.text] if statement.object else []
    parts += [f"with {statement.partner.text}"] if statement.partner else []
    parts += [f"({statement.when})"] if statement.when else []
    parts += [f"as of {statement.as_of}"] if statement.as_of else []
    parts += [f"– {statement.topic}"] if statement.topic else []
    parts += ["– denied"] if statement.negated else []
    parts += [f"– said by {statement.by}"] if statement.by else []
    return " ".join(filter(None, parts))


def _score(found: claims.Check, path: Path, *, as_json: bool) -> None:
    try:
        labels = claims.read_labels(path)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}", "name a file of labels") from error
    except (claims.WrongLabels, Unreadable) as error:
        raise BadInput(str(error)) from error
    result = claims.score_check(found, labels)
    value = {"precision": result.precision, "recall": result.recall, "labels": result.labels, "found": result.found,
             "right": result.right, "missed": result.missed, "wrong": result.wrong, "false": result.false}  # fmt: skip
    show(value, _score_in_words(result), as_json=as_json)
    answer(not (result.missed or result.wrong or result.false))


def _score_in_words(result: Score) -> str:
    false, wrong = len(result.false), len(result.wrong)
    lines = [
        f"precision {result.precision:.3f}: {result.found} found, {false} false, {wrong} with another verdict",
        f"recall {result.recall:.3f}: {len(result.right)} of {result.labels} labels",
    ]
    for word, names in (("missed", result.missed), ("another verdict", result.wrong), ("false", result.false)):
        lines += [f"  {word}: {name}" for name in names]
    return "\n".join(lines)
